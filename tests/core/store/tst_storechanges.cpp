// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/records.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace portolan;
using namespace portolan::store;

class TestStoreChanges : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    int m_count = 0;

    std::filesystem::path freshDirectory()
    {
        return std::filesystem::path(m_home.path().toStdString()) / std::to_string(++m_count);
    }

private slots:
    void keepsAccountsKeysAndSettings()
    {
        const auto directory = freshDirectory();
        AccountRow account{
            .slug = "openai",
            .provider = "openai",
            .name = "Work",
            .base_url = "https://api.example/v1",
            .settings_json = "{}",
            .sealed = std::string("\x00\x01\xff sealed", 10),
            .last_four = "...kQ4A",
            .enabled = false,
            .created_us = 1,
            .rotated_us = 2,
            .notice = "401",
        };
        ClientKeyRow key{
            .name = "laptop",
            .token_hash = std::string(32, '\xee'),
            .last_four = "...9f2c",
            .scopes = {"use", "admin"},
            .created_us = 3,
            .expires_us = 4,
            .last_used_us = 5,
            .settings_json = "{}",
        };
        VirtualKeyRow second{.slug = "openai-team", .enabled = false, .expires_us = 6, .models_json = "[]"};
        {
            const auto store = openStore(directory);
            const auto done = store->changeAndWait([&](Changes &changes) -> Result<> {
                account.id = *changes.insertAccount(account);
                second.account = account.id;
                second.id = *changes.insertVirtualKey(second);
                key.id = *changes.insertClientKey(key);
                return changes.setSetting("capture", "full");
            });
            QVERIFY(done);
        }
        const auto store = openStore(directory);
        const auto reader = std::move(*store->openReader());
        QCOMPARE(*reader->accounts(), std::vector{account});
        const VirtualKeyRow first{.id = {1}, .slug = "openai", .account = account.id, .created_us = 1};
        QCOMPARE(*reader->virtualKeys(), (std::vector{first, second}));
        QCOMPARE(*reader->clientKeys(), std::vector{key});
        QCOMPARE(*reader->settings(), (std::map<std::string, std::string>{{"capture", "full"}}));
    }

    void keepsEveryVersionOfAConfig()
    {
        const auto directory = freshDirectory();
        ConfigRow config{
            .slug = "pc-nightly-3f9a2c",
            .name = "nightly",
            .created_us = 1,
            .updated_us = 1,
            .current
            = {.version = 1, .text = "{\"retry\": {}}\n", .note = "first", .author = "window", .saved_us = 1},
        };
        const auto first = config.current;
        const ConfigVersionRow second{
            .version = 2, .text = "{ }", .note = "", .author = "laptop", .saved_us = 2};
        std::vector<int> numbers;
        {
            const auto store = openStore(directory);
            const auto done = store->changeAndWait([&](Changes &changes) -> Result<> {
                config.id = *changes.insertConfig(config);
                for (const auto &version : {first, second, second}) {
                    const auto number = changes.saveConfigVersion(config.id, version);
                    if (!number)
                        return fail(number.error());
                    numbers.push_back(*number);
                }
                return {};
            });
            QVERIFY(done);
        }
        QCOMPARE(numbers, (std::vector{1, 2, 2})); // the same text again makes none
        config.current = second;
        config.updated_us = 2;
        const auto store = openStore(directory);
        const auto reader = std::move(*store->openReader());
        QCOMPARE(*reader->configs(), std::vector{config});
        QCOMPARE(**reader->configVersion(config.id, 1), first);
        QCOMPARE(**reader->configVersion(config.id, 2), second);
        QVERIFY(!*reader->configVersion(config.id, 3));
        auto bare_first = first;
        auto bare_second = second;
        bare_first.text.clear();
        bare_second.text.clear();
        QCOMPARE(*reader->configVersions(config.id), (std::vector{bare_second, bare_first}));

        config.name = "weekly";
        config.archived = true;
        config.updated_us = 3;
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            if (auto done = changes.updateConfig({.id = config.id, .name = "weekly", .updated_us = 3}); !done)
                return done;
            return changes.updateConfig({.id = config.id, .archived = true, .updated_us = 3});
        }));
        QCOMPARE(*reader->configs(), std::vector{config});
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.removeConfig(config.id); }));
        QVERIFY(reader->configs()->empty());
        QVERIFY(reader->configVersions(config.id)->empty());
    }

    void theOldestVersionsGo()
    {
        const auto store = openStore(freshDirectory());
        ConfigId id;
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            id = *changes.insertConfig({.slug = "pc-a-1", .current = {.version = 1, .text = "0"}});
            for (int i = 1; i < kMostConfigVersions + 5; ++i) {
                if (auto saved = changes.saveConfigVersion(id, {.text = std::to_string(i)}); !saved)
                    return fail(saved.error());
            }
            return {};
        }));
        const auto versions = *(*store->openReader())->configVersions(id);
        QCOMPARE(versions.size(), std::size_t(kMostConfigVersions));
        QCOMPARE(versions.front().version, kMostConfigVersions + 5);
    }

    void aConfigThatKeysUseStays()
    {
        const auto store = openStore(freshDirectory());
        ConfigId used;
        ClientKeyRow key{.name = "laptop",
                         .token_hash = "a",
                         .settings_json = R"({"default_config":"pc-used-1","allow_config_override":false})"};
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            used = *changes.insertConfig({.slug = "pc-used-1", .current = {.version = 1, .text = "{}"}});
            key.id = *changes.insertClientKey(key);
            (void)*changes.insertClientKey({.name = "plain", .token_hash = "b"});
            (void)*changes.insertClientKey({.name = "odd", .token_hash = "c", .settings_json = "not JSON"});
            return {};
        }));
        const auto removed
            = store->changeAndWait([&](Changes &changes) { return changes.removeConfig(used); });
        QCOMPARE(removed.error().code, "store.config_in_use");
        QVERIFY(removed.error().message.contains("\"laptop\""));
        QVERIFY(!removed.error().message.contains("odd"));

        key.settings_json.clear();
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.updateClientKey(key); }));
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.removeConfig(used); }));
        key.settings_json = R"({"default_config":"pc-used-1"})";
        const auto back
            = store->changeAndWait([&](Changes &changes) { return changes.updateClientKey(key); });
        QCOMPARE(back.error().code, "store.no_such_config");
        key.token_hash = "d";
        const auto fresh = store->changeAndWait([&](Changes &changes) -> Result<> {
            if (auto id = changes.insertClientKey(key); !id)
                return fail(id.error());
            return {};
        });
        QCOMPARE(fresh.error().code, "store.no_such_config");
    }

    void whatIsNotThereCannotBeChanged()
    {
        const auto store = openStore(freshDirectory());
        const auto saved = store->changeAndWait([](Changes &changes) -> Result<> {
            if (auto version = changes.saveConfigVersion({7}, {.text = "{}"}); !version)
                return fail(version.error());
            return {};
        });
        QCOMPARE(saved.error().code, "store.not_found");
        for (const auto &job : std::vector<std::function<Result<>(Changes &)>>{
                 [](Changes &changes) { return changes.updateConfig({.id = {7}, .name = "a"}); },
                 [](Changes &changes) { return changes.removeConfig({7}); }})
            QCOMPARE(store->changeAndWait(job).error().code, "store.not_found");
    }

    void keepsTheModelsOfAnAccountUntilItGoes()
    {
        const auto directory = freshDirectory();
        AccountModelsRow first{.models = {{.id = "us.anthropic.claude-3-haiku:0"},
                                          {.id = "amazon.nova-pro-v1:0", .context = 300'000},
                                          {.id = "odd=7"},
                                          {.id = "odder=", .context = 1}},
                               .listed_us = 7};
        AccountModelsRow second{.models = {}, .listed_us = 8};
        {
            const auto store = openStore(directory);
            QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
                first.account = *changes.insertAccount({.slug = "aws"});
                second.account = *changes.insertAccount({.slug = "empty"});
                if (auto old
                    = changes.setAccountModels({.account = first.account, .models = {{.id = "old"}}});
                    !old)
                    return old;
                if (auto set = changes.setAccountModels(second); !set)
                    return set;
                return changes.setAccountModels(first);
            }));
        }
        const auto store = openStore(directory);
        const auto reader = std::move(*store->openReader());
        QCOMPARE(*reader->accountModels(), (std::vector{first, second}));
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            if (auto forgotten = changes.removeAccountModels(second.account); !forgotten)
                return forgotten;
            return changes.removeAccount(first.account);
        }));
        QVERIFY(reader->accountModels()->empty());
    }

    void keepsWhatAnOwnerSaysOfModels()
    {
        const auto directory = freshDirectory();
        ModelChoiceRow own{.model = "my-model", .own = true, .context = 8'192, .edited_us = 5};
        ModelChoiceRow priced{.model = "gpt-4o",
                              .price_in = 2'700'000'000,
                              .price_out = 13'500'000'000,
                              .price_cache_read = 0,
                              .source = "contract of May, \"net\"",
                              .edited_us = 6};
        AccountId other;
        {
            const auto store = openStore(directory);
            QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
                own.account = priced.account = *changes.insertAccount({.slug = "openai"});
                other = *changes.insertAccount({.slug = "other"});
                for (const auto &row :
                     {ModelChoiceRow{.account = own.account, .model = "gpt-4o"}, own, priced,
                      ModelChoiceRow{.account = other, .model = "gpt-4o", .enabled = false}}) {
                    if (auto set = changes.setModelChoice(row); !set)
                        return set;
                }
                return changes.removeModelChoice(other, "gpt-4o");
            }));
            QVERIFY(!store->changeAndWait(
                [](Changes &changes) { return changes.setModelChoice({.account = {42}, .model = "m"}); }));
        }
        const auto store = openStore(directory);
        const auto reader = std::move(*store->openReader());
        QCOMPARE(*reader->modelChoices(), (std::vector{priced, own}));
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.removeAccount(own.account); }));
        QVERIFY(reader->modelChoices()->empty());
    }

    void noModelsAreKeptOfAnAccountThatIsGone()
    {
        const auto store = openStore(freshDirectory());
        QVERIFY(!store->changeAndWait([](Changes &changes) {
            return changes.setAccountModels({.account = {42}, .models = {{.id = "m"}}});
        }));
        QVERIFY((*store->openReader())->accountModels()->empty());
    }

    void aChangeThatFailsLeavesNothing()
    {
        const auto store = openStore(freshDirectory());
        const auto done = store->changeAndWait([](Changes &changes) -> Result<> {
            (void)changes.setSetting("a", "b");
            (void)changes.insertAccount({.slug = "openai"});
            return fail({.code = "test.no", .message = "No."});
        });
        QVERIFY(!done);
        QCOMPARE(done.error().code, "test.no");
        const auto reader = std::move(*store->openReader());
        QVERIFY(reader->settings()->empty());
        QVERIFY(reader->accounts()->empty());
        QVERIFY(reader->virtualKeys()->empty());
    }

    void slugsAreUniqueOverAccountsAndKeys()
    {
        const auto store = openStore(freshDirectory());
        const auto done = store->changeAndWait([](Changes &changes) -> Result<> {
            const auto account = changes.insertAccount({.slug = "openai"});
            const auto other = changes.insertAccount({.slug = "azure"});
            const auto key = changes.insertVirtualKey({.slug = "team", .account = *account});
            if (!account || !other || !key)
                return fail({.code = "test.insert"});
            for (const char *taken : {"openai", "azure", "team"}) {
                const auto again = changes.insertAccount({.slug = taken});
                const auto keyAgain = changes.insertVirtualKey({.slug = taken, .account = *other});
                if (again || again.error().code != "store.slug_taken")
                    return fail({.code = "test.account", .message = taken});
                if (keyAgain || keyAgain.error().code != "store.slug_taken")
                    return fail({.code = "test.key", .message = taken});
            }
            const auto renamed = changes.updateAccount({.id = *other, .slug = "team"});
            if (renamed || renamed.error().code != "store.slug_taken")
                return fail({.code = "test.rename"});
            return changes.updateAccount({.id = *other, .slug = "azure-2"}); // and its first key with it
        });
        QVERIFY2(done.has_value(), done ? "" : done.error().code.c_str());
        std::set<std::string> slugs;
        for (const auto &key : *(*store->openReader())->virtualKeys())
            slugs.insert(key.slug);
        QCOMPARE(slugs, (std::set<std::string>{"openai", "azure-2", "team"}));
    }

    void whatIsRecordedOfAChangeIsKeptOrLostWithIt()
    {
        const auto store = openStore(freshDirectory());
        AuditRow row{.at_us = 5,
                     .actor_kind = "admin key",
                     .actor = "boss",
                     .action = "update",
                     .resource = "settings",
                     .name = "a",
                     .before = "{}",
                     .after = "{\"a\":\"b\"}"};
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            if (auto done = changes.setSetting("a", "b"); !done)
                return done;
            return changes.addAudit(row);
        }));
        QVERIFY(!store->changeAndWait([&](Changes &changes) -> Result<> {
            (void)changes.addAudit(row);
            return changes.removeAccount({77}); // is not there: nothing of this holds
        }));
        const auto reader = std::move(*store->openReader());
        row.id = 1;
        QCOMPARE(*reader->audit({}), std::vector{row});
        QCOMPARE(*reader->auditCount({}), 1);
        QCOMPARE(*reader->auditCount({.from_us = 6}), 0);
        QCOMPARE(*reader->auditCount({.to_us = 5}), 0);
        QCOMPARE(*reader->auditCount({.actor = "boss", .resource = "settings", .from_us = 5, .to_us = 6}), 1);
        QVERIFY(reader->audit({.before = 1})->empty());
    }

    void changesAndRemovesAccountsAndKeys()
    {
        const auto store = openStore(freshDirectory());
        AccountRow account{.slug = "openai", .sealed = "old", .created_us = 1};
        ClientKeyRow key{.name = "laptop", .token_hash = "h", .scopes = {"use"}};
        VirtualKeyRow virtualKey{.slug = "team"};
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            virtualKey.account = account.id = *changes.insertAccount(account);
            virtualKey.id = *changes.insertVirtualKey(virtualKey);
            key.id = *changes.insertClientKey(key);
            account.sealed = "new";
            account.rotated_us = 2;
            virtualKey.limits_json = "{}";
            key.enabled = false;
            if (auto done = changes.updateAccount(account); !done)
                return done;
            if (auto done = changes.updateVirtualKey(virtualKey); !done)
                return done;
            return changes.updateClientKey(key);
        }));
        const auto reader = std::move(*store->openReader());
        QCOMPARE(reader->accounts()->front(), account);
        QCOMPARE(reader->virtualKeys()->back(), virtualKey);
        QCOMPARE(reader->clientKeys()->front(), key);

        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            if (auto done = changes.removeVirtualKey(virtualKey.id); !done)
                return done;
            if (auto done = changes.removeClientKey(key.id); !done)
                return done;
            return changes.removeAccount(account.id);
        }));
        QVERIFY(reader->accounts()->empty());
        QVERIFY(reader->virtualKeys()->empty());
        QVERIFY(reader->clientKeys()->empty());
        const auto again
            = store->changeAndWait([&](Changes &changes) { return changes.removeAccount(account.id); });
        QVERIFY(!again);
        QCOMPARE(again.error().code, "store.not_found");

        AccountId next;
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            next = *changes.insertAccount({.slug = "openai"});
            return {};
        }));
        QVERIFY(next != account.id); // what is sealed for an id must not open for another account
    }
};

QTEST_GUILESS_MAIN(TestStoreChanges)
#include "tst_storechanges.moc"

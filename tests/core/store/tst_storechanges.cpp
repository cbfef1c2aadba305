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

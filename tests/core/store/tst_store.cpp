// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/records.h"

#include "core/trace/requestrow.h"

#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace portolan;
using namespace portolan::store;

class TestStore : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    int m_count = 0;

    std::filesystem::path freshDirectory()
    {
        return std::filesystem::path(m_home.path().toStdString()) / std::to_string(++m_count);
    }

private slots:
    void bringsBackEveryFieldOfARecord()
    {
        const auto store = openStore(freshDirectory());
        const auto id = nowUs();
        auto record = fullRecord(id);
        QVERIFY(store->tryAppend(record));
        store->flush();

        const auto reader = store->openReader();
        QVERIFY(reader);
        const auto detail = (*reader)->request({id});
        QVERIFY(detail && *detail);
        QVERIFY(areEqual((*detail)->record, fullRecord(id)));
        QVERIFY(!(*detail)->bodies_expired);
        QVERIFY(!*(*reader)->request({id + 1}));
    }

    void theListShowsTheRowOfARecord()
    {
        const auto store = openStore(freshDirectory());
        const auto id = nowUs();
        auto record = fullRecord(id);
        auto expected = trace::rowOf(record);
        expected.error_message = std::string(299, 'e'); // one line of it: the é would be cut in two
        store->appendShedding(std::move(record));
        store->flush();
        const auto page = (*store->openReader())->page({});
        QVERIFY(page);
        QCOMPARE(page->size(), 1U);
        QCOMPARE(page->front(), expected);
    }

    void pagesByKeysetNewestFirst()
    {
        const auto store = openStore(freshDirectory());
        const auto first = nowUs();
        for (int i = 0; i < 500; ++i) {
            auto record = plainRecord(first + i);
            if (i % 10 == 3)
                record.outcome = trace::Outcome::Error;
            store->appendShedding(std::move(record));
        }
        store->flush();
        const auto reader = std::move(*store->openReader());
        PageQuery query{.limit = 120};
        std::vector<std::int64_t> seen;
        while (true) {
            const auto page = reader->page(query);
            QVERIFY(page);
            if (page->empty())
                break;
            for (const auto &row : *page)
                seen.push_back(row.id.value);
            query.before = page->back().id;
        }
        QCOMPARE(seen.size(), 500U);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(seen[std::size_t(i)], first + 499 - i);

        QCOMPARE(reader->page({.errors_only = true})->size(), 50U);
        QCOMPARE(reader->page({.from_us = first + 100, .to_us = first + 149})->size(), 50U);
    }

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
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"

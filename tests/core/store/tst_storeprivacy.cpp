// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/records.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace portolan;
using namespace portolan::store;
using trace::CaptureLevel;
using trace::Outcome;

namespace fs = std::filesystem;

namespace {

const std::string kPrompt = "canary-prompt-7f3a91c2";
const std::string kError = "canary-error-51d0e8b6";
const std::string kMetadata = "canary-metadata-90ab44e1";
const std::string kSecret = "sk-canary-0123456789abcdefghijklmnop";

// Long enough to leave the row for a page of its own, and of a kind that zstd leaves readable.
std::string bodyWithCanary()
{
    return R"({"messages":[{"content":")" + kPrompt + R"("}]})";
}

trace::Record recordWithCanaries(std::int64_t id, CaptureLevel capture, Outcome outcome)
{
    auto record = fullRecord(id);
    record.capture = capture;
    record.outcome = outcome;
    record.error_message = kError;
    record.metadata = {{"user", kMetadata}};
    record.request_body = trace::Body{bodyWithCanary(), "application/json", bodyWithCanary().size()};
    record.response_body = record.request_body;
    record.attempts[0].error_message = kError;
    return record;
}

constexpr std::int64_t kDayUs = 86'400'000'000;

std::size_t rowsIn(Store &store)
{
    return (*store.openReader())->page({.limit = 10'000})->size();
}

} // namespace

class TestStorePrivacy : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    int m_count = 0;

    fs::path freshDirectory() { return fs::path(m_home.path().toStdString()) / std::to_string(++m_count); }

private slots:
    void keepsNoMoreThanTheCaptureLevelAllows_data()
    {
        QTest::addColumn<int>("capture");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<bool>("bodies");
        QTest::addColumn<bool>("texts");
        const auto row
            = [](const char *name, CaptureLevel capture, Outcome outcome, bool bodies, bool texts) {
                  QTest::newRow(name) << int(capture) << int(outcome) << bodies << texts;
              };
        row("off", CaptureLevel::Off, Outcome::Ok, false, false);
        row("off, failed", CaptureLevel::Off, Outcome::Error, false, false);
        row("metadata", CaptureLevel::Metadata, Outcome::Ok, false, true);
        row("metadata, failed", CaptureLevel::Metadata, Outcome::Error, false, true);
        row("errors", CaptureLevel::Errors, Outcome::Ok, false, true);
        row("errors, failed", CaptureLevel::Errors, Outcome::Error, true, true);
        row("errors, timed out", CaptureLevel::Errors, Outcome::TimedOut, true, true);
        row("errors, client gone", CaptureLevel::Errors, Outcome::Cancelled, false, true);
        row("full", CaptureLevel::Full, Outcome::Ok, true, true);
    }

    void keepsNoMoreThanTheCaptureLevelAllows()
    {
        QFETCH(int, capture);
        QFETCH(int, outcome);
        QFETCH(bool, bodies);
        QFETCH(bool, texts);
        const auto directory = freshDirectory();
        auto store = openStore(directory);
        const auto id = nowUs();
        store->appendShedding(recordWithCanaries(id, CaptureLevel(capture), Outcome(outcome)));
        store->flush();
        const auto detail = *(*store->openReader())->request({id});
        QVERIFY(detail);
        QCOMPARE(detail->record.request_body.has_value(), bodies);
        QCOMPARE(detail->record.response_body.has_value(), bodies);
        QVERIFY(!detail->bodies_expired);
        QCOMPARE(detail->record.metadata.size(), texts ? 1U : 0U);
        QCOMPARE(detail->record.request_headers.empty(), !texts);
        QCOMPARE(detail->record.usage, fullRecord(id).usage);
        QCOMPARE(detail->record.attempts.size(), 2U);

        // Before and after the WAL is folded in.
        const auto sweep = [&] {
            QCOMPARE(fileWith(directory, kPrompt).empty(), !bodies);
            QCOMPARE(fileWith(directory, kError).empty(), !texts);
            QCOMPARE(fileWith(directory, kMetadata).empty(), !texts);
        };
        sweep();
        store.reset();
        sweep();
    }

    void masksSecretsInEveryText()
    {
        const auto directory = freshDirectory();
        auto store = openStore(directory);
        auto secret = std::make_shared<const SecretBytes>(SecretBytes::copy(kSecret));
        store->setRedactor(std::make_shared<const Redactor>(std::vector<SharedSecret>{secret}));
        const auto id = nowUs();
        auto record = fullRecord(id);
        const std::string text = "Incorrect API key provided: " + kSecret + ".";
        for (const auto field :
             {&trace::Record::error_message, &trace::Record::note, &trace::Record::path,
              &trace::Record::model_asked, &trace::Record::program, &trace::Record::trace_id,
              &trace::Record::finish_reason, &trace::Record::guardrails})
            record.*field = text;
        for (const auto field : {&trace::Attempt::error_message, &trace::Attempt::then,
                                 &trace::Attempt::model, &trace::Attempt::provider_request_id})
            record.attempts[0].*field = text;
        record.metadata = {{kSecret, kSecret}};
        record.request_headers = {{"authorization", "Bearer " + kSecret}, {"user-agent", kSecret}};
        record.attempts[0].response_headers = {{"x-echo", kSecret}, {"content-type", kSecret}};
        record.request_body = trace::Body{text, kSecret, text.size()};
        record.response_body = trace::Body{text, "text/plain", text.size() + 5};
        store->appendShedding(std::move(record));
        store->flush();

        const auto detail = *(*store->openReader())->request({id});
        QVERIFY(detail);
        QVERIFY(!detail->record.request_body->text.contains(kSecret));
        QVERIFY(detail->record.request_body->text.starts_with("Incorrect API key provided: "));
        QVERIFY(!detail->record.request_body->isCut());
        QVERIFY(detail->record.response_body->isCut());
        QCOMPARE(detail->record.request_headers[0].value, "[redacted]");
        QCOMPARE(fileWith(directory, kSecret), "");
        store.reset();
        QCOMPARE(fileWith(directory, kSecret), "");
    }

    void masksASecretInWhicheverTextItStandsAlone_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("value");
        QTest::newRow("behind a text that ends in a letter") << std::string("user") << kSecret;
        QTest::newRow("in a name") << kSecret << std::string("x");
        QTest::newRow("behind an empty one") << std::string() << kSecret;
        // The length of the text is a character that keys have, too.
        QTest::newRow("of 65 bytes") << std::string("user")
                                     << kSecret + std::string(65 - kSecret.size(), 'x');
        QTest::newRow("an AWS key id of the shortest kind")
            << std::string("user") << "AKIA" + std::string("IOSFODNN7EXAMPLE");
    }

    void masksASecretInWhicheverTextItStandsAlone()
    {
        QFETCH(std::string, name);
        QFETCH(std::string, value);
        const std::string secret = name.starts_with("sk-") ? name : value;
        const auto directory = freshDirectory();
        auto store = openStore(directory);
        for (int place = 0; place < 3; ++place) {
            auto record = plainRecord(nowUs() + place);
            const trace::Pairs pairs{{"tail", "A"}, {name, value}, {"A", "b"}};
            if (place == 0)
                record.metadata = pairs;
            else if (place == 1)
                record.attempts[0].chosen_by = secret;
            else
                record.attempts[0].response_headers = {{"content-type", secret}};
            store->appendShedding(std::move(record));
        }
        store->flush();
        store.reset();
        QCOMPARE(fileWith(directory, secret), "");
    }

    void removedRequestsLeaveNoBytes()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        const auto first = nowUs();
        for (int i = 0; i < 50; ++i) {
            auto record = plainRecord(first + i);
            if (i % 10 == 5)
                record = recordWithCanaries(first + i, CaptureLevel::Full, Outcome::Error);
            store->appendShedding(std::move(record));
        }
        store->flush();
        QVERIFY(!fileWith(directory, kPrompt).empty());
        std::vector<RequestId> ids;
        for (int i = 5; i < 50; i += 10)
            ids.push_back({first + i});
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.removeRequests(ids); }));
        QCOMPARE(rowsIn(*store), 45U);
        QTRY_COMPARE(fileWith(directory, kPrompt), "");
        QCOMPARE(fileWith(directory, kError), "");
        QCOMPARE(fileWith(directory, kMetadata), "");
        QCOMPARE(*(*store->openReader())->requestCount(), 50U); // the sums stay
    }

    void removingAllHidesAtOnceAndLeavesNoBytes()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        const auto first = nowUs();
        for (int i = 0; i < 3'000; ++i)
            store->appendShedding(recordWithCanaries(first + i, CaptureLevel::Full, Outcome::Ok));
        store->flush();
        const auto full = fs::file_size(directory / "portolan.db-wal");
        QVERIFY(store->changeAndWait([](Changes &changes) { return changes.removeAllRequests(); }));
        QCOMPARE(rowsIn(*store), 0U);
        QVERIFY(!*(*store->openReader())->request({first}));
        const auto later = nowUs();
        store->appendShedding(plainRecord(later));
        store->flush();
        QCOMPARE(rowsIn(*store), 1U);
        QTRY_COMPARE_WITH_TIMEOUT(fileWith(directory, kPrompt), "", 20'000);
        QCOMPARE(fileWith(directory, kMetadata), "");
        QVERIFY(*(*store->openReader())->request({later}));
        QTRY_COMPARE_LT(fs::file_size(directory / "portolan.db"), full / 4); // the space is given back
    }

    void aRemovalGoesOnAfterARestart()
    {
        const auto directory = freshDirectory();
        {
            const auto store = openStore(directory);
            const auto first = nowUs();
            for (int i = 0; i < 4'000; ++i)
                store->appendShedding(recordWithCanaries(first + i, CaptureLevel::Full, Outcome::Ok));
            store->flush();
            QVERIFY(store->changeAndWait([](Changes &changes) { return changes.removeAllRequests(); }));
        }
        const auto store = openStore(directory);
        QCOMPARE(rowsIn(*store), 0U);
        QTRY_COMPARE_WITH_TIMEOUT(fileWith(directory, kPrompt), "", 20'000);
    }

    void retentionByAgeTakesRowsAndBodies()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        const auto now = nowUs();
        constexpr int kOld = 1'300;
        for (int i = 0; i < kOld; ++i)
            store->appendShedding(recordWithCanaries(now - 91 * kDayUs + i, CaptureLevel::Full, Outcome::Ok));
        const auto month = now - 31 * kDayUs;
        store->appendShedding(recordWithCanaries(month, CaptureLevel::Full, Outcome::Ok));
        store->appendShedding(plainRecord(now));
        store->flush();
        store->setRetention({});
        QTRY_COMPARE_WITH_TIMEOUT(rowsIn(*store), 2U, 20'000);
        const auto reader = std::move(*store->openReader());
        QTRY_VERIFY((*reader->request({month}))->bodies_expired);
        QVERIFY(!(*reader->request({month}))->record.request_body);
        QVERIFY((*reader->request({now}))->record.request_body);
        QTRY_COMPARE_WITH_TIMEOUT(fileWith(directory, kPrompt), "", 20'000);
        QCOMPARE(*reader->requestCount(), std::uint64_t(kOld + 2)); // rollups stay
    }

    void retentionBySizeTakesTheOldestBodies()
    {
        const auto store = openStore(freshDirectory());
        const auto first = nowUs();
        constexpr int kRecords = 600;
        for (int i = 0; i < kRecords; ++i)
            store->appendShedding(plainRecord(first + i));
        store->flush();
        store->setRetention({.bodies_bytes = 20'000});
        const auto reader = std::move(*store->openReader());
        QTRY_VERIFY_WITH_TIMEOUT((*reader->request({first}))->bodies_expired, 20'000);
        QVERIFY((*reader->request({first + kRecords - 1}))->record.response_body);
        QCOMPARE(rowsIn(*store), std::size_t(kRecords));
    }

    void filesAreTheOwnersAloneWhateverTheUmask()
    {
        const auto before = umask(0);
        const auto directory = freshDirectory() / "data";
        auto store = openStore(directory);
        store->appendShedding(fullRecord(nowUs()));
        (void)store->changeAndWait([](Changes &changes) { return changes.setSetting("a", "b"); });
        store->flush();
        const auto check = [&directory](std::size_t files) {
            struct stat status{};
            QCOMPARE(stat(directory.c_str(), &status), 0);
            QCOMPARE(status.st_mode & 07777U, 0700U);
            std::size_t seen = 0;
            for (const auto &entry : fs::directory_iterator(directory)) {
                QCOMPARE(stat(entry.path().c_str(), &status), 0);
                QVERIFY2((status.st_mode & 07777U) == 0600U, entry.path().c_str());
                ++seen;
            }
            QCOMPARE_GE(seen, files);
        };
        check(5); // database, WAL, its index, copy, lock
        store.reset();
        check(3);
        umask(before);
    }

    void closesADirectoryThatWasOpen()
    {
        const auto directory = freshDirectory();
        fs::create_directory(directory);
        fs::permissions(directory, fs::perms::all);
        const auto store = openStore(directory);
        QCOMPARE(fs::status(directory).permissions(), fs::perms::owner_all);
    }
};

QTEST_GUILESS_MAIN(TestStorePrivacy)
#include "tst_storeprivacy.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/chunked.h"
#include "core/http/deadlines.h"
#include "core/http/exchange.h"
#include "core/http/pathform.h"

#include <boost/asio/post.hpp>

#include <QTest>

using namespace portolan::http;
using namespace std::chrono_literals;

class TestParsing : public QObject
{
    Q_OBJECT

private:
    /// The decoded body, fed in pieces of that size; "refused" when it is.
    static std::string decode(std::string_view bytes, std::size_t piece)
    {
        ChunkedDecoder decoder({.line = 64, .trailers = 3});
        std::string body;
        while (!bytes.empty() && !decoder.done()) {
            auto part = bytes.substr(0, piece);
            bytes.remove_prefix(part.size());
            while (!part.empty() && !decoder.done()) {
                const auto step = decoder.next(part);
                if (!step)
                    return "refused";
                body += step->data;
                part.remove_prefix(step->used);
            }
        }
        return decoder.done() ? body + "|" + std::string(bytes) : body + "...";
    }

private slots:
    void decodesChunksHoweverTheyAreCut_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("body");
        const auto row = [](const char *name, std::string bytes, std::string body) {
            QTest::newRow(name) << std::move(bytes) << std::move(body);
        };
        row("one chunk", "3\r\nabc\r\n0\r\n\r\n", "abc|");
        row("two chunks", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde|");
        row("capital digits", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789|");
        row("eight digits", "00000003\r\nabc\r\n0\r\n\r\n", "abc|");
        row("extension dropped", "3;a=b\r\nabc\r\n0;x\r\n\r\n", "abc|");
        row("trailers dropped", "3\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n", "abc|");
        row("empty body", "0\r\n\r\n", "|");
        row("no end", "3\r\nabc\r\n0\r\n", "abc...");
        row("too many trailers", "0\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", "refused");
        row("trailers too long together",
            "0\r\nA: " + std::string(40, 'x') + "\r\nB: " + std::string(40, 'x') + "\r\n\r\n", "refused");
    }

    void decodesChunksHoweverTheyAreCut()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, body);
        for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
            QCOMPARE(decode(bytes, piece), body);
    }

    void leavesWhatFollowsTheBody()
    {
        ChunkedDecoder decoder({});
        const std::string_view bytes = "0\r\n\r\nGET / HTTP/1.1";
        const auto step = decoder.next(bytes);
        QVERIFY(step && decoder.done());
        QCOMPARE(std::string(bytes.substr(step->used)), std::string("GET / HTTP/1.1"));
    }

    void givesEveryPathOneForm_data()
    {
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("normal");
        QTest::newRow("plain") << std::string("/v1/models") << std::string("/v1/models");
        QTest::newRow("escaped letter") << std::string("/%761/models") << std::string("/v1/models");
        QTest::newRow("lower-case escape") << std::string("/a%c3%a4") << std::string("/a%C3%A4");
        QTest::newRow("escaped percent") << std::string("/a%252e") << std::string("/a%252e");
        QTest::newRow("dots in a name") << std::string("/..a/b..") << std::string("/..a/b..");
        QTest::newRow("colon and at") << std::string("/models/a:b@c") << std::string("/models/a:b@c");
    }

    void givesEveryPathOneForm()
    {
        QFETCH(std::string, path);
        QFETCH(std::string, normal);
        QCOMPARE(normalPath(path).value_or("refused"), normal);
        QCOMPARE(normalPath(normal).value_or("refused"), normal);
    }

    void fieldsIgnoreCase()
    {
        Fields fields;
        fields.add("Content-Type", "text/plain");
        fields.add("X-A", "1");
        fields.add("x-a", "2");
        QCOMPARE(std::string(fields.find("content-type").value_or("")), std::string("text/plain"));
        QCOMPARE(std::string(fields.find("X-a").value_or("")), std::string("1"));
        QCOMPARE(fields.count("x-A"), std::size_t(2));
        QVERIFY(!fields.find("x-b"));
        QVERIFY(!isFieldValue("a\r\nb"));
        QVERIFY(!isFieldName("a b"));
    }

    void writesBothErrorShapes()
    {
        const Refusal refusal{.status = 400, .type = "t", .code = "c", .message = "say \"hi\""};
        const std::string expected
            = "{\"status\":\"failure\",\"message\":\"say \\\"hi\\\"\",\"error\":{\"message\":\"say "
              "\\\"hi\\\"\",\"type\":\"t\",\"param\":null,\"code\":\"c\"}}";
        const std::string anthropic = "{\"type\":\"error\",";
        QCOMPARE(refusalBody(refusal, "/v1/x"), expected);
        QVERIFY(refusalBody(refusal, "/v1/messages/count_tokens").starts_with(anthropic));
        QVERIFY(!refusalBody(refusal, "/v1/messagesx").starts_with(anthropic));
    }

    void deadlinesFireOnceInTimeAndNotWhenDisarmed()
    {
        asio::io_context context;
        DeadlineList list(context, 1ms);
        int fired = 0;
        int other = 0;
        DeadlineList::Entry early(list, [&] { ++fired; });
        DeadlineList::Entry disarmed(list, [&] { ++other; });
        auto destroyed = std::make_unique<DeadlineList::Entry>(list, [&] { ++other; });
        early.arm(10ms);
        disarmed.arm(5ms);
        destroyed->arm(12ms);
        disarmed.disarm();
        destroyed.reset();
        const auto begun = std::chrono::steady_clock::now();
        context.run();
        QCOMPARE(fired, 1);
        QCOMPARE(other, 0);
        QVERIFY(std::chrono::steady_clock::now() - begun >= 9ms);
    }

    void aDeadlineMayDestroyTheNextOne()
    {
        asio::io_context context;
        DeadlineList list(context, 1ms);
        int fired = 0;
        auto second = std::make_unique<DeadlineList::Entry>(list, [&] { ++fired; });
        DeadlineList::Entry first(list, [&] {
            ++fired;
            second.reset();
        });
        first.arm(5ms);
        second->arm(5ms);
        context.run();
        QCOMPARE(fired, 1);
    }
};

QTEST_GUILESS_MAIN(TestParsing)
#include "tst_parsing.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/headers.h"

#include <QTest>

#include <algorithm>
#include <string>

namespace portolan::gateway {

class TestHeaders : public QObject
{
    Q_OBJECT

private slots:
    void passesAClientLineUpstream_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("value");
        QTest::addColumn<bool>("passes");

        const auto row = [](const char *name, const char *value, bool passes) {
            QTest::newRow(qPrintable(QString::fromLatin1(name) + u' ' + QString::fromLatin1(value)))
                << std::string(name) << std::string(value) << passes;
        };
        row("Content-Type", "application/json", true);
        row("User-Agent", "OpenAI/JS 6.1.0", true);
        row("OpenAI-Beta", "assistants=v2", true);
        row("anthropic-version", "2023-06-01", true);
        row("Idempotency-Key", "abc", true);
        row("x-stainless-retry-count", "0", true);
        row("Authorization", "Bearer x", false);
        row("X-Api-Key", "x", false);
        row("api-key", "x", false);
        row("x-goog-api-key", "x", false);
        row("Cookie", "a=b", false);
        row("Host", "127.0.0.1", false);
        row("Connection", "keep-alive", false);
        row("Transfer-Encoding", "chunked", false);
        row("Content-Length", "3", false);
        row("Expect", "100-continue", false);
        row("Accept-Encoding", "gzip", false);
        row("X-Forwarded-For", "10.0.0.1", false);
        row("Forwarded", "for=10.0.0.1", false);
        row("Via", "1.1 x", false);
        row("x-portkey-provider", "@a", false);
        row("x-portolan-hop", "1", false);
        row("Sec-Fetch-Site", "none", false);
        row("Origin", "http://a", false);
        row("X-Anything", "holds pk-token-of-the-client inside", false);
    }

    void passesAClientLineUpstream()
    {
        QFETCH(std::string, name);
        QFETCH(std::string, value);
        QFETCH(bool, passes);

        http::Fields client;
        client.add(name, value);
        http::Fields upstream;
        copyToUpstream(client, "pk-token-of-the-client", upstream);
        QCOMPARE(upstream.count(name) == 1, passes);
    }

    void leavesOutWhatConnectionNames()
    {
        http::Fields client;
        client.add("Connection", "close, X-Hop , x-other");
        client.add("X-Hop", "1");
        client.add("X-Other", "2");
        client.add("X-Stays", "3");
        http::Fields upstream;
        copyToUpstream(client, {}, upstream);
        QCOMPARE(upstream.size(), std::size_t{1});
        QCOMPARE(std::string(upstream[0].name), std::string("X-Stays"));
    }

    void passesOnlyListedLinesToTheClient()
    {
        http::Fields upstream;
        for (const char *name : {"Content-Type", "x-request-id", "x-ratelimit-remaining-tokens",
                                 "Retry-After", "openai-processing-ms", "anthropic-ratelimit-requests-limit"})
            upstream.add(name, "1");
        for (const char *name :
             {"Set-Cookie", "Access-Control-Allow-Origin", "Alt-Svc", "Strict-Transport-Security", "Refresh",
              "Server", "Location", "x-portkey-provider", "Connection"})
            upstream.add(name, "1");
        http::Fields client;
        copyToClient(upstream, client);
        QCOMPARE(client.size(), std::size_t{6});
        QVERIFY(!client.find("set-cookie"));
    }

    void masksValuesOfUnknownLinesInTheRecord()
    {
        http::Fields fields;
        fields.add("Authorization", "Bearer sk-secret-value-0123456789");
        fields.add("X-Custom-Secret", "hunter2-hunter2-hunter2");
        fields.add("Content-Type", "application/json");
        const auto pairs = loggable(fields);
        QCOMPARE(pairs.size(), std::size_t{3});
        const bool leaks = std::ranges::any_of(pairs, [](const auto &pair) {
            return pair.second.find("secret") != std::string::npos
                || pair.second.find("hunter2") != std::string::npos;
        });
        QVERIFY(!leaks);
        QCOMPARE(pairs[2].value, "application/json");
    }
};

} // namespace portolan::gateway

QTEST_APPLESS_MAIN(portolan::gateway::TestHeaders)
#include "tst_headers.moc"

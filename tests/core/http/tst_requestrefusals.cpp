// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/rawclient.h"
#include "tests/core/http/testserver.h"

#include <QTest>

using namespace portolan;
using namespace std::chrono_literals;

/// Every way in which a head or body can be refused: threat-model A2 to A4, B4, D1 to D3.
class TestRequestRefusals : public QObject
{
    Q_OBJECT

private:
    static http::ServerOptions options()
    {
        http::ServerOptions options;
        options.limits.client_head = 300ms;
        options.limits.request_line_bytes = 1024;
        options.limits.head_bytes = 4096;
        options.limits.head_lines = 20;
        options.allowed_hosts = {"box.lan"};
        options.allowed_origins = {"http://localhost:3000"};
        return options;
    }

    static http::Task<> echo(http::Exchange &exchange, http::IoThread &)
    {
        auto body = co_await exchange.readBody(100'000);
        http::ResponseHead head;
        if (!body) {
            head.status = body.error().code == "http.bad_framing" ? 400 : 413;
            co_await exchange.respond(std::move(head), body.error().code);
            co_return;
        }
        m_completed.fetch_add(1);
        co_await exchange.respond(std::move(head), *body);
    }

    static inline std::atomic<int> m_completed{0};
    test::TestServer m_server{&echo, options()};

private slots:
    void refusesMalformedMessages_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        int number = 0;
        const auto raw = [&number](const char *name, std::string bytes, int status = 400) {
            const auto label = QByteArray::number(++number) + ' ' + name;
            QTest::newRow(label.constData()) << QByteArray(bytes.data(), qsizetype(bytes.size())) << status;
        };
        const std::string host = "Host: " + m_server.host() + "\r\n";
        const std::string smuggled = "GET /smuggled HTTP/1.1\r\n" + host + "\r\n";
        const auto line = [&](const char *name, std::string first, int status = 400) {
            raw(name, std::move(first) + "\r\n" + host + "\r\n", status);
        };
        const auto field
            = [&](const char *name, std::string fields, std::string body = {}, int status = 400) {
                  raw(name, "POST /v1/x HTTP/1.1\r\n" + host + fields + "\r\n" + body + smuggled, status);
              };
        const auto chunks = [&](const char *name, std::string body, int status = 400) {
            raw(name, "POST /v1/x HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + body, status);
        };
        const std::string zero(1, '\0');

        line("lower-case version", "GET / http/1.1");
        line("no version", "GET /");
        line("version without dot", "GET / HTTP/11");
        line("version with letters", "GET / HTTP/1.x");
        line("HTTP/2.0", "GET / HTTP/2.0");
        line("HTTP/1.2", "GET / HTTP/1.2");
        line("HTTP/0.9", "GET / HTTP/0.9");
        line("two blanks before the target", "GET  / HTTP/1.1");
        line("two blanks after the target", "GET /  HTTP/1.1");
        line("tab as separator", "GET\t/ HTTP/1.1");
        line("blank at the end", "GET / HTTP/1.1 ");
        line("blank in the target", "GET /a b HTTP/1.1");
        line("leading blank", " GET / HTTP/1.1");
        line("NUL in the target", "GET /" + zero + " HTTP/1.1");
        line("DEL in the target", "GET /\x7F HTTP/1.1");
        line("bare CR in the target", "GET /\rX HTTP/1.1");
        line("non-ASCII target", "GET /\xC3\xA4 HTTP/1.1");
        line("method with a colon", "GE:T / HTTP/1.1");
        line("no method", "/ HTTP/1.1");
        line("unknown method", "BREW / HTTP/1.1", 501);
        line("lower-case method", "get / HTTP/1.1", 501);
        line("CONNECT", "CONNECT /x HTTP/1.1", 405);
        line("TRACE", "TRACE / HTTP/1.1", 405);
        line("absolute form, other host", "GET http://evil.example/ HTTP/1.1", 421);
        line("absolute form, https", "GET https://127.0.0.1/ HTTP/1.1", 421);
        line("absolute form, user info", "GET http://a@127.0.0.1/ HTTP/1.1");
        line("absolute form, other scheme", "GET ftp://127.0.0.1/ HTTP/1.1");
        line("asterisk form", "OPTIONS * HTTP/1.1");
        line("authority form", "GET 127.0.0.1:80 HTTP/1.1");
        line("dot segment", "GET /v1/../admin HTTP/1.1");
        line("single dot", "GET /v1/./x HTTP/1.1");
        line("dot segment at the end", "GET /v1/.. HTTP/1.1");
        line("escaped dots", "GET /v1/%2e%2E/admin HTTP/1.1");
        line("half escaped dots", "GET /v1/.%2e/admin HTTP/1.1");
        line("semicolon", "GET /v1;x/models HTTP/1.1");
        line("escaped semicolon", "GET /v1%3bx HTTP/1.1");
        line("backslash", "GET /v1\\models HTTP/1.1");
        line("escaped backslash", "GET /v1%5Cmodels HTTP/1.1");
        line("escaped slash", "GET /v1%2Fmodels HTTP/1.1");
        line("escaped NUL", "GET /v1/%00 HTTP/1.1");
        line("escaped line feed", "GET /v1/%0a HTTP/1.1");
        line("bad escape", "GET /v1/%zz HTTP/1.1");
        line("cut escape", "GET /v1/%2 HTTP/1.1");
        line("lone percent", "GET /v1/% HTTP/1.1");
        line("fragment", "GET /v1#x HTTP/1.1");
        line("fragment in the query", "GET /v1?a#x HTTP/1.1");
        line("quote in the target", "GET /v1\"x HTTP/1.1");
        line("angle bracket", "GET /<x> HTTP/1.1");
        line("long target", "GET /" + std::string(2000, 'a') + " HTTP/1.1", 414);
        raw("endless request line", "GET /" + std::string(2000, 'a'), 414);
        raw("empty first line", "\r\nGET / HTTP/1.1\r\n" + host + "\r\n");
        raw("only line feeds", "GET / HTTP/1.1\n" + host + "\n");
        raw("line feed in the head", "GET / HTTP/1.1\r\nA: b\nC: d\r\n" + host + "\r\n");
        raw("TLS hello", "\x16\x03\x01\x02" + zero + "\x01" + zero);
        raw("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"); // no Host
        raw("garbage", "\x80\x81\x82\r\n\r\n");
        raw("half a head", "GET / HTTP/1.1\r\nHost: ", 408);
        raw("head too large", "GET / HTTP/1.1\r\n" + host + "A: " + std::string(5000, 'x') + "\r\n\r\n", 431);
        raw("endless field", "GET / HTTP/1.1\r\n" + host + "A: " + std::string(5000, 'x'), 431);
        std::string many;
        for (int i = 0; i < 21; ++i)
            many += "A: b\r\n";
        raw("too many lines", "GET / HTTP/1.1\r\n" + host + many + "\r\n", 431);

        field("both framings", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n");
        field("both, other order", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n");
        field("equal lengths twice", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello");
        field("different lengths", "Content-Length: 5\r\nContent-Length: 0\r\n", "hello");
        field("length list", "Content-Length: 5, 5\r\n", "hello");
        field("length with plus", "Content-Length: +5\r\n", "hello");
        field("negative length", "Content-Length: -5\r\n", "hello");
        field("hexadecimal length", "Content-Length: 0x5\r\n", "hello");
        field("length with a blank", "Content-Length: 5 5\r\n", "hello");
        field("length with a point", "Content-Length: 5.0\r\n", "hello");
        field("empty length", "Content-Length:\r\n", "hello");
        field("length too long", "Content-Length: 99999999999999999999\r\n", "hello");
        field("length over 63 bits", "Content-Length: 9999999999999999999\r\n", "hello");
        field("folded length", "Content-Length:\r\n 5\r\n", "hello");
        field("coding twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n");
        field("gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n");
        field("chunked, chunked", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n");
        field("identity", "Transfer-Encoding: identity\r\n", "0\r\n\r\n");
        field("unknown coding", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n");
        field("unknown coding before length", "Transfer-Encoding: x\r\nContent-Length: 5\r\n", "hello");
        field("coding with a parameter", "Transfer-Encoding: chunked;x=1\r\n", "0\r\n\r\n");
        field("quoted coding", "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n");
        field("coding with vertical tab",
              "Transfer-Encoding: \x0B"
              "chunked\r\n",
              "0\r\n\r\n");
        field("empty coding", "Transfer-Encoding:\r\n", "0\r\n\r\n");
        field("coding, blank before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n");
        field("length, blank before the colon", "Content-Length : 5\r\n", "hello");
        field("length, tab before the colon", "Content-Length\t: 5\r\n", "hello");
        field("fold", "A: b\r\n c\r\n");
        field("tab fold", "A: b\r\n\tc\r\n");
        field("empty name", ": b\r\n");
        field("no colon", "Ab\r\n");
        field("name with a blank", "A b: c\r\n");
        field("name with a bracket", "A(: c\r\n");
        field("name outside ASCII", "\xC3\xA4: c\r\n");
        field("NUL in a value", "A: b" + zero + "c\r\n");
        field("bare CR in a value", "A: b\rContent-Length: 5\r\n");
        field("control in a value", "A: b\x01\r\n");
        field("unknown expectation", "Expect: 200-ok\r\n", {}, 417);
        raw("coding with 1.0",
            "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled);

        chunks("chunk without size", "\r\nabc\r\n0\r\n\r\n");
        chunks("size with letters", "xyz\r\nabc\r\n0\r\n\r\n");
        chunks("size with 0x", "0x3\r\nabc\r\n0\r\n\r\n");
        chunks("negative size", "-3\r\nabc\r\n0\r\n\r\n");
        chunks("size with plus", "+3\r\nabc\r\n0\r\n\r\n");
        chunks("nine digits", "000000003\r\nabc\r\n0\r\n\r\n");
        chunks("huge size", "ffffffffffffffff\r\nabc\r\n0\r\n\r\n");
        chunks("blank before the size", " 3\r\nabc\r\n0\r\n\r\n");
        chunks("blank after the size", "3 \r\nabc\r\n0\r\n\r\n");
        chunks("bare LF after the size", "3\nabc\r\n0\r\n\r\n");
        chunks("bare CR after the size", "3\rabc\r\n0\r\n\r\n");
        chunks("no CR LF after the data", "3\r\nabcX0\r\n\r\n");
        chunks("LF after the data", "3\r\nabc\n0\r\n\r\n");
        chunks("long extension", "3;" + std::string(5000, 'x') + "\r\nabc\r\n0\r\n\r\n");
        chunks("LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n");
        chunks("NUL in an extension", "3;a" + zero + "\r\nabc\r\n0\r\n\r\n");
        chunks("long trailer", "0\r\nA: " + std::string(5000, 'x') + "\r\n\r\n");
        chunks("folded trailer", "0\r\n A: b\r\n\r\n");
        chunks("NUL in a trailer", "0\r\nA: " + zero + "\r\n\r\n");
        chunks("LF in a trailer", "0\r\nA: b\nc\r\n\r\n");
        chunks("LF at the end", "0\r\n\n");
        chunks("body over the limit", "fffff\r\n" + std::string(0xFFFFF, 'x') + "\r\n0\r\n\r\n", 413);
        field("length over the limit", "Content-Length: 100001\r\n", {}, 413);
    }

    void refusesMalformedMessages()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        const int completed = m_completed;
        test::RawClient client(m_server.port());
        client.send({bytes.constData(), std::size_t(bytes.size())});
        // One answer, then the end: nothing after it was taken for a request.
        const auto answer = client.readAnswer();
        QCOMPARE(test::statusOf(answer), status);
        QVERIFY(answer.contains("Connection: close"));
        QCOMPARE(client.readToEnd(), std::string());
        QCOMPARE(m_completed.load(), completed);
    }

    void judgesHosts_data()
    {
        QTest::addColumn<std::string>("lines");
        QTest::addColumn<int>("status");
        const auto port = std::to_string(m_server.port());
        const auto row = [](const char *name, std::string lines, int status) {
            QTest::newRow(name) << std::move(lines) << status;
        };
        const auto host = [&](const char *name, const std::string &value, int status) {
            row(name, "Host: " + value + "\r\n", status);
        };
        host("literal", "127.0.0.1:" + port, 200);
        host("localhost", "localhost:" + port, 200);
        host("any case", "LocalHost:" + port, 200);
        host("IPv6 loopback", "[::1]:" + port, 200);
        host("added by the owner", "box.lan", 200);
        host("added, with a port", "box.lan:1234", 200);
        host("foreign", "evil.example", 403);
        host("foreign with our port", "evil.example:" + port, 403);
        host("unspecified", "0.0.0.0:" + port, 403);
        host("our address as a prefix", "127.0.0.1.evil.example:" + port, 403);
        host("our name as a prefix", "localhost.evil.example:" + port, 403);
        host("decimal spelling", "2130706433:" + port, 403);
        host("hexadecimal spelling", "0x7f000001:" + port, 403);
        host("octal spelling", "0177.0.0.1:" + port, 403);
        host("short spelling", "127.1:" + port, 403);
        host("other loopback", "127.0.0.2:" + port, 403);
        host("trailing dot", "localhost.:" + port, 403);
        host("other port", "127.0.0.1:1", 403);
        host("no port", "127.0.0.1", 403);
        host("long IPv6", "[0:0:0:0:0:0:0:1]:" + port, 403);
        host("mapped IPv6", "[::ffff:127.0.0.1]:" + port, 403);
        host("empty", "", 400);
        host("only a port", ":" + port, 400);
        host("user info", "a@127.0.0.1:" + port, 400);
        host("path", "127.0.0.1:" + port + "/x", 400);
        host("query", "127.0.0.1:" + port + "?x", 400);
        host("fragment", "127.0.0.1:" + port + "#x", 400);
        host("blank", "127.0.0.1 :" + port, 400);
        host("list", "127.0.0.1:" + port + ", evil.example", 400);
        host("port with letters", "127.0.0.1:80a", 400);
        host("port zero", "127.0.0.1:0", 400);
        host("port too large", "127.0.0.1:65536", 400);
        host("no port after the colon", "127.0.0.1:", 400);
        host("open bracket", "[::1:" + port, 400);
        host("zone", "[::1%25eth0]:" + port, 400);
        host("non-ASCII",
             "l\xC3\xB6"
             "calhost:"
                 + port,
             400);
        row("none", "", 400);
        row("twice", "Host: 127.0.0.1:" + port + "\r\nHost: 127.0.0.1:" + port + "\r\n", 400);
        row("forwarded host counts for nothing",
            "Host: evil.example\r\nX-Forwarded-Host: 127.0.0.1:" + port + "\r\n", 403);
        const std::string own = "Host: 127.0.0.1:" + port + "\r\n";
        row("foreign origin", own + "Origin: https://evil.example\r\n", 403);
        row("own origin", own + "Origin: http://127.0.0.1:" + port + "\r\n", 403);
        row("null origin", own + "Origin: null\r\n", 403);
        row("allowed origin", own + "Origin: http://localhost:3000\r\n", 200);
        row("allowed origin with another port", own + "Origin: http://localhost:3001\r\n", 403);
        row("two origins", own + "Origin: http://localhost:3000\r\nOrigin: http://localhost:3000\r\n", 403);
        row("cross-site", own + "Sec-Fetch-Site: cross-site\r\n", 403);
        row("same-origin", own + "Sec-Fetch-Site: same-origin\r\n", 200);
    }

    void judgesHosts()
    {
        QFETCH(std::string, lines);
        QFETCH(int, status);
        test::RawClient client(m_server.port());
        client.send("GET /v1/health HTTP/1.1\r\n" + lines + "\r\n");
        const auto answer = client.readAnswer();
        QCOMPARE(test::statusOf(answer), status);
        QVERIFY(!answer.contains("Access-Control"));
    }

    void refusesAForeignHostBeforeTheBody()
    {
        const int handled = m_server.handled();
        test::RawClient client(m_server.port());
        client.send("POST /v1/x HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 100000\r\n"
                    "Expect: 100-continue\r\n\r\n");
        QCOMPARE(test::statusOf(client.readAnswer()), 403);
        QCOMPARE(m_server.handled(), handled);
    }

    void answersAPreflightWithoutPermission()
    {
        test::RawClient client(m_server.port());
        client.send("OPTIONS /v1/x HTTP/1.1\r\nHost: " + m_server.host()
                    + "\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
        const auto answer = client.readAnswer();
        QCOMPARE(test::statusOf(answer), 403);
        QVERIFY(!answer.contains("Access-Control"));
    }

    void reportsRefusalsWithBothErrorShapes()
    {
        test::RawClient client(m_server.port());
        client.send("POST /v1/messages HTTP/1.1\r\nHost: " + m_server.host()
                    + "\r\nTransfer-Encoding: gzip\r\n\r\n");
        const auto body = test::bodyOf(client.readAnswer());
        QVERIFY(body.starts_with("{\"type\":\"error\",\"status\":\"failure\",\"message\":\""));
        QVERIFY(body.contains("\"code\":\"http.bad_framing\""));
        QVERIFY(std::ranges::count(m_server.refusals(), "http.bad_framing") > 0);
    }
};

QTEST_GUILESS_MAIN(TestRequestRefusals)
#include "tst_requestrefusals.moc"

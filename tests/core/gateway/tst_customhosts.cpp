// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/misbehavingvendor.h"
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/scriptedupstream.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using test::PlainReply;
using test::RunningGateway;
using test::ScriptedUpstream;

/// Spellings of hosts that nobody may name in a request (threat-model E4). PORT stands for the port of a
/// listener on loopback that counts who comes, OWN for the gateway's.
const std::vector<std::pair<const char *, QString>> kRefusedAlways{
    {"one number", u"http://2130706433:PORT/v1"_s},
    {"one hexadecimal number", u"http://0x7f000001:PORT/v1"_s},
    {"hexadecimal parts", u"http://0x7f.0x0.0x0.0x1:PORT/v1"_s},
    {"a hexadecimal part", u"http://0x7F.1:PORT/v1"_s},
    {"octal parts", u"http://0177.0.0.01:PORT/v1"_s},
    {"one octal number", u"http://017700000001:PORT/v1"_s},
    {"two parts", u"http://127.1:PORT/v1"_s},
    {"three parts", u"http://127.0.1:PORT/v1"_s},
    {"zeros in front", u"http://127.0.0.001:PORT/v1"_s},
    {"a dot at the end", u"http://127.0.0.1.:PORT/v1"_s},
    {"a name with a dot at its end", u"http://localhost.:PORT/v1"_s},
    {"zero", u"http://0:PORT/v1"_s},
    {"unspecified", u"http://0.0.0.0:PORT/v1"_s},
    {"unspecified IPv6", u"http://[::]:PORT/v1"_s},
    {"v4-mapped", u"http://[::ffff:127.0.0.1]:PORT/v1"_s},
    {"v4-mapped in hexadecimal", u"http://[::ffff:7f00:1]:PORT/v1"_s},
    {"v4-compatible", u"http://[::127.0.0.1]:PORT/v1"_s},
    {"IPv6 at length", u"http://[0:0:0:0:0:0:0:1]:PORT/v1"_s},
    {"IPv6 with a zone", u"http://[::1%25lo]:PORT/v1"_s},
    {"NAT64", u"http://[64:ff9b::7f00:1]:PORT/v1"_s},
    {"6to4", u"http://[2002:7f00:1::1]:PORT/v1"_s},
    {"IPv6 without brackets", u"http://::1:PORT/v1"_s},
    {"an open bracket", u"http://[::1:PORT/v1"_s},
    {"a user", u"http://api.openai.com@127.0.0.1:PORT/v1"_s},
    {"a user and a password", u"http://a:b@127.0.0.1:PORT/v1"_s},
    {"a backslash", u"http://127.0.0.1:PORT\\@api.openai.com/v1"_s},
    {"a fragment", u"http://127.0.0.1:PORT#@api.openai.com/v1"_s},
    {"a query", u"http://127.0.0.1:PORT?@api.openai.com/v1"_s},
    {"fullwidth digits", u"http://\uff11\uff12\uff17.0.0.1:PORT/v1"_s},
    {"ideographic dots", u"http://127\u30020\u30020\u30021:PORT/v1"_s},
    {"enclosed letters", u"http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:PORT/v1"_s},
    {"an encoded host", u"http://%6c%6f%63alhost:PORT/v1"_s},
    {"a space", u"http://127.0.0.1 :PORT/v1"_s},
    {"a space before", u"http:// 127.0.0.1:PORT/v1"_s},
    {"no scheme", u"127.0.0.1:PORT/v1"_s},
    {"two slashes", u"//127.0.0.1:PORT/v1"_s},
    {"one slash", u"http:/127.0.0.1:PORT/v1"_s},
    {"another scheme", u"ftp://127.0.0.1:PORT/v1"_s},
    {"a file", u"file:///etc/passwd"_s},
    {"gopher", u"gopher://127.0.0.1:PORT/_GET"_s},
    {"a port with a zero", u"http://127.0.0.1:0PORT/v1"_s},
    {"a port with a sign", u"http://127.0.0.1:+PORT/v1"_s},
    {"a port too large", u"http://127.0.0.1:65536/v1"_s},
    {"no port after the colon", u"http://127.0.0.1:/v1"_s},
    {"a mail server's port", u"http://127.0.0.1:25/v1"_s},
    {"a database's port", u"http://127.0.0.1:6379/v1"_s},
    {"dots in the path", u"http://127.0.0.1:PORT/v1/../admin"_s},
    {"encoded dots in the path", u"http://127.0.0.1:PORT/%2e%2e/admin"_s},
    {"metadata of a cloud", u"http://169.254.169.254/latest"_s},
    {"metadata as one number", u"http://2852039166/latest"_s},
    {"metadata, v4-mapped", u"http://[::ffff:169.254.169.254]/latest"_s},
    {"metadata over IPv6", u"http://[fd00:ec2::254]/latest"_s},
    {"metadata by name", u"http://metadata.google.internal/v1"_s},
    {"metadata by name, in capitals", u"http://METADATA.google.internal/v1"_s},
    {"metadata of Alibaba", u"http://100.100.100.200/latest"_s},
    {"metadata of Azure", u"http://168.63.129.16/metadata"_s},
    {"link-local IPv6", u"http://[fe80::1]/v1"_s},
    {"multicast", u"http://224.0.0.1/v1"_s},
    {"broadcast", u"http://255.255.255.255/v1"_s},
    {"private 10", u"http://10.0.0.1/v1"_s},
    {"private 172.16", u"http://172.16.0.1/v1"_s},
    {"private 192.168", u"http://192.168.1.1/v1"_s},
    {"CGNAT", u"http://100.64.0.1/v1"_s},
    {"ULA", u"http://[fc00::1]/v1"_s},
    {"ourselves", u"http://127.0.0.1:OWN/v1"_s},
    {"ourselves by name", u"http://localhost:OWN/v1"_s},
};

/// Fine while nobody but this computer reaches the gateway, and refused as soon as others do.
const std::vector<std::pair<const char *, QString>> kRefusedWhenShared{
    {"loopback", u"http://127.0.0.1:PORT/v1"_s},
    {"another loopback", u"http://127.8.9.10:PORT/v1"_s},
    {"loopback IPv6", u"http://[::1]:PORT/v1"_s},
    {"loopback by name", u"http://localhost:PORT/v1"_s},
    {"loopback by a name below it", u"http://x.localhost:PORT/v1"_s},
};

} // namespace

/// Where a request may not send us, by the header and by a config of its own.
class TestCustomHosts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_listener = std::make_unique<ScriptedUpstream>([](ScriptedUpstream::Peer &peer) {
            while (peer.readRequest()) {
                if (!peer.send(test::answer("{\"choices\":[]}", "Content-Type: application/json\r\n")))
                    return;
            }
        });
        m_alone = std::make_unique<RunningGateway>(m_listener->port());
        QVERIFY(m_alone->isReady());
        m_shared = std::make_unique<RunningGateway>(m_listener->port(),
                                                    RunningGateway::Account{.listen = u"0.0.0.0:0"_s});
        QVERIFY(m_shared->isReady());
    }

    void refusesItWithoutAConnection_data()
    {
        QTest::addColumn<bool>("shared");
        QTest::addColumn<QString>("host");
        const auto rows = [](bool shared, const auto &spellings) {
            for (const auto &[name, host] : spellings)
                QTest::addRow("%s%s", name, shared ? ", shared" : "") << shared << host;
        };
        QVERIFY(kRefusedAlways.size() >= 25);
        rows(false, kRefusedAlways);
        rows(true, kRefusedAlways);
        rows(true, kRefusedWhenShared);
    }

    void refusesItWithoutAConnection()
    {
        QFETCH(bool, shared);
        QFETCH(QString, host);
        const int before = m_listener->connections();
        auto &gateway = shared ? *m_shared : *m_alone;
        const QByteArray written = QString(host)
                                       .replace(u"PORT"_s, QString::number(m_listener->port()))
                                       .replace(u"OWN"_s, QString::number(gateway.port()))
                                       .toUtf8();
        for (const auto &reply : {byConfig(gateway, written), byHeader(gateway, written)}) {
            QVERIFY2(reply.status >= 400 && reply.status < 600 && reply.status != 404,
                     reply.head.constData());
            QVERIFY2(reply.body.contains("error"), reply.body.constData());
        }
        QCOMPARE(m_listener->connections(), before);
    }

    void callsAPlainAddressOfThisComputer()
    {
        const auto host = QByteArray("http://127.0.0.1:") + QByteArray::number(m_listener->port()) + "/v1";
        const auto before = m_listener->requests();
        QCOMPARE(byConfig(*m_alone, host).status, 200);
        QCOMPARE(byHeader(*m_alone, host).status, 200);
        QCOMPARE(m_listener->requests(), before + 2);
        // A server of one's own asks for no key of the vendor whose API it has.
        QCOMPARE(m_alone->client()
                     .send("POST", "/v1/chat/completions",
                           {{"x-portkey-api-key", m_alone->token()},
                            {"Content-Type", "application/json"},
                            {"x-portkey-provider", "openai"},
                            {"x-portkey-custom-host", host}},
                           QByteArray::fromStdString(test::chatBody()))
                     .status,
                 200);
    }

private:
    static PlainReply byConfig(RunningGateway &gateway, const QByteArray &host)
    {
        const QJsonObject config{{u"provider"_s, u"openai"_s},
                                 {u"api_key"_s, u"sk-of-the-request"_s},
                                 {u"custom_host"_s, QString::fromUtf8(host)}};
        return gateway.client().send("POST", "/v1/chat/completions",
                                     {{"Authorization", "Bearer " + gateway.token()},
                                      {"Content-Type", "application/json"},
                                      {"x-portkey-config", asciiJson(config)}},
                                     QByteArray::fromStdString(test::chatBody()));
    }

    static PlainReply byHeader(RunningGateway &gateway, const QByteArray &host)
    {
        return gateway.client().send("POST", "/v1/chat/completions",
                                     {{"x-portkey-api-key", gateway.token()},
                                      {"Authorization", "Bearer sk-of-the-request"},
                                      {"Content-Type", "application/json"},
                                      {"x-portkey-provider", "openai"},
                                      {"x-portkey-custom-host", host}},
                                     QByteArray::fromStdString(test::chatBody()));
    }

    /// In a header every character outside ASCII is escaped.
    static QByteArray asciiJson(const QJsonObject &json)
    {
        const QString text = QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
        QByteArray escaped;
        for (const QChar c : text) {
            if (c.unicode() < 0x80)
                escaped += char(c.unicode());
            else
                escaped += "\\u" + QByteArray::number(c.unicode(), 16).rightJustified(4, '0');
        }
        return escaped;
    }

    std::unique_ptr<ScriptedUpstream> m_listener;
    std::unique_ptr<RunningGateway> m_alone;
    std::unique_ptr<RunningGateway> m_shared;
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestCustomHosts)
#include "tst_customhosts.moc"

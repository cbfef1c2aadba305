// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/addressrules.h"
#include "core/http/upstream.h"

#include <QTest>

using namespace portolan;
using namespace portolan::http;

/// Addresses as people and attackers write them (threat-model E4).
class TestBaseUrl : public QObject
{
    Q_OBJECT

private slots:
    void readsAddresses_data()
    {
        QTest::addColumn<std::string>("url");
        QTest::addColumn<std::string>("host"); // empty: refused
        QTest::addColumn<int>("port");
        QTest::addColumn<std::string>("path");
        const auto row = [](std::string url, std::string host, int port, std::string path = {}) {
            QTest::newRow(url.c_str()) << url << host << port << path;
        };
        const auto refused = [&row](std::string url) { row(std::move(url), {}, 0); };

        row("https://api.openai.com/v1", "api.openai.com", 443, "/v1");
        row("https://api.openai.com/v1///", "api.openai.com", 443, "/v1");
        row("HTTPS://API.OpenAI.com", "api.openai.com", 443);
        row("http://localhost:11434/", "localhost", 11434);
        row("http://127.0.0.1:8080/v1", "127.0.0.1", 8080, "/v1");
        row("http://[::1]:8080", "::1", 8080);
        row("http://192.168.1.20", "192.168.1.20", 80);
        row("http://my_box.lan:1234/a/b", "my_box.lan", 1234, "/a/b");

        refused("");
        refused("api.openai.com/v1");
        refused("ftp://api.openai.com");
        refused("file:///etc/passwd");
        refused("https://");
        refused("https:///v1");
        refused("https://user@api.openai.com");
        refused("https://user:pass@api.openai.com");
        refused("https://api.openai.com#x");
        refused("https://api.openai.com/v1?key=x");
        refused("https://api.openai.com\\@evil.example");
        refused("https://api.openai.com/a\\b");
        refused("https://api.openai.com./v1");
        refused("https://api..openai.com");
        refused("https://-api.openai.com");
        refused("https://api openai.com");
        refused("https://api.openai.com/v1\n");
        refused("https://api.openai.com%2eevil.example");
        refused("https://\xC3\xA4pi.example");
        refused("http://2130706433/");
        refused("http://0x7f000001/");
        refused("http://0x7f.0.0.1/");
        refused("http://0177.0.0.1/");
        refused("http://127.1/");
        refused("http://127.0.0.01/");
        refused("http://127.0.0.1./");
        refused("http://256.0.0.1/");
        refused("http://1.2.3.4.5/");
        refused("http://[::ffff:127.0.0.1]/");
        refused("http://[0:0:0:0:0:0:0:1]/");
        refused("http://[::1%25lo]/");
        refused("http://[::1/");
        refused("http://[127.0.0.1]/");
        refused("http://0.0.0.0:8080/");
        refused("http://169.254.169.254/latest");
        refused("http://[fd00:ec2::254]/");
        refused("http://[fe80::1]/");
        refused("http://224.0.0.1/");
        refused("http://metadata.google.internal/");
        refused("http://localhost:/");
        refused("http://localhost:0/");
        refused("http://localhost:080/");
        refused("http://localhost:65536/");
        refused("http://localhost:8080x/");
        refused("http://localhost:22/");
        refused("http://localhost:6379/");
        refused("http://localhost/a/../b");
        refused("http://localhost/a//b");
        refused("http://localhost/a%2fb");
    }

    void readsAddresses()
    {
        QFETCH(std::string, url);
        QFETCH(std::string, host);
        QFETCH(int, port);
        QFETCH(std::string, path);
        const auto base = BaseUrl::parse(url);
        QCOMPARE(base.has_value(), !host.empty());
        if (!base) {
            QCOMPARE(base.error().code, std::string("http.bad_url"));
            QVERIFY(!base.error().message.empty());
            return;
        }
        QCOMPARE(base->endpoint.host, host);
        QCOMPARE(int(base->endpoint.port), port);
        QCOMPARE(base->endpoint.tls, url.starts_with("https") || url.starts_with("HTTPS"));
        QCOMPARE(base->path, path);
    }

    void judgesConnectedAddresses_data()
    {
        QTest::addColumn<std::string>("address");
        QTest::addColumn<int>("kind");
        const auto row = [](std::string address, AddressKind kind) {
            QTest::newRow(address.c_str()) << address << int(kind);
        };
        row("8.8.8.8", AddressKind::Public);
        row("2606:4700::1", AddressKind::Public);
        row("127.0.0.1", AddressKind::Loopback);
        row("127.200.0.1", AddressKind::Loopback);
        row("::1", AddressKind::Loopback);
        row("::ffff:127.0.0.1", AddressKind::Loopback);
        row("10.0.0.1", AddressKind::Private);
        row("172.31.255.255", AddressKind::Private);
        row("172.32.0.1", AddressKind::Public);
        row("192.168.0.1", AddressKind::Private);
        row("100.64.0.1", AddressKind::Private);
        row("fd12::1", AddressKind::Private);
        row("::ffff:10.0.0.1", AddressKind::Private);
        row("64:ff9b::10.0.0.1", AddressKind::Private);
        row("64:ff9b::8.8.8.8", AddressKind::Public);
        row("64:ff9b::169.254.169.254", AddressKind::Never);
        row("64:ff9b::127.0.0.1", AddressKind::Never);
        row("2002:a9fe:a9fe::1", AddressKind::Never);
        row("0.0.0.0", AddressKind::Never);
        row("::", AddressKind::Never);
        row("169.254.169.254", AddressKind::Never);
        row("::ffff:169.254.169.254", AddressKind::Never);
        row("100.100.100.200", AddressKind::Never);
        row("fd00:ec2::254", AddressKind::Never);
        row("fe80::1", AddressKind::Never);
        row("ff02::1", AddressKind::Never);
        row("224.0.0.1", AddressKind::Never);
        row("255.255.255.255", AddressKind::Never);
    }

    void judgesConnectedAddresses()
    {
        QFETCH(std::string, address);
        QFETCH(int, kind);
        const auto parsed = asio::ip::make_address(address);
        QCOMPARE(int(kindOf(parsed)), kind);
        const auto is = AddressKind(kind);
        QCOMPARE(mayConnect(parsed, AddressPolicy::Owner), is != AddressKind::Never);
        QCOMPARE(mayConnect(parsed, AddressPolicy::PublicOnly), is == AddressKind::Public);
        QCOMPARE(mayConnect(parsed, AddressPolicy::PublicOrLoopback),
                 is == AddressKind::Public || is == AddressKind::Loopback);
    }
};

QTEST_GUILESS_MAIN(TestBaseUrl)
#include "tst_baseurl.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/runninggateway.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <chrono>
#include <string>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portolan::control {

namespace {

using test::Awaited;
using test::RunningGateway;
using test::secret;

constexpr quint16 kNobody = 9; // @mock is never called here
constexpr std::string_view kCanary = "sk-canary-0123456789abcdefghijklmnop";

AuditPage pageOf(Control &control, AuditQuery query)
{
    Awaited<AuditPage> page;
    control.auditLog(std::move(query), page.take());
    return page.wait() && *page ? **page : AuditPage();
}

AuditEntry newest(Control &control)
{
    const auto page = pageOf(control, {.limit = 1});
    return page.entries.empty() ? AuditEntry() : page.entries.front();
}

QJsonObject json(const std::string &text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

template <typename T = void, typename Act>
Result<T> done(Act act)
{
    Awaited<T> result;
    act(result.take());
    return result.wait() ? *result : fail({.code = "test.timeout"});
}

/// "create client key agent by window"
QString said(const AuditEntry &entry)
{
    const auto by = entry.actor.name.isEmpty() ? wordOf(entry.actor.kind) : entry.actor.name;
    return QStringList{entry.action, entry.resource, entry.name, u"by"_s, by}.join(u' ');
}

} // namespace

class TestAudit : public QObject
{
    Q_OBJECT

private slots:
    void everyChangeSaysWhoWhatBeforeAndAfter()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto id = gateway.account();
        const auto asBoss
            = [&] { return control.actingAs({.kind = Actor::Kind::AdminKey, .name = u"boss"_s}); };

        QVERIFY(done([&](Reply<> reply) { control.setAccountEnabled(id, false, std::move(reply)); }));
        QCOMPARE(said(newest(control)), u"update account mock by program"_s);
        QCOMPARE(json(newest(control).before)["enabled"_L1], QJsonValue(true));
        QCOMPARE(json(newest(control).after)["enabled"_L1], QJsonValue(false));
        QVERIFY(done([&](Reply<> reply) {
            const auto acting = asBoss();
            control.rotateAccount(id, secret(kCanary), std::move(reply));
        }));
        QCOMPARE(said(newest(control)), u"rotate account mock by boss"_s);
        QCOMPARE(json(newest(control).after)["credential"_L1], QJsonValue(u"...mnop"_s));

        const auto key = done<VirtualKeyId>([&](Reply<VirtualKeyId> reply) {
            control.addVirtualKey({.slug = u"team"_s, .account = id, .note = u"ours"_s}, std::move(reply));
        });
        QVERIFY(key);
        QCOMPARE(said(newest(control)), u"create virtual key team by program"_s);
        QVERIFY(newest(control).before.empty());
        QCOMPARE(json(newest(control).after)["account"_L1], QJsonValue(u"mock"_s));
        QVERIFY(
            done([&](Reply<> reply) { control.editVirtualKey(*key, {.enabled = false}, std::move(reply)); }));
        QCOMPARE(said(newest(control)), u"update virtual key team by program"_s);
        QVERIFY(done([&](Reply<> reply) { control.removeVirtualKey(*key, std::move(reply)); }));
        QCOMPARE(said(newest(control)), u"delete virtual key team by program"_s);
        QVERIFY(newest(control).after.empty());
        QCOMPARE(json(newest(control).before)["note"_L1], QJsonValue(u"ours"_s));

        const auto made = done<CreatedKey>([&](Reply<CreatedKey> reply) {
            control.createClientKey({.name = u"agent"_s, .scopes = {u"use"_s}}, std::move(reply));
        });
        QVERIFY(made);
        QCOMPARE(said(newest(control)), u"create client key agent by program"_s);
        const auto rotated = done<CreatedKey>(
            [&](Reply<CreatedKey> reply) { control.rotateClientKey(made->info.id, 1h, std::move(reply)); });
        QVERIFY(rotated);
        QCOMPARE(said(newest(control)), u"rotate client key agent by program"_s);
        QVERIFY(json(newest(control).after).contains("old_token_ends"_L1));
        QVERIFY(done([&](Reply<> reply) { control.removeClientKey(made->info.id, std::move(reply)); }));
        QCOMPARE(said(newest(control)), u"delete client key agent by program"_s);

        auto settings = control.settings();
        settings.rowsDays = 30;
        QVERIFY(done([&](Reply<> reply) { control.changeSettings(settings, std::move(reply)); }));
        QCOMPARE(said(newest(control)), u"update settings  by program"_s);
        QCOMPARE(json(newest(control).after).size(), 1); // what has changed, and nothing else

        QVERIFY(done([&](Reply<> reply) { control.removeAccount(id, std::move(reply)); }));
        QCOMPARE(said(newest(control)), u"delete account mock by program"_s);
    }

    void whoBeganAChangeIsNamedAlsoWhereItEndsLater()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        Awaited<ConfigSave> made;
        {
            const auto boss = control.actingAs({.kind = Actor::Kind::AdminKey, .name = u"boss"_s});
            const auto inner = control.actingAs({.kind = Actor::Kind::CommandLine});
            control.createConfig({.name = u"a"_s, .text = R"({"provider":"@mock"})"}, made.take());
        }
        QVERIFY(made.wait() && *made && (*made)->saved);
        const auto config = (*made)->config;
        QCOMPARE(said(newest(control)), u"create config %1 by command line"_s.arg(config.slug));
        Awaited<ConfigSave> saved;
        {
            const auto boss = control.actingAs({.kind = Actor::Kind::AdminKey, .name = u"boss"_s});
            control.editConfig(config.id, {.text = R"({"provider":"@practice"})"}, saved.take());
        }
        QVERIFY(saved.wait() && *saved);
        QCOMPARE(said(newest(control)), u"update config %1 by boss"_s.arg(config.slug));
        QCOMPARE(json(newest(control).before)["version"_L1], QJsonValue(1));
        QCOMPARE(json(newest(control).after)["version"_L1], QJsonValue(2));
        QVERIFY(done<ConfigSave>([&](Reply<ConfigSave> reply) {
            const auto boss = control.actingAs({.kind = Actor::Kind::AdminKey, .name = u"boss"_s});
            control.restoreConfig(config.id, 1, u"boss"_s, std::move(reply));
        }));
        QCOMPARE(said(newest(control)), u"update config %1 by boss"_s.arg(config.slug));
        QVERIFY(done([&](Reply<> reply) { control.removeConfig(config.id, std::move(reply)); }));
        QCOMPARE(said(newest(control)), u"delete config %1 by program"_s.arg(config.slug));
    }

    void whatChangesNothingIsNotRecorded()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto before = pageOf(control, {}).total;
        QVERIFY(before > 0); // the first client key and @mock
        QVERIFY(done([&](Reply<> reply) {
            control.setAccountEnabled(gateway.account(), true, std::move(reply)); // as it is
        }));
        QVERIFY(!done<VirtualKeyId>([&](Reply<VirtualKeyId> reply) {
            control.addVirtualKey({.slug = u"mock"_s, .account = gateway.account()}, std::move(reply));
        }));
        const auto first = control.virtualKeys().front().id;
        QVERIFY(
            !done([&](Reply<> reply) { control.removeVirtualKey(first, std::move(reply)); })); // by the store
        QCOMPARE(pageOf(control, {}).total, before);
    }

    void filtersAndPages()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        for (int i = 0; i < 5; ++i) {
            QVERIFY(done([&](Reply<> reply) {
                const auto acting = control.actingAs(
                    {.kind = Actor::Kind::AdminKey, .name = i % 2 == 0 ? u"even"_s : u"odd"_s});
                control.setAccountEnabled(gateway.account(), i % 2 == 1, std::move(reply));
            }));
        }
        QCOMPARE(pageOf(control, {.actor = u"even"_s}).total, 3);
        QCOMPARE(pageOf(control, {.actor = u"admin key"_s}).total, 5);
        QCOMPARE(pageOf(control, {.actor = u"' OR '1'='1"_s}).total, 0);
        QCOMPARE(pageOf(control, {.resource = u"client key"_s, .action = u"create"_s}).total, 1);
        const auto all = pageOf(control, {.resource = u"account"_s, .action = u"update"_s});
        QCOMPARE(all.entries.size(), 5U);
        QVERIFY(std::ranges::is_sorted(all.entries, std::ranges::greater(), &AuditEntry::id));
        AuditQuery next{
            .resource = u"account"_s, .action = u"update"_s, .before = all.entries[1].id, .limit = 2};
        const auto page = pageOf(control, next);
        QCOMPARE(page.total, 5); // on all pages
        QCOMPARE(page.entries, (std::vector{all.entries[2], all.entries[3]}));
        next = {.resource = u"account"_s, .action = u"update"_s, .skip = 4};
        QCOMPARE(pageOf(control, next).entries, std::vector{all.entries[4]});
        const auto at = all.entries[0].at.toMSecsSinceEpoch() * 1000;
        QCOMPARE(pageOf(control, {.fromUs = at + 60'000'000}).total, 0);
        QCOMPARE(pageOf(control, {.toUs = at + 60'000'000}).total, pageOf(control, {}).total);
    }

    void noSecretReachesTheDirectory()
    {
        const QTemporaryDir directory;
        std::vector<std::string> secrets{std::string(kCanary)};
        {
            const auto control = *Control::open(
                {.dataDirectory = directory.path(), .listen = u"127.0.0.1:0"_s, .useKeyring = false});
            const auto first = control->takeFirstToken();
            secrets.emplace_back(first->view());
            const auto account = done<AccountId>([&](Reply<AccountId> reply) {
                control->addAccount(
                    {.provider = u"openai"_s, .slug = u"openai"_s, .credential = secret(kCanary)},
                    std::move(reply));
            });
            QVERIFY(account);
            // Somebody puts the credential where it does not belong.
            const auto note = QString::fromUtf8(kCanary.data(), qsizetype(kCanary.size()));
            QVERIFY(done<VirtualKeyId>([&](Reply<VirtualKeyId> reply) {
                control->addVirtualKey({.slug = u"team"_s, .account = *account, .models = {note}},
                                       std::move(reply));
            }));
            const auto entry = newest(*control);
            QVERIFY(entry.after.find(kCanary) == std::string::npos);
            QVERIFY(json(entry.after).contains("models"_L1)); // masked, and JSON still
            const auto key = done<CreatedKey>([&](Reply<CreatedKey> reply) {
                control->createClientKey({.name = u"agent"_s, .scopes = {u"use"_s}}, std::move(reply));
            });
            QVERIFY(key);
            secrets.emplace_back(key->token->view());
            const auto fresh = done<CreatedKey>([&](Reply<CreatedKey> reply) {
                control->rotateClientKey(key->info.id, 24h, std::move(reply));
            });
            QVERIFY(fresh);
            secrets.emplace_back(fresh->token->view());
            const auto page = pageOf(*control, {});
            QVERIFY(page.entries.size() >= 4);
            for (const auto &one : page.entries) {
                for (const auto &word : secrets)
                    QVERIFY((one.before + one.after).find(word) == std::string::npos);
            }
        }
        for (QDirIterator files(directory.path(), QDir::Files | QDir::Hidden); files.hasNext();) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto bytes = file.readAll();
            for (std::size_t i = 1; i < secrets.size(); ++i)
                QVERIFY2(!bytes.contains(QByteArray::fromStdString(secrets[i])), qPrintable(file.fileName()));
        }
    }
};

} // namespace portolan::control

QTEST_GUILESS_MAIN(portolan::control::TestAudit)
#include "tst_audit.moc"

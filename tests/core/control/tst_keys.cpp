// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/keysettings.h"
#include "tests/core/gateway/runninggateway.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portolan::control {

namespace {

using admission::Budget;
using admission::KeyLimits;
using admission::Period;
using admission::RateLimit;
using test::Awaited;
using test::RunningGateway;

constexpr quint16 kNobody = 9; // @mock is never called here

KeyLimits someLimits()
{
    return {.budget = Budget{.limit = 5'000'000'000,
                             .period = {.kind = Period::Kind::Month, .zone = "Europe/Berlin"}},
            .rates = {{.most = 60}, {.unit = RateLimit::Unit::Tokens, .per = RateLimit::Per::Day, .most = 9}},
            .concurrency = 4};
}

template <typename Key>
const Key *find(const std::vector<Key> &keys, decltype(Key::id) id)
{
    const auto found = std::ranges::find(keys, id, &Key::id);
    return found == keys.end() ? nullptr : &*found;
}

const VirtualKey *bySlug(const Control &control, const QString &slug)
{
    const auto found = std::ranges::find(control.virtualKeys(), slug, &VirtualKey::slug);
    return found == control.virtualKeys().end() ? nullptr : &*found;
}

Result<VirtualKeyId> add(Control &control, NewVirtualKey key)
{
    Awaited<VirtualKeyId> made;
    control.addVirtualKey(std::move(key), made.take());
    return made.wait() ? *made : fail({.code = "test.timeout"});
}

Result<CreatedKey> create(Control &control, NewClientKey key)
{
    Awaited<CreatedKey> made;
    control.createClientKey(std::move(key), made.take());
    return made.wait() ? *made : fail({.code = "test.timeout"});
}

/// What a change without a result came to: the code of its error, or nothing.
template <typename Act>
std::string codeOf(Act act)
{
    Awaited<void> done;
    act(done.take());
    if (!done.wait())
        return "test.timeout";
    return *done ? std::string() : (*done).error().code;
}

Result<CreatedKey> rotate(Control &control, ClientKeyId id, std::chrono::milliseconds grace)
{
    Awaited<CreatedKey> made;
    control.rotateClientKey(id, grace, made.take());
    return made.wait() ? *made : fail({.code = "test.timeout"});
}

int statusWith(RunningGateway &gateway, const SharedSecret &token)
{
    const QByteArray text(token->view().data(), qsizetype(token->view().size()));
    return gateway.client()
        .chat(text, R"({"model":"@practice/echo","messages":[{"role":"user","content":"hi"}]})")
        .status;
}

std::unique_ptr<Control> openAt(const QTemporaryDir &directory)
{
    return *Control::open(
        {.dataDirectory = directory.path(), .listen = u"127.0.0.1:0"_s, .useKeyring = false});
}

} // namespace

class TestKeys : public QObject
{
    Q_OBJECT

private slots:
    void storedLimitsAreReadBackAsTheyWere_data()
    {
        QTest::addColumn<KeyLimits>("limits");
        QTest::newRow("none") << KeyLimits{};
        QTest::newRow("all") << someLimits();
        QTest::newRow("a week from Sunday")
            << KeyLimits{.budget = Budget{.unit = Budget::Unit::Tokens,
                                          .limit = 7,
                                          .period = {.kind = Period::Kind::Week, .first_weekday = 7},
                                          .alert_percents = {}}};
        QTest::newRow("rolling days") << KeyLimits{
            .budget
            = Budget{.period
                     = {.kind = Period::Kind::Days, .zone = "Asia/Tokyo", .days = 10, .from = "2026-11-21"}}};
        QTest::newRow("nothing at all") << KeyLimits{.rates = {{.most = 0}}, .concurrency = 0};
    }
    void storedLimitsAreReadBackAsTheyWere()
    {
        QFETCH(KeyLimits, limits);
        const auto stored = withSettings(R"({"later":[1.50]})", VirtualKeySettings{.limits = limits});
        QVERIFY(stored.ends_with(R"("later":[1.50]})")); // of a newer version
        QCOMPARE(virtualKeySettingsFromStored(stored), VirtualKeySettings{.limits = limits});
    }

    void limitsThatCannotBeReadLetNothingThrough_data()
    {
        QTest::addColumn<std::string>("stored");
        QTest::newRow("not JSON") << std::string("{");
        QTest::newRow("a unit of a later version")
            << std::string(R"({"budget":{"unit":"images","limit":5,"period":{"kind":"never"}}})");
        QTest::newRow("no period") << std::string(R"({"budget":{"unit":"cost","limit":5}})");
        QTest::newRow("a zone that is not there")
            << std::string(R"({"budget":{"unit":"cost","limit":5,"period":{"kind":"day","zone":"Mars"}}})");
        QTest::newRow("a rate without a number")
            << std::string(R"({"rates":[{"unit":"requests","per":"minute"}]})");
        QTest::newRow("many at once") << std::string(R"({"concurrency":1e9})");
    }
    void limitsThatCannotBeReadLetNothingThrough()
    {
        QFETCH(std::string, stored);
        const KeyLimits nothing{.budget = Budget{.limit = 0}};
        QCOMPARE(virtualKeySettingsFromStored(stored).limits, nothing);
        QCOMPARE(keySettingsFromStored(stored).limits, nothing);
    }

    void aListOfModelsThatCannotBeReadAllowsNone()
    {
        QCOMPARE(modelsFromStored(""), std::vector<std::string>());
        QCOMPARE(modelsFromStored(modelsToStored({"a", "@x/b"})), (std::vector<std::string>{"a", "@x/b"}));
        QCOMPARE(modelsFromStored(R"({"a":1})"), std::vector<std::string>{""});
        QCOMPARE(modelsFromStored("["), std::vector<std::string>{""});
    }

    void anAccountHasItsFirstKeyAndTakesFurtherOnes()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        QCOMPARE(control.virtualKeys().size(), 2U);
        const auto first = control.virtualKeys().front();
        QCOMPARE(first.slug, u"mock"_s);
        QVERIFY(first.first && first.enabled && first.state == KeyState::On);
        QCOMPARE(first.account, gateway.account());
        QCOMPARE(control.virtualKeys().back().slug, u"practice"_s);
        QVERIFY(!control.virtualKeys().back().id);

        QSignalSpy changed(&control, &Control::virtualKeysChanged);
        const auto made = add(control,
                              {.slug = u"team"_s,
                               .account = gateway.account(),
                               .note = u"for the team"_s,
                               .models = {u" gpt-4o "_s, u"gpt-4o"_s, u"o3"_s},
                               .limits = someLimits()});
        QVERIFY(made);
        QCOMPARE(changed.count(), 1);
        const auto *key = find(control.virtualKeys(), *made);
        QVERIFY(key && !key->first);
        QCOMPARE(key->note, u"for the team"_s);
        QCOMPARE(key->accountSlug, u"mock"_s);
        QCOMPARE(key->providerName, first.providerName);
        QCOMPARE(key->models, (QStringList{u"gpt-4o"_s, u"o3"_s}));
        QCOMPARE(key->limits, someLimits());

        const auto expires = QDateTime::currentDateTime().addDays(-1);
        QCOMPARE(codeOf([&](Reply<> reply) {
                     control.editVirtualKey(*made, {.expires = expires, .models = QStringList{}},
                                            std::move(reply));
                 }),
                 "");
        key = find(control.virtualKeys(), *made);
        QCOMPARE(key->state, KeyState::Expired);
        QCOMPARE(key->models, QStringList());
        QCOMPARE(key->limits, someLimits()); // what an edit does not name stays
        QCOMPARE(codeOf([&](Reply<> reply) { control.removeVirtualKey(*made, std::move(reply)); }), "");
        QVERIFY(!find(control.virtualKeys(), *made));
    }

    void refusesVirtualKeysThatCannotBe_data()
    {
        QTest::addColumn<QString>("slug");
        QTest::addColumn<KeyLimits>("limits");
        QTest::addColumn<QStringList>("models");
        QTest::addColumn<std::string>("code");
        QTest::newRow("taken") << u"mock"_s << KeyLimits{} << QStringList{} << std::string("key.bad_slug");
        QTest::newRow("no slug") << u"A b"_s << KeyLimits{} << QStringList{} << std::string("key.bad_slug");
        QTest::newRow("below zero") << u"x"_s << KeyLimits{.budget = Budget{.limit = -1}} << QStringList{}
                                    << std::string("key.bad_limits");
        QTest::newRow("two of one kind") << u"x"_s << KeyLimits{.rates = {{.most = 1}, {.most = 2}}}
                                         << QStringList{} << std::string("key.bad_limits");
        QTest::newRow("falling alerts") << u"x"_s << KeyLimits{.budget = Budget{.alert_percents = {80, 50}}}
                                        << QStringList{} << std::string("key.bad_limits");
        QTest::newRow("a date that is none")
            << u"x"_s
            << KeyLimits{.budget
                         = Budget{.period = {.kind = Period::Kind::Days, .days = 3, .from = "2026-02-30"}}}
            << QStringList{} << std::string("key.bad_limits");
        QTest::newRow("a model with blanks")
            << u"x"_s << KeyLimits{} << QStringList{u"gpt 4o"_s} << std::string("key.bad_name");
    }
    void refusesVirtualKeysThatCannotBe()
    {
        QFETCH(QString, slug);
        QFETCH(KeyLimits, limits);
        QFETCH(QStringList, models);
        QFETCH(std::string, code);
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        const auto made = add(
            gateway.control(),
            {.slug = slug, .account = gateway.account(), .models = models, .limits = std::move(limits)});
        QVERIFY(!made);
        QCOMPARE(made.error().code, code);
        QCOMPARE(gateway.control().virtualKeys().size(), 2U);
    }

    void theFirstKeyOfAnAccountStaysWithIt()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        Awaited<AccountId> other;
        control.addAccount({.provider = u"ollama"_s, .slug = u"local"_s}, other.take());
        QVERIFY(other.wait() && *other);
        const auto first = bySlug(control, u"mock"_s)->id;
        QCOMPARE(codeOf([&](Reply<> reply) { control.removeVirtualKey(first, std::move(reply)); }),
                 "store.first_virtual_key");
        QCOMPARE(codeOf([&](Reply<> reply) {
                     control.editVirtualKey(first, {.account = **other}, std::move(reply));
                 }),
                 "store.first_virtual_key");
        const auto further = add(control, {.slug = u"team"_s, .account = gateway.account()});
        QVERIFY(further);
        QCOMPARE(codeOf([&](Reply<> reply) {
                     control.editVirtualKey(*further, {.account = **other}, std::move(reply));
                 }),
                 "");
        QCOMPARE(bySlug(control, u"team"_s)->accountSlug, u"local"_s);
    }

    void aKeySaysWhichConfigsNameItAndWhatKeepsItFromWork()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        Awaited<ConfigSave> saved;
        control.createConfig({.name = u"both"_s,
                              .text = R"({"strategy":{"mode":"fallback"},"targets":[{"provider":"@mock"},)"
                                      R"({"override_params":{"model":"@practice/echo"}}]})"},
                             saved.take());
        QVERIFY(saved.wait() && *saved && (*saved)->saved);
        const QStringList users{(*saved)->config.slug};
        QCOMPARE(bySlug(control, u"mock"_s)->usedBy, users);
        QCOMPARE(bySlug(control, u"practice"_s)->usedBy, users);

        QCOMPARE(codeOf([&](Reply<> reply) {
                     control.setAccountEnabled(gateway.account(), false, std::move(reply));
                 }),
                 "");
        QCOMPARE(bySlug(control, u"mock"_s)->state, KeyState::AccountOff);
        QCOMPARE(codeOf([&](Reply<> reply) {
                     control.setAccountEnabled(gateway.account(), true, std::move(reply));
                 }),
                 "");
        QCOMPARE(bySlug(control, u"mock"_s)->state, KeyState::On);
    }

    void editsOnTheirWayKeepOneAnothersChanges()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto id = bySlug(control, u"mock"_s)->id;
        Awaited<void> off;
        Awaited<void> noted;
        control.editVirtualKey(id, {.enabled = false}, off.take());
        control.editVirtualKey(id, {.note = u"mine"_s}, noted.take());
        QVERIFY(off.wait() && *off && noted.wait() && *noted);
        QCOMPARE(bySlug(control, u"mock"_s)->note, u"mine"_s);
        QCOMPARE(bySlug(control, u"mock"_s)->state, KeyState::Off);
    }

    void aClientKeyKeepsEverythingOverARestart()
    {
        const QTemporaryDir directory;
        const auto expires = QDateTime::fromSecsSinceEpoch(2'000'000'000);
        ClientKeyInfo before;
        {
            const auto control = openAt(directory);
            const auto made = create(*control,
                                     {.name = u" agent "_s,
                                      .scopes = {u"use"_s, u"configs.read"_s},
                                      .defaults = {.allowConfigOverride = false},
                                      .note = u"of Ada"_s,
                                      .expires = expires,
                                      .metadata = {{u"_user"_s, u"ada"_s}},
                                      .slugs = {u"practice"_s},
                                      .models = {u"@practice/echo"_s},
                                      .limits = someLimits()});
            QVERIFY(made);
            before = *find(control->clientKeys(), made->info.id);
        }
        const auto control = openAt(directory);
        const auto *key = find(control->clientKeys(), before.id);
        QVERIFY(key);
        QCOMPARE(*key, before);
        QCOMPARE(key->name, u"agent"_s);
        QCOMPARE(key->scopes, (QStringList{u"use"_s, u"configs.read"_s}));
        QCOMPARE(key->expires, expires);
        QCOMPARE(key->metadata, (QMap<QString, QString>{{u"_user"_s, u"ada"_s}}));
        QCOMPARE(key->slugs, QStringList{u"practice"_s});
        QCOMPARE(key->limits, someLimits());
        QCOMPARE(codeOf([&](Reply<> reply) {
                     control->editClientKey(key->id, {.slugs = QStringList{u"nowhere"_s}}, std::move(reply));
                 }),
                 "key.unknown_slug");
        QCOMPARE(codeOf([&](Reply<> reply) {
                     control->editClientKey(key->id, {.scopes = QStringList{u"root"_s}}, std::move(reply));
                 }),
                 "key.bad_request");
    }

    void aRotatedKeysOldTokenHoldsForItsGrace()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto made = create(control, {.name = u"agent"_s, .scopes = {u"use"_s}});
        QVERIFY(made);
        const auto id = made->info.id;
        const auto second = rotate(control, id, 1h);
        QVERIFY(second);
        QVERIFY(second->info.lastFour != made->info.lastFour);
        QCOMPARE(statusWith(gateway, made->token), 200);
        QCOMPARE(statusWith(gateway, second->token), 200);
        const auto *key = find(control.clientKeys(), id);
        QVERIFY(key->oldTokenEnds > QDateTime::currentDateTime().addSecs(3500));

        const auto tooSoon = rotate(control, id, 1h);
        QVERIFY(!tooSoon);
        QCOMPARE(tooSoon.error().code, "key.rotating");
        const auto third = rotate(control, id, 0ms);
        QVERIFY(third);
        QCOMPARE(statusWith(gateway, made->token), 401);
        QCOMPARE(statusWith(gateway, second->token), 401);
        QCOMPARE(statusWith(gateway, third->token), 200);
        QVERIFY(!find(control.clientKeys(), id)->oldTokenEnds.isValid());
        QTRY_VERIFY(find(control.clientKeys(), id)->lastUsed.isValid());
    }
};

} // namespace portolan::control

QTEST_GUILESS_MAIN(portolan::control::TestKeys)
#include "tst_keys.moc"

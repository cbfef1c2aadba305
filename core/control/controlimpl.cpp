// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/admission/clientkeys.h"
#include "core/base/requestid.h"
#include "core/control/auditjson.h"
#include "core/control/settingsmap.h"
#include "core/gateway/admincalls.h"
#include "core/gateway/recorder.h"
#include "core/http/curlversion.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QMetaObject>
#include <QStandardPaths>

#include <boost/version.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <simdjson.h>
#include <sodium.h>
#include <sqlite3.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

std::filesystem::path toPath(const QString &path)
{
    return std::filesystem::path(path.toStdString());
}

Result<Stored> readStored(store::Reader &reader)
{
    Stored stored;
    auto accounts = reader.accounts();
    if (!accounts)
        return fail(std::move(accounts).error());
    auto model_choices = reader.modelChoices();
    if (!model_choices)
        return fail(std::move(model_choices).error());
    auto virtual_keys = reader.virtualKeys();
    if (!virtual_keys)
        return fail(std::move(virtual_keys).error());
    auto client_keys = reader.clientKeys();
    if (!client_keys)
        return fail(std::move(client_keys).error());
    auto configs = reader.configs();
    if (!configs)
        return fail(std::move(configs).error());
    for (auto &config : *configs)
        stored.configs.push_back(storedConfig(std::move(config)));
    stored.accounts = *std::move(accounts);
    stored.model_choices = *std::move(model_choices);
    stored.virtual_keys = *std::move(virtual_keys);
    stored.client_keys = *std::move(client_keys);
    return stored;
}

/// "[::1]:8787" into address and port.
std::optional<std::pair<QString, std::uint16_t>> splitAddress(const QString &text)
{
    const auto colon = text.lastIndexOf(u':');
    auto address = text.left(colon);
    if (address.startsWith(u'[') && address.endsWith(u']'))
        address = address.mid(1, address.size() - 2);
    bool understood = false;
    const auto port = text.mid(colon + 1).toUShort(&understood);
    if (colon <= 0 || !understood || address.isEmpty())
        return std::nullopt;
    return std::pair(address, port);
}

QString hostAndPort(const QString &address, int port)
{
    return address.contains(u':') ? u"[%1]:%2"_s.arg(address).arg(port) : u"%1:%2"_s.arg(address).arg(port);
}

} // namespace

QString defaultDataDirectory(const QString &profile)
{
    const auto base = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return base + u"/portolan/"_s + profile;
}

bool isListenAddress(const QString &text)
{
    const auto listen = splitAddress(text);
    return listen && (listen->first == u"localhost" || !QHostAddress(listen->first).isNull());
}

DiscoveryOptions ControlImpl::discoveryOptions()
{
    DiscoveryOptions options;
    // Our own listener would answer as a model server does.
    options.port = [this](std::uint16_t port) {
        return m_listener && m_listener->port() == port ? std::uint16_t{0} : port;
    };
    return options;
}

store::ClientKeyRow ControlImpl::newKeyRow(std::string name, const SecretBytes &token)
{
    store::ClientKeyRow row;
    row.name = std::move(name);
    const auto hash = admission::hashToken(token.view());
    row.token_hash.assign(reinterpret_cast<const char *>(hash.data()), hash.size());
    row.last_four = lastFour(token.view());
    row.scopes = {"use"};
    row.created_us = gateway::wallClockUs();
    return row;
}

Result<SharedSecret> ControlImpl::makeFirstKey(store::Store &store, Stored &stored)
{
    auto token = std::make_shared<const SecretBytes>(admission::makeToken());
    auto row = newKeyRow("default", *token);
    auto made = store.changeAndWait([&row](store::Changes &changes) -> Result<> {
        auto id = changes.insertClientKey(row);
        if (!id)
            return fail(std::move(id).error());
        row.id = *id;
        return changes.addAudit({.at_us = row.created_us,
                                 .actor_kind = "program",
                                 .action = "create",
                                 .resource = "client key",
                                 .name = row.name,
                                 .after = auditJson(row)});
    });
    if (!made)
        return fail(std::move(made).error());
    stored.client_keys.push_back(std::move(row));
    return token;
}

Result<std::unique_ptr<Control>> Control::open(ControlOptions options)
{
    if (options.dataDirectory.isEmpty())
        options.dataDirectory = defaultDataDirectory(options.profile);
    Opened opened;
    auto store = store::Store::open({.directory = toPath(options.dataDirectory)});
    if (!store)
        return fail(std::move(store).error());
    opened.store = *std::move(store);

    auto vault = vault::openVault({.directory = toPath(options.dataDirectory),
                                   .profile = options.profile.toStdString(),
                                   .use_keyring = options.useKeyring,
                                   .ask_passphrase = options.askPassphrase});
    if (!vault)
        return fail(std::move(vault).error());
    opened.vault = *std::move(vault);

    auto reader = opened.store->openReader();
    if (!reader)
        return fail(std::move(reader).error());
    auto stored = readStored(**reader);
    if (!stored)
        return fail(std::move(stored).error());
    opened.stored = *std::move(stored);
    auto listed = (*reader)->accountModels();
    if (!listed)
        return fail(std::move(listed).error());
    opened.listed = *std::move(listed);
    auto use = (*reader)->keyUse();
    if (!use)
        return fail(std::move(use).error());
    opened.key_use = *std::move(use);
    auto settings = (*reader)->settings();
    if (!settings)
        return fail(std::move(settings).error());
    opened.settings = settingsFrom(*settings);

    if (opened.stored.client_keys.empty()) {
        auto token = ControlImpl::makeFirstKey(*opened.store, opened.stored);
        if (!token)
            return fail(std::move(token).error());
        opened.first_token = *std::move(token);
    }
    opened.catalog = catalog::Catalog::shipped();
    opened.options = std::move(options);
    return std::make_unique<ControlImpl>(std::move(opened));
}

ControlImpl::ControlImpl(Opened opened)
    : m_options(std::move(opened.options))
    , m_store(std::move(opened.store))
    , m_vault(std::move(opened.vault))
    , m_catalog(std::move(opened.catalog))
    , m_stored(std::move(opened.stored))
    , m_settings(std::move(opened.settings))
    , m_first_token(std::move(opened.first_token))
    , m_own_token(std::make_shared<const SecretBytes>(admission::makeToken()))
    , m_own_key(newKeyRow("this window", *m_own_token))
    , m_hop(makeSpanId())
    , m_feed(m_options.hasWindow)
    , m_discovery(m_catalog, discoveryOptions())
{
    for (auto &listed : opened.listed)
        m_listed.insert_or_assign(listed.account, std::move(listed));
    m_services.store = m_store.get();
    m_services.observer = &m_feed;
    m_ledger.restore(std::move(opened.key_use));
    m_services.ledger = &m_ledger;
    m_store->setRetention({.rows_days = m_settings.rowsDays,
                           .bodies_days = m_settings.bodiesDays,
                           .bodies_bytes = static_cast<std::uint64_t>(m_settings.bodiesBytes)});
    m_prober = std::make_unique<Prober>(m_settings.caFile.toStdString());
    const auto options = listenerOptions(m_settings);
    m_gateway.address = hostAndPort(QString::fromStdString(options.address), options.port);
    m_gateway.baseUrl = u"http://%1/v1"_s.arg(m_gateway.address);
    m_open_on_loopback = m_options.openOnLoopback.value_or(m_settings.openOnLoopback);
    takeProxies();
    publish();
    refreshAccounts();
    refreshClientKeys();
    refreshConfigs();
    refreshVirtualKeys();
    refreshProblems();

    connect(&m_feed_timer, &QTimer::timeout, this, &ControlImpl::drainFeed);
    connect(&m_tick_timer, &QTimer::timeout, this, &ControlImpl::tick);
    if (m_options.hasWindow)
        m_feed_timer.start(100);
    m_tick_timer.start(1000);
    refreshPulse();
}

ControlImpl::~ControlImpl()
{
    m_prober.reset();
    // Admin calls wait for this thread and would hold up the drain.
    if (m_admin)
        m_admin->end();
    if (m_listener)
        m_listener->drain();
    m_listener.reset();
    m_admin.reset();
    // The reader belongs to its worker's thread and must die there, before the store.
    m_reading.post([this] { m_reader.reset(); });
    m_store->flush();
}

void ControlImpl::post(std::function<void()> job)
{
    QMetaObject::invokeMethod(this, std::move(job), Qt::QueuedConnection);
}

void ControlImpl::change(std::function<Result<>(store::Changes &)> job, std::function<void()> apply,
                         Reply<> reply)
{
    m_store->change(std::move(job),
                    [this, apply = std::move(apply), reply = std::move(reply)](Result<> done) {
                        post([this, apply, reply, done = std::move(done)] {
                            if (done) {
                                apply();
                                publish();
                            }
                            if (reply)
                                reply(done);
                        });
                    });
}

ListenerOptions ControlImpl::listenerOptions(const Settings &settings) const
{
    ListenerOptions options;
    options.address = settings.listenAddress.toStdString();
    options.port = static_cast<std::uint16_t>(settings.port);
    if (const auto listen = splitAddress(m_options.listen)) {
        options.address = listen->first.toStdString();
        options.port = listen->second;
    }
    options.threads = settings.ioThreads;
    options.limits = settings.limits;
    for (const auto &host : settings.allowedHosts)
        options.allowed_hosts.push_back(host.toStdString());
    for (const auto &origin : settings.allowedOrigins)
        options.allowed_origins.push_back(origin.toStdString());
    options.ca_file = settings.caFile.toStdString();
    return options;
}

void ControlImpl::publish()
{
    ListenerFacts facts;
    facts.open_on_loopback = m_open_on_loopback && m_gateway.loopbackOnly;
    facts.hop = m_hop;
    facts.proxies = m_proxies;
    if (m_listener) {
        facts.address = m_listener->options().address;
        facts.port = m_listener->port();
    }
    Stored stored = m_stored;
    stored.client_keys.push_back(m_own_key);
    m_published = std::chrono::steady_clock::now();
    auto snapshot = buildSnapshot(stored, m_settings, facts, m_catalog, *m_vault);
    m_store->setRedactor(snapshot->redactor);
    m_snapshot = snapshot;
    if (m_listener)
        m_listener->publish(std::move(snapshot));
    askForProxies();
}

void ControlImpl::setGateway(GatewayStatus status)
{
    if (status == m_gateway)
        return;
    m_gateway = std::move(status);
    emit gatewayChanged();
    refreshProblems();
}

void ControlImpl::serveAdmin(std::shared_ptr<gateway::AdminCalls> admin)
{
    m_admin = std::move(admin);
    m_services.admin = m_admin.get();
}

void ControlImpl::startGateway()
{
    if (m_listener || m_gateway.state == GatewayStatus::State::Starting)
        return;
    launch(listenerOptions(m_settings), {});
}

void ControlImpl::launch(ListenerOptions options, Reply<> reply)
{
    const bool loopback = isLoopback(QString::fromStdString(options.address));
    auto status = m_gateway;
    status.state = GatewayStatus::State::Starting;
    status.loopbackOnly = loopback;
    status.openOnLoopback = m_open_on_loopback && loopback;
    status.reason.clear();
    setGateway(status);
    publish();
    if (!loopback && m_stored.client_keys.empty()) {
        const Error error{.origin = Origin::Config,
                          .code = "listen.no_key",
                          .message = "Listening beyond this computer needs a client key first. Make one with "
                                     "portolan-gateway key create."};
        status.state = GatewayStatus::State::Failed;
        status.reason = QString::fromStdString(error.message);
        setGateway(status);
        if (reply)
            reply(fail(error));
        return;
    }
    m_lifecycle.post([this, options = std::move(options), snapshot = m_snapshot, reply = std::move(reply)] {
        auto started = Listener::start(options, m_services, snapshot);
        // Shared, because a std::function must be copyable.
        auto listener = std::make_shared<Result<std::unique_ptr<Listener>>>(std::move(started));
        post([this, listener, reply] {
            if (*listener) {
                adopt(*std::move(*listener));
                if (reply)
                    reply({});
                return;
            }
            const Error &error = listener->error();
            auto failed = m_gateway;
            failed.state = m_listener ? GatewayStatus::State::Running : GatewayStatus::State::Failed;
            failed.reason = QString::fromStdString(error.message);
            setGateway(failed);
            if (reply)
                reply(fail(error));
        });
    });
}

void ControlImpl::adopt(std::unique_ptr<Listener> listener)
{
    auto old = std::exchange(m_listener, std::move(listener));
    auto status = m_gateway;
    status.state = GatewayStatus::State::Running;
    status.address = hostAndPort(QString::fromStdString(m_listener->options().address), m_listener->port());
    status.baseUrl = u"http://%1/v1"_s.arg(status.address);
    status.runningSince = QDateTime::currentDateTime();
    status.reason.clear();
    publish();
    setGateway(status);
    if (old)
        retire(std::move(old), {});
}

void ControlImpl::retire(std::shared_ptr<Listener> listener, std::function<void()> then)
{
    m_lifecycle.post([this, listener = std::move(listener), then = std::move(then)]() mutable {
        listener->drain();
        listener.reset();
        if (then)
            post(then);
    });
}

void ControlImpl::stopGateway()
{
    if (!m_listener)
        return;
    auto status = m_gateway;
    status.state = GatewayStatus::State::Draining;
    setGateway(status);
    m_draining = m_listener;
    m_cuts = false;
    retire(std::move(m_listener), [this] {
        auto stopped = m_gateway;
        stopped.state = GatewayStatus::State::Stopped;
        stopped.active = 0;
        setGateway(stopped);
    });
}

void ControlImpl::cutGateway()
{
    stopGateway();
    m_cuts = true;
    if (const auto draining = m_draining.lock())
        draining->abortAll();
}

void ControlImpl::changeSettings(Settings settings, Reply<> reply)
{
    if (const auto why = whyInvalid(settings); !why.isEmpty()) {
        post([reply, why] {
            reply(fail({.origin = Origin::Client, .code = "settings.invalid", .message = why.toStdString()}));
        });
        return;
    }
    auto before = toMap(m_settings);
    auto after = toMap(settings);
    std::erase_if(before, [&](const auto &entry) { return after.at(entry.first) == entry.second; });
    std::erase_if(after, [&](const auto &entry) { return !before.contains(entry.first); });
    auto store_changes = [after](store::Changes &changes) -> Result<> {
        for (const auto &[name, value] : after) {
            if (auto set = changes.setSetting(name, value); !set)
                return set;
        }
        return {};
    };
    auto apply = [this, settings] {
        const auto old = listenerOptions(m_settings);
        const bool other_proxy
            = m_settings.proxyMode != settings.proxyMode || m_settings.proxy != settings.proxy;
        m_settings = settings;
        if (other_proxy)
            takeProxies();
        m_open_on_loopback = m_options.openOnLoopback.value_or(m_settings.openOnLoopback);
        m_store->setRetention({.rows_days = m_settings.rowsDays,
                               .bodies_days = m_settings.bodiesDays,
                               .bodies_bytes = static_cast<std::uint64_t>(m_settings.bodiesBytes)});
        if (m_prober_ca != m_settings.caFile) {
            m_prober_ca = m_settings.caFile;
            m_prober = std::make_unique<Prober>(m_prober_ca.toStdString());
            m_prober->follow(m_proxies);
        }
        auto status = m_gateway;
        status.openOnLoopback = m_open_on_loopback && status.loopbackOnly;
        setGateway(status);
        emit settingsChanged();
        const auto wanted = listenerOptions(m_settings);
        if (!m_listener || wanted == old)
            return;
        if (wanted.address == old.address && wanted.port == old.port) {
            // The address is the same, so the old listener has to let go of it first.
            retire(std::move(m_listener), {});
        }
        launch(wanted, {});
    };
    change({.action = "update",
            .resource = "settings",
            .before = auditJson(before),
            .after = [after] { return auditJson(after); }},
           std::move(store_changes), std::move(apply), std::move(reply));
}

QString ControlImpl::dataDirectory() const
{
    return m_options.dataDirectory;
}

QString ControlImpl::masterKeyHome() const
{
    switch (m_vault->home()) {
    case vault::KeyHome::Keyring: return tr("in the keyring of this desktop");
    case vault::KeyHome::Passphrase: return tr("in the data directory, wrapped by your passphrase");
    case vault::KeyHome::KeyFile: return tr("in a file of the data directory that only you can read");
    }
    return {};
}

std::vector<Version> ControlImpl::versions() const
{
    return {
        {u"Portolan"_s, QStringLiteral(PORTOLAN_VERSION)},
        {u"Qt"_s, QString::fromLatin1(qVersion())},
        {u"SQLite"_s, QString::fromLatin1(sqlite3_libversion())},
        {u"OpenSSL"_s, QString::fromLatin1(OpenSSL_version(OPENSSL_VERSION_STRING))},
        {u"Boost"_s,
         u"%1.%2.%3"_s.arg(BOOST_VERSION / 100000).arg(BOOST_VERSION / 100 % 1000).arg(BOOST_VERSION % 100)},
        {u"libsodium"_s, QString::fromLatin1(sodium_version_string())},
        {u"zstd"_s, QString::fromLatin1(ZSTD_versionString())},
        {u"libcurl"_s, QString::fromStdString(http::curlVersion())},
        {u"simdjson"_s,
         u"%1.%2.%3"_s.arg(simdjson::SIMDJSON_VERSION_MAJOR)
             .arg(simdjson::SIMDJSON_VERSION_MINOR)
             .arg(simdjson::SIMDJSON_VERSION_REVISION)},
    };
}

} // namespace portolan::control

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/settingsmap.h"

#include "core/http/proxy.h"

#include <QCoreApplication>
#include <QHostAddress>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

/// One setting: how it is written and read. A reader returns false for a value that cannot be used.
struct Entry {
    std::string name;
    std::function<std::string(const Settings &)> write;
    std::function<bool(Settings &, const std::string &)> read;
};

template <typename Number>
bool readNumber(const std::string &text, Number least, Number most, Number &into)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return false;
    into = value;
    return true;
}

template <typename Member>
Entry number(std::string name, Member Settings::*member, Member least, Member most)
{
    return {std::move(name), [=](const Settings &s) { return std::to_string(s.*member); },
            [=](Settings &s, const std::string &text) { return readNumber(text, least, most, s.*member); }};
}

Entry flag(std::string name, bool Settings::*member)
{
    return {std::move(name), [=](const Settings &s) { return std::string(s.*member ? "true" : "false"); },
            [=](Settings &s, const std::string &text) {
                s.*member = text == "true";
                return text == "true" || text == "false";
            }};
}

Entry text(std::string name, QString Settings::*member, QStringList allowed = {})
{
    return {std::move(name), [=](const Settings &s) { return (s.*member).toStdString(); },
            [=](Settings &s, const std::string &value) {
                const auto read = QString::fromStdString(value);
                if (!allowed.isEmpty() && !allowed.contains(read))
                    return false;
                s.*member = read;
                return true;
            }};
}

Entry list(std::string name, QStringList Settings::*member)
{
    return {std::move(name), [=](const Settings &s) { return (s.*member).join(u'\n').toStdString(); },
            [=](Settings &s, const std::string &value) {
                s.*member = QString::fromStdString(value).split(u'\n', Qt::SkipEmptyParts);
                return true;
            }};
}

Entry milliseconds(std::string name, std::chrono::milliseconds Limits::*member)
{
    constexpr std::int64_t kMost = 24LL * 3'600'000;
    return {std::move(name), [=](const Settings &s) { return std::to_string((s.limits.*member).count()); },
            [=](Settings &s, const std::string &value) {
                std::int64_t ms = 0;
                if (!readNumber<std::int64_t>(value, 1, kMost, ms))
                    return false;
                s.limits.*member = std::chrono::milliseconds(ms);
                return true;
            }};
}

Entry bytes(std::string name, std::size_t Limits::*member, std::size_t most)
{
    return {std::move(name), [=](const Settings &s) { return std::to_string(s.limits.*member); },
            [=](Settings &s, const std::string &value) {
                return readNumber<std::size_t>(value, 1, most, s.limits.*member);
            }};
}

Entry capture()
{
    return {"capture.level", [](const Settings &s) { return std::to_string(static_cast<int>(s.capture)); },
            [](Settings &s, const std::string &value) {
                int level = 0;
                if (!readNumber(value, 0, 3, level))
                    return false;
                s.capture = static_cast<trace::CaptureLevel>(level);
                return true;
            }};
}

const std::vector<Entry> &entries()
{
    static const std::vector<Entry> all{
        text("listen.address", &Settings::listenAddress),
        number("listen.port", &Settings::port, 0, 65535),
        flag("gateway.start_with_program", &Settings::startWithProgram),
        flag("gateway.open_on_loopback", &Settings::openOnLoopback),
        number("gateway.io_threads", &Settings::ioThreads, 1, 64),
        number("gateway.most_attempts", &Settings::mostAttempts, 1, 16),
        list("listen.allowed_hosts", &Settings::allowedHosts),
        list("listen.allowed_origins", &Settings::allowedOrigins),
        capture(),
        flag("capture.asked", &Settings::captureAsked),
        number("retention.rows_days", &Settings::rowsDays, 1, 36500),
        number("retention.bodies_days", &Settings::bodiesDays, 1, 36500),
        number<qint64>("retention.bodies_bytes", &Settings::bodiesBytes, 0, 1LL << 50),
        text("network.ca_file", &Settings::caFile),
        text("network.proxy_mode", &Settings::proxyMode, {u"system"_s, u"none"_s, u"fixed"_s}),
        text("network.proxy", &Settings::proxy),
        text("appearance.theme", &Settings::theme, {u"system"_s, u"light"_s, u"dark"_s}),
        text("appearance.density", &Settings::density, {u"comfortable"_s, u"compact"_s}),
        number("appearance.font_percent", &Settings::fontPercent, 50, 300),
        flag("appearance.reduced_motion", &Settings::reducedMotion),
        text("window.close_action", &Settings::closeAction, {QString(), u"tray"_s, u"quit"_s}),
        flag("home.first_steps_hidden", &Settings::firstStepsHidden),
        flag("home.snippet_skipped", &Settings::snippetSkipped),
        milliseconds("limit.connect_ms", &Limits::connect),
        milliseconds("limit.first_byte_ms", &Limits::first_byte),
        milliseconds("limit.stream_idle_ms", &Limits::stream_idle),
        milliseconds("limit.request_total_ms", &Limits::request_total),
        milliseconds("limit.client_head_ms", &Limits::client_head),
        milliseconds("limit.client_body_ms", &Limits::client_body),
        milliseconds("limit.client_idle_ms", &Limits::client_idle),
        milliseconds("limit.client_write_stall_ms", &Limits::client_write_stall),
        milliseconds("limit.drain_ms", &Limits::drain),
        milliseconds("limit.keep_alive_comment_ms", &Limits::keep_alive_comment),
        bytes("limit.body_bytes", &Limits::body_bytes, std::size_t{1} << 30),
        bytes("limit.multipart_bytes", &Limits::multipart_bytes, std::size_t{4} << 30),
        bytes("limit.held_body_bytes", &Limits::held_body_bytes, std::size_t{16} << 30),
        bytes("limit.client_connections", &Limits::client_connections, 16384),
    };
    return all;
}

/// What is wrong with the proxy. Settings lie in the store as plain text: no login goes there.
QString whyNoProxy(const Settings &settings)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("control::Settings", text); };
    if (settings.proxy.contains(u'@'))
        return tr(
            "Settings keep no password. Put the proxy with its login into the environment's HTTPS_PROXY, "
            "as http://user:password@proxy.example:3128, and choose the system's proxy.");
    if (settings.proxy.isEmpty())
        return settings.proxyMode == u"fixed" ? tr("Write the proxy's address first, then choose it.")
                                              : QString();
    const auto proxy = http::Proxy::parse(settings.proxy.toStdString());
    return proxy ? QString() : QString::fromStdString(proxy.error().message);
}

} // namespace

bool operator==(const Settings &a, const Settings &b) noexcept
{
    return toMap(a) == toMap(b);
}

Settings settingsFrom(const std::map<std::string, std::string> &stored)
{
    Settings settings;
    for (const Entry &entry : entries()) {
        const auto found = stored.find(entry.name);
        if (found == stored.end())
            continue;
        Settings candidate = settings;
        if (entry.read(candidate, found->second))
            settings = std::move(candidate);
    }
    // Written before there was a choice: the proxy was meant for everything.
    if (!stored.contains("network.proxy_mode") && !settings.proxy.isEmpty())
        settings.proxyMode = u"fixed"_s;
    return settings;
}

std::map<std::string, std::string> toMap(const Settings &settings)
{
    std::map<std::string, std::string> stored;
    for (const Entry &entry : entries())
        stored.emplace(entry.name, entry.write(settings));
    return stored;
}

bool isLoopback(const QString &address)
{
    return address == u"localhost" || QHostAddress(address).isLoopback();
}

QString whyInvalid(const Settings &settings)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("control::Settings", text); };
    const auto stored = toMap(settings);
    for (const Entry &entry : entries()) {
        Settings candidate;
        if (!entry.read(candidate, stored.at(entry.name)))
            return tr("The value of %1 is out of range.").arg(QString::fromStdString(entry.name));
    }
    if (settings.listenAddress != u"localhost" && QHostAddress(settings.listenAddress).isNull())
        return tr("The address to listen on must be an IP address such as 127.0.0.1.");
    if (settings.openOnLoopback && !isLoopback(settings.listenAddress))
        return tr("Open on loopback works on 127.0.0.1 only. Listen there, or keep asking for a client key.");
    const bool bad_origin = std::ranges::any_of(settings.allowedOrigins, [](const QString &origin) {
        return !origin.startsWith(u"http://") && !origin.startsWith(u"https://");
    });
    if (bad_origin)
        return tr("An allowed origin is written like https://example.com:8443.");
    return whyNoProxy(settings);
}

} // namespace portolan::control

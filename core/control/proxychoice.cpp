// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/proxychoice.h"

#include <QNetworkProxy>

#include <cstdlib>
#include <utility>

namespace portolan::control {

namespace {

http::SharedProxy converted(const QNetworkProxy &from)
{
    http::Proxy proxy;
    switch (from.type()) {
    case QNetworkProxy::HttpProxy:
    case QNetworkProxy::HttpCachingProxy: proxy.kind = http::Proxy::Kind::Http; break;
    case QNetworkProxy::Socks5Proxy: proxy.kind = http::Proxy::Kind::Socks5; break;
    default: return nullptr;
    }
    proxy.host = from.hostName().toLower().toStdString();
    proxy.port = from.port();
    proxy.user = from.user().toStdString();
    if (auto password = from.password().toStdString(); !password.empty())
        proxy.password = std::make_shared<const SecretBytes>(SecretBytes::take(password));
    return proxy.host.empty() || proxy.port == 0 ? nullptr
                                                 : std::make_shared<const http::Proxy>(std::move(proxy));
}

http::SharedProxy systemAnswer(const std::string &host, std::uint16_t port, bool tls)
{
    const QNetworkProxyQuery query(QString::fromStdString(host), port,
                                   tls ? QStringLiteral("https") : QStringLiteral("http"),
                                   QNetworkProxyQuery::TcpSocket);
    const auto proxies = QNetworkProxyFactory::systemProxyForQuery(query);
    return proxies.isEmpty() ? nullptr : converted(proxies.first());
}

} // namespace

std::optional<std::string> environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
}

http::ProxyRules proxyRules(const Settings &settings, const http::ProxyRules::Lookup &lookup)
{
    if (settings.proxyMode == QLatin1String(kProxyNone))
        return {};
    if (settings.proxyMode != QLatin1String(kProxyFixed))
        return http::ProxyRules::fromEnvironment(lookup);
    auto proxy = http::Proxy::parse(settings.proxy.toStdString());
    if (proxy)
        return http::ProxyRules::fixed(*std::move(proxy), lookup);
    http::ProxyRules rules;
    rules.problem = "Mend the proxy in Settings > Network. " + proxy.error().message;
    return rules;
}

http::ProxyRules withSystemAnswers(http::ProxyRules rules, const std::vector<http::Endpoint> &endpoints)
{
    rules.secure = systemAnswer("portolan.invalid", 443, true);
    rules.plain = systemAnswer("portolan.invalid", 80, false);
    rules.answers.clear();
    for (const auto &endpoint : endpoints)
        rules.answers.push_back({.host = endpoint.host,
                                 .port = endpoint.port,
                                 .tls = endpoint.tls,
                                 .proxy = systemAnswer(endpoint.host, endpoint.port, endpoint.tls)});
    return rules;
}

} // namespace portolan::control

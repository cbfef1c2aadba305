// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"
#include "core/control/proxychoice.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace portolan::control {

namespace {

std::vector<http::Endpoint> endpointsOf(const gateway::Snapshot &snapshot)
{
    std::vector<http::Endpoint> endpoints;
    for (const auto &[slug, target] : snapshot.targets) {
        const auto &endpoint = target->base.endpoint;
        if (!target->practice && !endpoint.host.empty() && !http::isLoopbackHost(endpoint.host))
            endpoints.push_back(endpoint);
    }
    const auto key = [](const http::Endpoint &e) { return std::tie(e.host, e.port, e.tls); };
    std::ranges::sort(endpoints, {}, key);
    const auto doubles = std::ranges::unique(endpoints, {}, key);
    endpoints.erase(doubles.begin(), doubles.end());
    return endpoints;
}

} // namespace

void ControlImpl::takeProxies()
{
    auto rules = proxyRules(m_settings, environment);
    m_asked.reset();
    if (m_options.hasWindow && m_settings.proxyMode == QLatin1String(kProxySystem))
        rules.problem = "Portolan is asking the system for its proxies. Try again in a moment.";
    m_proxies = std::make_shared<const http::ProxyRules>(std::move(rules));
    m_prober->follow(m_proxies);
}

void ControlImpl::askForProxies()
{
    if (!m_options.hasWindow || m_settings.proxyMode != QLatin1String(kProxySystem))
        return;
    auto endpoints = endpointsOf(*m_snapshot);
    if (m_asked == endpoints)
        return;
    m_asked = endpoints;
    m_asking.post([this, endpoints = std::move(endpoints)] {
        auto rules = withSystemAnswers(proxyRules({}, environment), endpoints);
        post([this, rules = std::make_shared<const http::ProxyRules>(std::move(rules)), endpoints] {
            if (m_asked != endpoints || m_settings.proxyMode != QLatin1String(kProxySystem))
                return; // asked again since
            m_proxies = rules;
            m_prober->follow(m_proxies);
            publish();
        });
    });
}

} // namespace portolan::control

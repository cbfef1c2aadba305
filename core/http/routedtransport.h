// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/proxyrules.h"
#include "core/http/upstream.h"

#include <memory>

namespace portolan::http {

/// The way out to real providers: direct, or over curl where the rules name a proxy. One object per I/O
/// thread.
class RoutedTransport final : public UpstreamTransport
{
public:
    /// Fails as makeDirectTransport() does.
    static Result<std::unique_ptr<RoutedTransport>> make(asio::io_context &context, DeadlineList &deadlines,
                                                         DirectOptions options);

    /// Calls that are opened from now on follow these. Never null. While the rules have a problem, calls fail
    /// with "upstream.proxy_unusable" instead of going around the proxy.
    void follow(std::shared_ptr<const ProxyRules> rules) { m_rules = std::move(rules); }
    std::unique_ptr<UpstreamCall> open(UpstreamRequest request) override;

private:
    RoutedTransport(std::unique_ptr<UpstreamTransport> direct, std::unique_ptr<UpstreamTransport> curl);

    const std::unique_ptr<UpstreamTransport> m_direct;
    const std::unique_ptr<UpstreamTransport> m_curl;
    std::shared_ptr<const ProxyRules> m_rules = std::make_shared<const ProxyRules>();
};

} // namespace portolan::http

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/routedtransport.h"

#include <utility>

namespace portolan::http {

RoutedTransport::RoutedTransport(std::unique_ptr<UpstreamTransport> direct,
                                 std::unique_ptr<UpstreamTransport> curl)
    : m_direct(std::move(direct))
    , m_curl(std::move(curl))
{ }

Result<std::unique_ptr<RoutedTransport>> RoutedTransport::make(asio::io_context &context,
                                                               DeadlineList &deadlines, DirectOptions options)
{
    auto direct = makeDirectTransport(context, deadlines, options);
    if (!direct)
        return std::unexpected(std::move(direct.error()));
    auto curl = makeCurlTransport(context, deadlines, std::move(options));
    if (!curl)
        return std::unexpected(std::move(curl.error()));
    return std::unique_ptr<RoutedTransport>(new RoutedTransport(*std::move(direct), *std::move(curl)));
}

std::unique_ptr<UpstreamCall> RoutedTransport::open(UpstreamRequest request)
{
    request.proxy = m_rules->proxyFor(request.endpoint);
    return request.proxy ? m_curl->open(std::move(request)) : m_direct->open(std::move(request));
}

} // namespace portolan::http

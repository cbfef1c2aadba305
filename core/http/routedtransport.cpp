// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/routedtransport.h"

#include <utility>

namespace portolan::http {

namespace {

/// Ends before it begins.
class RefusedCall final : public UpstreamCall
{
public:
    explicit RefusedCall(std::string_view problem)
        : m_error{
              .origin = Origin::Config, .code = "upstream.proxy_unusable", .message = std::string(problem)}
    { }

    Task<Result<UpstreamReply>> send() override { co_return fail(m_error); }
    Task<Result<std::string_view>> read() override { co_return fail(m_error); }
    [[nodiscard]] bool ready() const override { return true; }
    void cancel() override { }
    [[nodiscard]] const CallTimings &timings() const override { return m_timings; }

private:
    const Error m_error;
    const CallTimings m_timings{};
};

} // namespace

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
    if (const auto problem = m_rules->problemFor(request.endpoint); !problem.empty())
        return std::make_unique<RefusedCall>(problem);
    request.proxy = m_rules->proxyFor(request.endpoint);
    return request.proxy ? m_curl->open(std::move(request)) : m_direct->open(std::move(request));
}

} // namespace portolan::http

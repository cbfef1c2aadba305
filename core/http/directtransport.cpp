// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/directcall.h"

#include <utility>

namespace portolan::http {

namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;

class DirectTransport final : public UpstreamTransport
{
public:
    explicit DirectTransport(std::shared_ptr<DirectState> state)
        : m_state(std::move(state))
    { }

    std::unique_ptr<UpstreamCall> open(UpstreamRequest request) override
    {
        return std::make_unique<DirectCall>(m_state, std::move(request));
    }

private:
    std::shared_ptr<DirectState> m_state; // shared: a call may outlive the transport while its thread ends
};

} // namespace

Result<std::unique_ptr<UpstreamTransport>> makeDirectTransport(asio::io_context &context,
                                                               DeadlineList &deadlines, DirectOptions options)
{
    auto tls = TlsClient::make(std::move(options.ca_file));
    if (!tls)
        return std::unexpected(std::move(tls.error()));
    std::shared_ptr<DirectState> state(new DirectState{.limits = options.limits,
                                                       .deadlines = deadlines,
                                                       .dialer = Dialer(context, *std::move(tls)),
                                                       .pool = Pool(deadlines, options.limits),
                                                       .scratch = std::vector<char>(kScratchBytes)});
    return std::make_unique<DirectTransport>(std::move(state));
}

} // namespace portolan::http

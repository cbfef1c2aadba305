// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/curlcall.h"
#include "core/http/tls.h"

#include <utility>

namespace portolan::http {

namespace {

class CurlTransport final : public UpstreamTransport
{
public:
    explicit CurlTransport(std::shared_ptr<CurlLoop> loop)
        : m_loop(std::move(loop))
    { }

    std::unique_ptr<UpstreamCall> open(UpstreamRequest request) override
    {
        return std::make_unique<CurlCall>(m_loop, std::move(request));
    }

private:
    std::shared_ptr<CurlLoop> m_loop; // shared: a call may outlive the transport while its thread ends
};

} // namespace

Result<std::unique_ptr<UpstreamTransport>> makeCurlTransport(asio::io_context &context,
                                                             DeadlineList &deadlines, DirectOptions options)
{
    if (auto readable = TlsClient::make(options.ca_file); !readable)
        return std::unexpected(std::move(readable.error()));
    return std::make_unique<CurlTransport>(
        std::make_shared<CurlLoop>(context, deadlines, options.limits, std::move(options.ca_file)));
}

} // namespace portolan::http

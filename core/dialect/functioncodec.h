// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <expected>
#include <memory>

namespace portolan::dialect {

/// A provider's codec that is no more than the functions which do its parts.
class FunctionCodec final : public ProviderCodec
{
public:
    struct Functions {
        Result<WireRequest> (*encode_request)(const Request &, Exchange &);
        std::expected<Reply, ApiError> (*decode_reply)(const WireReply &, Exchange &);
        ApiError (*decode_error)(const WireReply &);
        std::unique_ptr<StreamDecoder> (*stream_decoder)(Exchange &);
        FrameFormat stream_format = FrameFormat::Sse;
    };

    explicit constexpr FunctionCodec(const Functions &functions)
        : m_do(functions)
    { }

    [[nodiscard]] Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange) const override
    {
        return m_do.encode_request(request, exchange);
    }
    [[nodiscard]] std::expected<Reply, ApiError> decodeReply(const WireReply &reply,
                                                             Exchange &exchange) const override
    {
        return m_do.decode_reply(reply, exchange);
    }
    [[nodiscard]] ApiError decodeError(const WireReply &reply) const override
    {
        return m_do.decode_error(reply);
    }
    [[nodiscard]] FrameFormat streamFormat() const override { return m_do.stream_format; }
    [[nodiscard]] std::unique_ptr<StreamDecoder> streamDecoder(Exchange &exchange) const override
    {
        return m_do.stream_decoder(exchange);
    }

private:
    const Functions m_do;
};

/// For `stream_decoder`.
template <typename Decoder>
std::unique_ptr<StreamDecoder> decoderOf(Exchange &exchange)
{
    return std::make_unique<Decoder>(exchange);
}

} // namespace portolan::dialect

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/coherecodec.h"

#include "core/dialect/cohere/answer.h"
#include "core/dialect/cohere/chatrequest.h"
#include "core/dialect/cohere/streamdecoder.h"
#include "core/dialect/functioncodec.h"

namespace portolan::dialect::cohere {

const ProviderCodec &providerCodec()
{
    static constexpr FunctionCodec kCodec({.encode_request = writeChatRequest,
                                           .decode_reply = readReply,
                                           .decode_error = readError,
                                           .stream_decoder = decoderOf<CohereStreamDecoder>});
    return kCodec;
}

} // namespace portolan::dialect::cohere

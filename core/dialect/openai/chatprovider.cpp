// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatprovider.h"

#include "core/dialect/functioncodec.h"
#include "core/dialect/openai/chatanswer.h"
#include "core/dialect/openai/chatbody.h"
#include "core/dialect/openai/chunkdecoder.h"
#include "core/dialect/openai/relativeerrors.h"

namespace portolan::dialect::openai {

const ProviderCodec &chatProviderCodec()
{
    static constexpr FunctionCodec kCodec({.encode_request = encodeChatRequest,
                                           .decode_reply = decodeChatAnswer,
                                           .decode_error = readRelativeError,
                                           .stream_decoder = chunkDecoder});
    return kCodec;
}

} // namespace portolan::dialect::openai

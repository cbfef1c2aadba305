// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/codecs.h"

#include "core/dialect/functioncodec.h"
#include "core/dialect/openai/relativeerrors.h"
#include "core/dialect/responses/providerreply.h"
#include "core/dialect/responses/providerrequest.h"
#include "core/dialect/responses/streamdecoder.h"

namespace portolan::dialect::responses {

const ProviderCodec &providerCodec()
{
    static constexpr FunctionCodec kCodec({.encode_request = encodeRequest,
                                           .decode_reply = decodeReply,
                                           .decode_error = openai::readRelativeError,
                                           .stream_decoder = decoderOf<ResponseStreamDecoder>});
    return kCodec;
}

} // namespace portolan::dialect::responses

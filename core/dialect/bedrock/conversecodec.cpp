// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/conversecodec.h"

#include "core/dialect/bedrock/conversereply.h"
#include "core/dialect/bedrock/converserequest.h"
#include "core/dialect/bedrock/errors.h"
#include "core/dialect/functioncodec.h"

namespace portolan::dialect::bedrock {

const ProviderCodec &providerCodec()
{
    static constexpr FunctionCodec kCodec({.encode_request = converseRequest,
                                           .decode_reply = converseReply,
                                           .decode_error = readError,
                                           .stream_decoder = converseStream,
                                           .stream_format = FrameFormat::EventStream});
    return kCodec;
}

} // namespace portolan::dialect::bedrock

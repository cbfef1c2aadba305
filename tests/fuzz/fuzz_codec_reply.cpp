// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/errorkinds.h"
#include "core/dialect/replyevents.h"
#include "core/dialect/streamtranslator.h"
#include "tests/fuzz/codecpair.h"

#include <string>

using namespace portolan;

/// A provider's answer of any status, whatever its bytes, becomes a JSON body for the client, whole or as a
/// stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 3)
        return 0;
    auto pair = fuzz::pairOf(data[0], data[1]);
    dialect::WireReply reply{.status = data[2] < 128 ? 200 : 400 + data[2] % 200,
                             .headers = {{"content-type", "application/json"}, {"retry-after", "3"}},
                             .body = std::string(reinterpret_cast<const char *>(data) + 3, size - 3)};
    const auto shown = [&](const dialect::ApiError &error) {
        fuzz::requireJson(pair.client->encodeError(error));
        const int status = pair.client->statusFor(error);
        fuzz::require(status >= 400 && status <= 599);
    };
    if (reply.status >= 400) {
        shown(pair.provider->decodeError(reply));
        return 0;
    }
    const auto decoded = pair.provider->decodeReply(reply, pair.exchange);
    if (!decoded) {
        shown(decoded.error());
        return 0;
    }
    fuzz::requireJson(pair.client->encodeReply(*decoded, pair.exchange));
    dialect::StreamTranslator translator(*pair.provider, *pair.client, pair.exchange);
    std::string out;
    translator.give(dialect::eventsOf(*decoded), out);
    fuzz::require(translator.ended());
    return 0;
}

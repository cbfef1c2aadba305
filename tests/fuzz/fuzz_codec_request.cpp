// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/codecpair.h"

#include <string>
#include <string_view>

using namespace portolan;

/// A client's body, whatever it is, becomes a JSON body for the provider or a refusal that says something.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    auto pair = fuzz::pairOf(data[0], data[1]);
    const auto body = JsonDocument::parse(std::string(reinterpret_cast<const char *>(data) + 2, size - 2),
                                          {.depth = 128});
    if (!body)
        return 0;
    const auto request = pair.client->decodeRequest(*body);
    if (!request) {
        fuzz::require(!request.error().message.empty());
        return 0;
    }
    pair.exchange.stream = request->stream;
    pair.exchange.echo = pair.client->echo(*body);
    const auto wire = pair.provider->encodeRequest(*request, pair.exchange);
    if (!wire) {
        fuzz::require(!wire.error().message.empty());
        return 0;
    }
    fuzz::requireJson(wire->body);
    fuzz::require(wire->path.starts_with('/'));
    fuzz::require(wire->path.find_first_of(" \r\n") == std::string::npos);
    for (const auto &[name, value] : wire->headers)
        fuzz::require(value.find_first_of("\r\n") == std::string::npos);
    return 0;
}

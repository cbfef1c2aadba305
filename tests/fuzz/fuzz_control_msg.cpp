// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that another process can send to the control socket and to the window's: lines, secrets, raise
// messages.
#include "core/control/controlmessage.h"
#include "core/control/singleinstance.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

using namespace portolan::control;

namespace {

void need(bool holds)
{
    if (!holds)
        std::abort();
}

/// What was understood says the same again, on one line.
template <typename Message>
void checkRoundTrip(const Message &message, portolan::Result<Message> (*parse)(std::string_view))
{
    const std::string text = print(message);
    need(std::ranges::count(text, '\n') == 1 && text.ends_with('\n'));
    const auto again = parse(std::string_view(text).substr(0, text.size() - 1));
    need(again && *again == message);
}

/// As a peer reads: in pieces, lines and secrets by turns.
void readStream(std::span<const char> stream, std::size_t piece)
{
    ControlFrames frames;
    while (!stream.empty()) {
        std::span<const char> bytes = stream.first(std::min(piece, stream.size()));
        stream = stream.subspan(bytes.size());
        while (!bytes.empty()) {
            const std::size_t before = bytes.size();
            const auto got = frames.take(bytes);
            if (!got)
                return;
            need(bytes.size() < before);
            if (*got == ControlFrames::Got::Secret) {
                need(frames.takeSecret()->size() > 0);
                continue;
            }
            if (*got == ControlFrames::Got::Nothing)
                continue;
            const auto request = parseControlRequest(frames.line());
            if (!request)
                return;
            if (request->secretBytes > 0)
                frames.expectSecret(request->secretBytes);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    if (const auto request = parseControlRequest(text))
        checkRoundTrip(*request, &parseControlRequest);
    if (const auto reply = parseControlReply(text))
        checkRoundTrip(*reply, &parseControlReply);
    if (const auto files = parseRaiseMessage(text))
        need(parseRaiseMessage(printRaiseMessage(*files)).has_value());
    readStream({text.data(), text.size()}, size == 0 ? 1 : 1 + std::size_t(data[0]) % 64);
    return 0;
}

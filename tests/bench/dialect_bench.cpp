// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a translation costs: dialect_bench [rounds]. An OpenAI client, an Anthropic provider, 2 KB in, 1 KB
// out, and a stream of 64 frames; processor time of this thread, median of ten rounds. No sockets, no
// records.

#include "core/dialect/codec.h"
#include "core/dialect/streamtranslator.h"
#include "tests/bench/timing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

using namespace portolan;
using namespace portolan::dialect;

namespace {

constexpr int kFrames = 64;

std::string words(std::size_t size)
{
    std::string text;
    while (text.size() < size)
        text += "the quick brown fox jumps over the lazy dog ";
    text.resize(size);
    return text;
}

std::string request()
{
    return R"({"model":"@claude/claude-haiku-4-5","temperature":0.7,"max_tokens":512,"messages":[{"role":"system","content":")"
        + words(400) + R"("},{"role":"user","content":")" + words(1200)
        + R"("}],"tools":[{"type":"function","function":{"name":"get_weather","description":"Weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["c","f"]}},"required":["city"]}}}]})";
}

std::string reply()
{
    return R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"text","text":")"
        + words(800)
        + R"("}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":400,"output_tokens":200}})";
}

std::string stream()
{
    std::string text
        = "event: message_start\ndata: "
          "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
          "\"role\":\"assistant\",\"model\":\"claude-haiku-4-5\",\"content\":[],\"stop_reason\":null,"
          "\"usage\":{\"input_tokens\":400,\"output_tokens\":1}}}\n\n"
          "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
          "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
    for (int i = 0; i < kFrames; ++i)
        text += "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                "\"delta\":{\"type\":\"text_delta\",\"text\":\"some words \"}}\n\n";
    return text
        + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
          "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
          "\"usage\":{\"output_tokens\":200}}\n\n"
          "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
}

[[noreturn]] void stop(const char *why)
{
    std::fprintf(stderr, "dialect_bench: %s\n", why);
    std::exit(1);
}

} // namespace

int main(int argc, char **argv)
{
    int calls = 2000;
    if (argc > 1) {
        const std::string_view text(argv[1]);
        if (std::from_chars(text.data(), text.data() + text.size(), calls).ec != std::errc() || calls < 1)
            stop("give the number of calls per round");
    }
    const auto &client = *clientCodec(Dialect::OpenAiChat);
    const auto &provider = *providerCodec(Dialect::Anthropic, Platform::Own);
    const std::string asked = request();
    const std::string answered = reply();
    const std::string streamed = stream();

    const auto exchange_ns = bench::medianNs(calls, [&] {
        const auto body = JsonDocument::parse(asked);
        Exchange exchange(1);
        exchange.target.model = "claude-haiku-4-5";
        exchange.target.dialect = Dialect::Anthropic;
        auto decoded = body ? client.decodeRequest(*body) : Result<Request>(std::unexpected(body.error()));
        if (!decoded || !provider.encodeRequest(*decoded, exchange))
            stop("the request was refused");
        const auto read = provider.decodeReply({.status = 200, .headers = {}, .body = answered}, exchange);
        if (!read || client.encodeReply(*read, exchange).empty())
            stop("the reply was refused");
    });
    const auto stream_ns = bench::medianNs(calls / 10 + 1, [&] {
        Exchange exchange(1);
        exchange.stream = true;
        StreamTranslator translator(provider, client, exchange);
        std::string out;
        translator.feed(streamed, out);
        translator.end(out);
        if (translator.failure())
            stop("the stream failed");
    });
    std::printf("exchange of %zu + %zu bytes: %.1f us\nstreamed frame: %.2f us\n", asked.size(),
                answered.size(), double(exchange_ns) / 1000, double(stream_ns) / 1000 / kFrames);
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/gemini/providerside.h"

#include <algorithm>
#include <variant>

namespace portolan::dialect::testing {
namespace {

std::string number(std::int64_t value)
{
    return std::to_string(value);
}

std::string nameOf(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop: return "stop";
    case FinishReason::StopSequence: return "stop_sequence";
    case FinishReason::Length: return "length";
    case FinishReason::ToolCalls: return "tool_calls";
    case FinishReason::ContentFilter: return "content_filter";
    case FinishReason::ContextWindow:
    case FinishReason::Refusal:
    case FinishReason::Pause: break;
    }
    return "other";
}

/// One line for one event.
struct Line {
    std::string operator()(const StreamStart &start) const { return "start " + start.id + ' ' + start.model; }
    std::string operator()(const TextDelta &delta) const { return at("text", delta) + delta.text; }
    std::string operator()(const RefusalDelta &delta) const { return at("refusal", delta) + delta.text; }
    std::string operator()(const ReasoningDelta &delta) const { return at("reasoning", delta) + delta.text; }
    std::string operator()(const ReasoningEnd &end) const { return at("reasoned", end) + end.part.text; }
    std::string operator()(const ToolCallStart &start) const
    {
        const ToolCallPart &part = start.part;
        return at("call", start) + number(start.call) + ' ' + part.name + (part.custom ? " custom" : "")
            + (part.signature.empty() ? "" : " signed " + part.signature);
    }
    std::string operator()(const ToolCallDelta &delta) const
    {
        return at("arguments", delta) + number(delta.call) + ' ' + delta.arguments;
    }
    std::string operator()(const ToolCallEnd &end) const { return at("called", end) + number(end.call); }
    std::string operator()(const WholePart &whole) const
    {
        const auto *foreign = std::get_if<ForeignPart>(&whole.part.content);
        return at("whole", whole) + (foreign ? foreign->type : "image");
    }
    std::string operator()(const AnnotationDelta &delta) const
    {
        return at("annotations", delta) + delta.annotations.text;
    }
    std::string operator()(const LogprobsDelta &delta) const
    {
        return at("logprobs", delta) + delta.logprobs.text;
    }
    std::string operator()(const ChoiceFinish &finish) const
    {
        return at("finish", finish) + nameOf(finish.finish.reason);
    }
    std::string operator()(const UsageReport &report) const
    {
        return "usage " + number(report.usage.input) + ' ' + number(report.usage.output);
    }
    std::string operator()(const StreamFailure &failure) const { return "failure " + told(failure.error); }
    std::string operator()(const StreamEnd &) const { return "end"; }

    template <typename Event>
    static std::string at(std::string_view what, const Event &event)
    {
        return std::string(what) + (event.choice == 0 ? "" : '@' + number(event.choice)) + ' ';
    }
};

} // namespace

std::string json(std::string_view text)
{
    std::string read;
    for (const char c : text) {
        if (c == '`')
            read += "\\\"";
        else
            read += c == '\'' ? '"' : c;
    }
    return read;
}

std::string sentFor(const ProviderCodec &codec, std::string_view client_json, Exchange &exchange)
{
    const auto document = JsonDocument::parse(json(client_json));
    if (!document)
        return "the test's JSON is broken: " + document.error().message;
    const auto request = clientCodec(Dialect::OpenAiChat)->decodeRequest(*document);
    if (!request)
        return "the client's request is refused: " + request.error().message;
    const auto wire = codec.encodeRequest(*request, exchange);
    return wire ? wire->body : "400 " + wire.error().where;
}

std::string streamed(const ProviderCodec &codec, std::string_view bytes, Exchange &exchange,
                     std::size_t piece)
{
    const auto splitter = frameSplitter(codec.streamFormat());
    const auto decoder = codec.streamDecoder(exchange);
    StreamEvents events;
    Frame frame;
    while (!bytes.empty()) {
        const std::string fed(bytes.substr(0, piece));
        bytes.remove_prefix(fed.size());
        if (!splitter->feed(fed))
            return "the splitter refuses it";
        while (splitter->next(frame).value_or(false))
            decoder->frame(frame, events);
    }
    if (splitter->last(frame))
        decoder->frame(frame, events);
    decoder->end(events);
    std::string lines;
    for (const StreamEvent &event : events)
        lines += std::visit(Line(), event) + '\n';
    return lines;
}

std::string told(const ApiError &error)
{
    return number(error.status) + ' ' + error.code + ' ' + error.message;
}

std::vector<std::string> hostileJson(const std::string &whole)
{
    std::vector<std::string> bodies{"",
                                    "null",
                                    "5",
                                    "\"text\"",
                                    "[]",
                                    "{",
                                    "<html>502</html>",
                                    whole + whole,
                                    std::string(5000, '[') + std::string(5000, ']'),
                                    "{\"a\":\xff\xfe}",
                                    std::string("{\"a\":\"\0\"}", 9)};
    for (std::size_t size = 1; size < whole.size(); ++size)
        bodies.push_back(whole.substr(0, size));
    return bodies;
}

bool isRefused(const ProviderCodec &codec, const std::string &body)
{
    const auto is_error = [](const ApiError &error) { return error.status >= 400 && error.status <= 599; };
    Exchange exchange(1);
    const auto reply = codec.decodeReply({.body = body}, exchange);
    return !reply && is_error(reply.error()) && is_error(codec.decodeError({.status = 500, .body = body}));
}

bool failsFor(const ProviderCodec &codec, const std::string &data, const std::string &later)
{
    Exchange exchange(1);
    const auto decoder = codec.streamDecoder(exchange);
    StreamEvents events;
    decoder->frame({.data = data}, events);
    decoder->end(events);
    const std::size_t count = events.size();
    const bool failed = count > 0 && std::holds_alternative<StreamFailure>(events.back());
    decoder->frame({.data = later}, events);
    decoder->end(events);
    return failed && events.size() == count;
}

std::string looksWholeAt(const ProviderCodec &codec, const std::string &whole)
{
    const std::size_t last_line = whole.find_last_not_of("\r\n");
    for (std::size_t size = 0; size < last_line; ++size) {
        Exchange exchange(1);
        const std::string lines = streamed(codec, whole.substr(0, size), exchange);
        if (lines.find("failure 502") == lines.npos || lines.ends_with("\nend\n"))
            return std::to_string(size);
    }
    return {};
}

} // namespace portolan::dialect::testing

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/completions.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/openai/chatclient.h"
#include "core/dialect/openai/chatreply.h"
#include "core/dialect/openai/chatrequest.h"

#include <array>
#include <set>

namespace portolan::dialect::openai {
namespace {

constexpr std::int64_t kDefaultMaxTokens = 16; // the API's own
constexpr std::array<std::string_view, 5> kKnown{"prompt", "echo", "suffix", "best_of", "logprobs"};

Result<std::string> promptOf(const JsonValue &prompt)
{
    if (auto text = prompt.string())
        return *std::move(text);
    if (prompt.size() == 1) {
        if (auto text = (*prompt.elements().begin()).string())
            return *std::move(text);
    }
    return badRequest("/prompt",
                      "This model takes one prompt as a string. Send others in requests of their own.",
                      "invalid_value");
}

Result<> refuseUnable(const JsonValue &body)
{
    if (body["echo"].boolean() == true)
        return badRequest("/echo", "This model can't repeat the prompt. Leave echo out.",
                          "unsupported_parameter");
    if (!body["suffix"].stringOr("").empty())
        return badRequest("/suffix", "This model can't fill in before a suffix. Leave suffix out.",
                          "unsupported_parameter");
    if (body["best_of"].integer().value_or(1) > 1)
        return badRequest("/best_of", "This model can't pick the best of several. Leave best_of out.",
                          "unsupported_parameter");
    if (body["logprobs"])
        return badRequest("/logprobs", "This model gives no logprobs in the legacy form. Leave logprobs out.",
                          "unsupported_parameter");
    return {};
}

std::string_view finishOfText(FinishReason reason)
{
    const std::string_view word = finishWord(reason, false);
    return word == "tool_calls" ? "stop" : word;
}

void writeChoice(JsonWriter &json, std::int64_t index, std::string_view text, std::string_view finish)
{
    json.object().member("text", text).member("index", index).key("logprobs").null();
    json.key("finish_reason");
    if (finish.empty())
        json.null();
    else
        json.string(finish);
    json.end();
}

class TextStream final : public StreamEncoder
{
public:
    explicit TextStream(Exchange &exchange)
        : m_exchange(exchange)
    { }

    void event(const StreamEvent &event, std::string &out) override
    {
        if (m_over)
            return;
        if (const auto *start = std::get_if<StreamStart>(&event))
            begin(*start);
        else if (const auto *delta = std::get_if<TextDelta>(&event))
            chunk(delta->choice, delta->text, {}, out);
        else if (const auto *finish = std::get_if<ChoiceFinish>(&event))
            chunk(finish->choice, {}, finishOfText(finish->finish.reason), out);
        else if (const auto *report = std::get_if<UsageReport>(&event))
            m_usage = report->usage;
        else if (const auto *failure = std::get_if<StreamFailure>(&event))
            fail(failure->error, out);
        else if (std::holds_alternative<StreamEnd>(event))
            end(out);
    }

private:
    void begin(const StreamStart &start)
    {
        m_usage = start.usage;
        m_head = "data: ";
        JsonWriter(m_head)
            .object()
            .member("id", start.id.empty() ? m_exchange.ids.next("cmpl-") : start.id)
            .member("object", "text_completion")
            .member("created", m_exchange.created_s)
            .member("model", shownModel(start.model, m_exchange))
            .key("choices");
    }

    void chunk(std::int64_t choice, std::string_view text, std::string_view finish, std::string &out)
    {
        if ((text.empty() && finish.empty()) || m_finished.contains(choice))
            return;
        if (!finish.empty())
            m_finished.insert(choice);
        out += m_head;
        JsonWriter json(out);
        json.array();
        writeChoice(json, choice, text, finish);
        json.end();
        out += m_exchange.include_usage ? ",\"usage\":null}\n\n" : "}\n\n";
    }

    void fail(const ApiError &error, std::string &out)
    {
        m_over = true;
        out += "data: " + chatClientCodec().encodeError(error) + "\n\n";
    }

    void end(std::string &out)
    {
        chunk(0, {}, "stop", out);
        m_over = true;
        if (m_exchange.include_usage && m_usage) {
            out += m_head + "[],\"usage\":";
            JsonWriter json(out);
            writeUsage(json, *m_usage);
            out += "}\n\n";
        }
        out += "data: [DONE]\n\n";
    }

    Exchange &m_exchange;
    std::string m_head{}; // of every chunk, up to its choices
    std::set<std::int64_t> m_finished{};
    std::optional<Usage> m_usage{};
    bool m_over = false;
};

class CompletionsClient final : public ClientCodec
{
public:
    [[nodiscard]] Result<Request> decodeRequest(const JsonDocument &document) const override
    {
        const JsonValue body(document);
        Request request{.from = Dialect::OpenAiChat};
        auto read = decodeCommon(body, request);
        if (read)
            read = refuseUnable(body);
        if (!read)
            return std::unexpected(std::move(read).error());
        auto prompt = promptOf(body["prompt"]);
        if (!prompt)
            return std::unexpected(std::move(prompt).error());
        if (!request.max_tokens)
            request.max_tokens = kDefaultMaxTokens;
        Message message{.role = Role::User};
        message.parts.push_back({.content = TextPart{.text = *std::move(prompt)}});
        request.messages.push_back(std::move(message));
        keepExtras(body, kKnown, request);
        return request;
    }

    [[nodiscard]] std::string encodeReply(const Reply &reply, Exchange &exchange) const override
    {
        std::string body;
        JsonWriter json(body);
        json.object();
        writeHead(json, "text_completion", reply, "cmpl-", exchange);
        json.key("choices").array();
        for (const Choice &choice : reply.choices) {
            std::string text;
            for (const Part &part : choice.parts) {
                if (const auto *piece = std::get_if<TextPart>(&part.content))
                    text += piece->text;
            }
            writeChoice(json, choice.index, text, finishOfText(choice.finish.reason));
        }
        json.end();
        if (reply.usage) {
            json.key("usage");
            writeUsage(json, *reply.usage);
        }
        json.end();
        return body;
    }

    [[nodiscard]] std::unique_ptr<StreamEncoder> streamEncoder(Exchange &exchange) const override
    {
        return std::make_unique<TextStream>(exchange);
    }

    [[nodiscard]] std::string encodeError(const ApiError &error) const override
    {
        return chatClientCodec().encodeError(error);
    }

    [[nodiscard]] int statusFor(const ApiError &error) const override
    {
        return chatClientCodec().statusFor(error);
    }
};

} // namespace

const ClientCodec &completionsClientCodec()
{
    static const CompletionsClient kCodec;
    return kCodec;
}

} // namespace portolan::dialect::openai

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/practice.h"

#include "core/base/requestid.h"
#include "core/gateway/practiceanswers.h"
#include "core/gateway/practicemodels.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <utility>

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;
namespace asio = http::asio;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, http::Executor>;

constexpr std::size_t kMostBodyBytes = 128U << 20;
constexpr auto kSlowFramePause = 60ms;

/// How often each flaky model was called, so that its failures are spread evenly.
using FlakyCounts = std::map<int, int>;

class PracticeCall : public http::UpstreamCall
{
public:
    PracticeCall(asio::io_context &context, FlakyCounts &flaky, http::UpstreamRequest request)
        : m_timer(context)
        , m_flaky(flaky)
        , m_request(std::move(request))
    { }

    http::Task<Result<http::UpstreamReply>> send() override;
    http::Task<Result<std::string_view>> read() override;
    bool ready() const override { return m_next == 0 || m_frame_pause.count() == 0; }
    void cancel() override;
    const http::CallTimings &timings() const override { return m_timings; }

private:
    http::Task<Result<>> takeBody();
    http::Task<Result<>> pause(std::chrono::milliseconds time);
    http::UpstreamReply answer();
    http::UpstreamReply chat(const PracticeModel &model, const PracticeQuestion &question);
    http::UpstreamReply whole(int status, std::string body, std::string_view type = "application/json");
    http::UpstreamReply unknownModel(std::string_view model);
    [[nodiscard]] std::string_view path() const;
    [[nodiscard]] std::int64_t sinceStart() const;

    Timer m_timer;
    FlakyCounts &m_flaky;
    http::UpstreamRequest m_request;
    http::CallTimings m_timings{};
    Clock::time_point m_started = Clock::now();
    std::string m_body;                // what was asked
    std::vector<std::string> m_frames; // what is left to say
    std::size_t m_next = 0;
    std::size_t m_break_after = std::string::npos; // frames, then the connection is lost
    std::chrono::milliseconds m_frame_pause{};
    std::chrono::milliseconds m_wait{};
    bool m_hangs = false;
    bool m_cancelled = false;
};

Error cancelledError()
{
    return {.origin = Origin::Client, .code = "upstream.cancelled", .message = "The call was cancelled."};
}

std::int64_t PracticeCall::sinceStart() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - m_started).count();
}

std::string_view PracticeCall::path() const
{
    const std::string_view target = m_request.target;
    return target.substr(0, target.find('?'));
}

void PracticeCall::cancel()
{
    m_cancelled = true;
    m_timer.cancel();
}

http::Task<Result<>> PracticeCall::pause(std::chrono::milliseconds time)
{
    if (m_cancelled)
        co_return fail(cancelledError());
    m_timer.expires_after(time);
    boost::system::error_code error;
    co_await m_timer.async_wait(asio::redirect_error(http::useTask, error));
    if (m_cancelled)
        co_return fail(cancelledError());
    co_return Result<>{};
}

http::Task<Result<>> PracticeCall::takeBody()
{
    for (const auto piece : m_request.body)
        m_body.append(piece);
    m_timings.bytes_sent = m_body.size();
    while (m_request.source) {
        const auto piece = co_await m_request.source->next();
        if (!piece)
            co_return fail(piece.error());
        if (piece->empty())
            break;
        m_timings.bytes_sent += piece->size();
        if (m_body.size() + piece->size() <= kMostBodyBytes)
            m_body.append(*piece);
    }
    co_return Result<>{};
}

http::UpstreamReply PracticeCall::whole(int status, std::string body, std::string_view type)
{
    http::UpstreamReply reply;
    reply.status = status;
    reply.fields.add("Content-Type", type);
    reply.fields.add("x-request-id", makeUuid());
    reply.content_length = body.size();
    m_frames.push_back(std::move(body));
    return reply;
}

http::UpstreamReply PracticeCall::unknownModel(std::string_view model)
{
    const auto shown = model.size() <= 64 ? model : std::string_view("that");
    return whole(
        404,
        errorAnswer(fmt::format("The model {} does not exist here. GET /v1/models lists what does.", shown),
                    "invalid_request_error", "model_not_found"));
}

http::UpstreamReply PracticeCall::chat(const PracticeModel &model, const PracticeQuestion &question)
{
    using Kind = PracticeModel::Kind;
    switch (model.kind) {
    case Kind::RateLimited: {
        auto reply = whole(429,
                           errorAnswer("Rate limit reached for this practice model. Try again later.",
                                       "rate_limit_error", "rate_limit_exceeded"));
        reply.fields.add("Retry-After", fmt::format("{}", model.retry_after_s));
        return reply;
    }
    case Kind::ServerError:
        return whole(model.status,
                     errorAnswer("The practice server had an error.", "server_error", "server_error"));
    case Kind::Flaky: {
        // Evenly spread: the n-th call fails when the share of failures passes a whole number.
        const int n = m_flaky[model.percent]++;
        if ((n + 1) * model.percent / 100 > n * model.percent / 100)
            return whole(
                500, errorAnswer("The practice server failed this time.", "server_error", "server_error"));
        break;
    }
    case Kind::BadJson: return whole(200, R"({"id":"chatcmpl-practice","choices":[{"mess)");
    case Kind::Hang: m_hangs = true; return {};
    case Kind::Slow: m_wait = model.delay; break;
    default: break;
    }
    const PracticeStamp stamp{.id = "chatcmpl-" + makeUuid(),
                              .created_s = std::chrono::duration_cast<std::chrono::seconds>(
                                               std::chrono::system_clock::now().time_since_epoch())
                                               .count()};
    if (!question.stream) {
        auto body = chatAnswer(question, stamp);
        if (model.kind == Kind::CutStream) {
            auto reply = whole(200, body.substr(0, body.size() / 2));
            reply.content_length = body.size();
            m_break_after = 1;
            return reply;
        }
        return whole(200, std::move(body));
    }
    m_frames = chatFrames(question, stamp);
    if (model.kind == Kind::CutStream)
        m_break_after = std::min(m_frames.size(), static_cast<std::size_t>(model.words) + 1);
    if (model.kind == Kind::Slow)
        m_frame_pause = kSlowFramePause;
    if (model.tokens_per_second > 0)
        m_frame_pause = std::chrono::milliseconds(1000 / model.tokens_per_second);
    http::UpstreamReply reply;
    reply.status = 200;
    reply.fields.add("Content-Type", "text/event-stream");
    reply.fields.add("x-request-id", makeUuid());
    return reply;
}

http::UpstreamReply PracticeCall::answer()
{
    const auto where = path();
    if (where == "/models")
        return whole(200, modelsAnswer());
    if (where == "/audio/transcriptions" || where == "/audio/translations")
        return whole(200, transcriptionAnswer("transcribe", m_body.size()));
    const auto question = PracticeQuestion::parse(m_body);
    if (!question)
        return whole(400, errorAnswer("Send a JSON object.", "invalid_request_error", "bad_request"));
    const auto model = PracticeModel::parse(question->model);
    if (!model)
        return unknownModel(question->model);
    if (where == "/embeddings")
        return whole(200, embeddingsAnswer(*question));
    if (where == "/chat/completions")
        return chat(*model, *question);
    return whole(
        404,
        errorAnswer("The practice provider has chat/completions, embeddings, audio/transcriptions and "
                    "models.",
                    "invalid_request_error", "not_found"));
}

http::Task<Result<http::UpstreamReply>> PracticeCall::send()
{
    m_timings.connected_us = 0;
    m_timings.reused = true;
    m_timings.address = "in this program";
    auto taken = co_await takeBody();
    if (!taken)
        co_return fail(std::move(taken).error());
    m_timings.sent_us = sinceStart();
    auto reply = answer();
    if (m_hangs) {
        const auto patience = m_request.first_byte_timeout;
        auto waited = co_await pause(patience);
        if (!waited)
            co_return fail(std::move(waited).error());
        co_return fail(
            {.origin = Origin::Upstream,
             .code = "upstream.first_byte_timeout",
             .message = fmt::format("The practice provider sent nothing for {} s, as asked.",
                                    std::chrono::duration_cast<std::chrono::seconds>(patience).count()),
             .retryable = true});
    }
    if (m_wait > 0ms) {
        auto waited = co_await pause(m_wait);
        if (!waited)
            co_return fail(std::move(waited).error());
    }
    m_timings.head_us = sinceStart();
    co_return reply;
}

http::Task<Result<std::string_view>> PracticeCall::read()
{
    if (m_cancelled)
        co_return fail(cancelledError());
    if (m_next == m_break_after) {
        co_return fail({.origin = Origin::Upstream,
                        .code = "upstream.truncated",
                        .message = "The practice provider broke off in mid-answer, as asked.",
                        .retryable = true});
    }
    if (m_next == m_frames.size())
        co_return std::string_view{};
    if (m_next > 0 && m_frame_pause > 0ms) {
        auto waited = co_await pause(m_frame_pause);
        if (!waited)
            co_return fail(std::move(waited).error());
    }
    const std::string &frame = m_frames[m_next++];
    m_timings.bytes_received += frame.size();
    co_return std::string_view(frame);
}

class PracticeTransport : public http::UpstreamTransport
{
public:
    explicit PracticeTransport(asio::io_context &context)
        : m_context(context)
    { }

    std::unique_ptr<http::UpstreamCall> open(http::UpstreamRequest request) override
    {
        return std::make_unique<PracticeCall>(m_context, m_flaky, std::move(request));
    }

private:
    asio::io_context &m_context;
    FlakyCounts m_flaky;
};

} // namespace

std::unique_ptr<http::UpstreamTransport> makePracticeTransport(asio::io_context &context)
{
    return std::make_unique<PracticeTransport>(context);
}

} // namespace portolan::gateway

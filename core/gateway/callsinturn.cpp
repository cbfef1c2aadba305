// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/claudepassage.h"
#include "core/gateway/headers.h"
#include "core/gateway/pipeline.h"
#include "core/gateway/recorder.h"
#include "core/gateway/refusals.h"

#include <utility>

namespace portolan::gateway {

Pipeline::Stage Pipeline::beginCalls()
{
    auto calls = [&]() -> Result<std::unique_ptr<WholeCalls>> {
        switch (m_passage.kind) {
        case Passage::Kind::Embeddings:
            return embeddingsCalls(*m_sent_body, wireTarget(), m_record.model_asked);
        case Passage::Kind::Rerank: return rerankCalls(*m_sent_body, wireTarget(), m_record.model_asked);
        case Passage::Kind::Native:
        case Passage::Kind::Translated: break;
        }
        return claudeCount(*m_sent_body, wireTarget(), claudeHead(head().fields));
    }();
    if (!calls)
        return std::unexpected(clientError(calls.error()));
    m_calls = *std::move(calls);
    return {};
}

/// Several calls are one attempt in the trace: they ask one provider for the parts of one answer.
http::Task<Pipeline::Stage> Pipeline::attemptCalls()
{
    beginAttempt();
    for (std::size_t index = 0; index < m_calls->size(); ++index) {
        const auto called = co_await oneCall(index);
        if (!called) {
            const Error error = called.error();
            addNotes(m_calls->notes());
            settleUsage(0);
            endAttempt(&error);
            co_return std::unexpected(failedCall(error));
        }
        if (m_call_error)
            break;
    }
    co_return co_await answerCalls();
}

http::Task<Result<>> Pipeline::oneCall(std::size_t index)
{
    auto request = bareRequest();
    addWire(m_calls->request(index), request);
    addOwnLines(request.fields);
    if (auto opened = co_await openAuthorized(std::move(request)); !opened)
        co_return opened;
    auto reply = co_await m_call->send();
    noteResent();
    noteTimings(m_call->timings(), m_record.attempts.back());
    if (!reply)
        co_return std::unexpected(reply.error());
    m_record.attempts.back().status = reply->status;
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.attempts.back().response_headers = loggable(reply->fields);
    auto body = co_await wholeBody();
    if (!body)
        co_return std::unexpected(std::move(body).error());
    m_call_error = m_calls->take(index, wireReply(reply->status, reply->fields, *std::move(body)));
    m_last_fields = std::move(reply->fields);
    co_return Result<>{};
}

http::Task<Pipeline::Stage> Pipeline::answerCalls()
{
    Translation::Answer answer;
    if (!m_call_error) {
        auto body = m_calls->body();
        if (body)
            answer.body = *std::move(body);
        else
            m_call_error = std::move(body).error();
    }
    m_facts = m_calls->facts();
    addNotes(m_calls->notes());
    if (m_call_error) {
        const dialect::ClientCodec &codec = *dialect::clientCodec(m_passage.client);
        answer = {.status = codec.statusFor(*m_call_error),
                  .body = codec.encodeError(*m_call_error),
                  .retry_after_ms = m_call_error->retry_after_ms,
                  .failed = true};
        m_facts.has_error = true;
        m_facts.error_code = m_call_error->code;
        m_facts.error_message = m_call_error->message;
    }
    const http::UpstreamReply reply{.status = m_record.attempts.back().status,
                                    .fields = std::move(m_last_fields)};
    co_return co_await sendAnswer(reply, std::move(answer), false);
}

} // namespace portolan::gateway

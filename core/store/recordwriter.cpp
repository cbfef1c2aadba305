// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/recordwriter.h"

#include "core/store/schema.h"
#include "core/trace/requestrow.h"

#include <string_view>
#include <utility>

namespace portolan::store {

namespace {

// The list shows one line; the whole text stands in the details.
constexpr std::size_t kMessageInRow = 300;

std::string_view cutAtCharacter(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (std::uint8_t(text[most]) & 0xc0) == 0x80)
        --most;
    return text.substr(0, most);
}

template <typename Content>
std::string_view textIn(std::string &buffer, const Content &content)
{
    buffer.clear();
    appendText(buffer, content);
    return buffer;
}

} // namespace

RecordWriter::RecordWriter(const Connection &connection)
    : m_row(connection.handle(),
            "INSERT INTO requests (id, started_us, outcome, status, error_code, error_message, client_key,"
            " client_key_name, program, endpoint, path, config, config_id, config_version, model_asked, "
            "model_served,"
            " provider, slug, account, virtual_key, stream, finish_reason, attempt_marks, queue_us, "
            "first_token_us,"
            " total_us, bytes_in, bytes_out, usage_state, tokens_in, tokens_out, tokens_cached, "
            "tokens_cache_written,"
            " tokens_reasoning, cost_state, cost, cache, cache_saved, trace_id, capture, bodies)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    , m_details(
          connection.handle(),
          "INSERT INTO request_details (id, method, error_text, note, usage, cost_input, cost_cached,"
          " cost_output, price_version, priced_as, span_id, parent_span_id, span_name, metadata, cache_key,"
          " cache_age_s, guardrails, request_hash, replay_of, request_headers, response_headers, skipped)"
          " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    , m_attempt(
          connection.handle(),
          "INSERT INTO attempts (id, kind, pointer, slug, provider, account, virtual_key, model, host,"
          " chosen_by, next_step, status, error_code, error_message, provider_request_id, reused_connection,"
          " start_us, connected_us, tls_us, sent_us, head_us, first_token_us, end_us, bytes_sent,"
          " bytes_received, usage_state, usage, cost_state, cost, request_headers, response_headers)"
          " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    , m_body(connection.handle(),
             "INSERT INTO bodies (id, packed_size, full_size, content_type, packed) VALUES (?,?,?,?,?)")
{ }

Result<> RecordWriter::write(const trace::Record &record)
{
    if (auto done = writeRow(record); !done)
        return done;
    if (auto done = writeDetails(record); !done)
        return done;
    std::int64_t place = 0;
    for (const auto &attempt : record.attempts) {
        if (place == kAttemptSlots)
            break; // the gateway stops at 16 (architecture 9.5)
        if (auto done = writeAttempt(record.id, place++, attempt); !done)
            return done;
    }
    if (auto done = writeBody(record.id, std::int64_t(BodySlot::Request), record.request_body); !done)
        return done;
    return writeBody(record.id, std::int64_t(BodySlot::Response), record.response_body);
}

std::int64_t RecordWriter::takeBodyBytes() noexcept
{
    return std::exchange(m_body_bytes, 0);
}

Result<> RecordWriter::writeRow(const trace::Record &r)
{
    const auto marks = trace::attemptMarks(r);
    const std::int64_t bodies
        = (r.request_body ? kHasRequestBody : 0) | (r.response_body ? kHasResponseBody : 0);
    m_row.bind(r.id.value).bind(r.started_us).bind(std::int64_t(r.outcome)).bind(r.status).text(r.error_code);
    m_row.text(cutAtCharacter(r.error_message, kMessageInRow))
        .bind(r.client_key.value)
        .text(r.client_key_name);
    m_row.text(r.program)
        .text(r.endpoint)
        .text(r.path)
        .text(r.config)
        .bind(r.config_id.value)
        .bind(r.config_version);
    m_row.text(r.model_asked).text(r.model_served).text(r.provider).text(r.slug).bind(r.account.value);
    m_row.bind(r.virtual_key.value).bind(r.stream ? 1 : 0).text(r.finish_reason).text(marks).bind(r.queue_us);
    m_row.bind(r.first_token_us)
        .bind(r.total_us)
        .bind(std::int64_t(r.bytes_in))
        .bind(std::int64_t(r.bytes_out));
    m_row.bind(std::int64_t(r.usage_state)).bind(r.usage.input).bind(r.usage.output).bind(r.usage.cache_read);
    m_row.bind(r.usage.cache_write)
        .bind(r.usage.reasoning)
        .bind(std::int64_t(r.cost_state))
        .bind(r.cost.value);
    m_row.bind(std::int64_t(r.cache))
        .bind(r.cache_saved.value)
        .text(r.trace_id)
        .bind(std::int64_t(r.capture));
    return m_row.bind(bodies).run();
}

Result<> RecordWriter::writeDetails(const trace::Record &r)
{
    const auto usage = textIn(m_usage, r.usage);
    const auto metadata = textIn(m_metadata, r.metadata);
    const auto asked = textIn(m_received, r.request_headers);
    const auto answered = textIn(m_sent, r.response_headers);
    const std::string skipped = toText(r.skipped);
    const bool isWholeInRow = r.error_message.size() <= kMessageInRow;
    m_details.bind(r.id.value)
        .text(r.method)
        .text(isWholeInRow ? std::string_view() : r.error_message)
        .text(r.note);
    m_details.text(usage).bind(r.cost_input.value).bind(r.cost_cached.value).bind(r.cost_output.value);
    m_details.text(r.price_version)
        .text(r.priced_as)
        .text(r.span_id)
        .text(r.parent_span_id)
        .text(r.span_name);
    m_details.text(metadata).text(r.cache_key).bind(r.cache_age_s).text(r.guardrails).text(r.request_hash);
    return m_details.bind(r.replay_of.value).text(asked).text(answered).text(skipped).run();
}

Result<> RecordWriter::writeAttempt(RequestId request, std::int64_t place, const trace::Attempt &a)
{
    const auto usage = textIn(m_usage, a.usage);
    const auto sent = textIn(m_sent, a.request_headers);
    const auto received = textIn(m_received, a.response_headers);
    m_attempt.bind(request.value * kAttemptSlots + place)
        .bind(std::int64_t(a.kind))
        .text(a.pointer)
        .text(a.slug);
    m_attempt.text(a.provider).bind(a.account.value).bind(a.virtual_key.value).text(a.model).text(a.host);
    m_attempt.text(a.chosen_by).text(a.then).bind(a.status).text(a.error_code).text(a.error_message);
    m_attempt.text(a.provider_request_id)
        .bind(a.reused_connection ? 1 : 0)
        .bind(a.start_us)
        .bind(a.connected_us);
    m_attempt.bind(a.tls_us).bind(a.sent_us).bind(a.head_us).bind(a.first_token_us).bind(a.end_us);
    m_attempt.bind(std::int64_t(a.bytes_sent)).bind(std::int64_t(a.bytes_received));
    m_attempt.bind(std::int64_t(a.usage_state))
        .text(usage)
        .bind(std::int64_t(a.cost_state))
        .bind(a.cost.value);
    return m_attempt.text(sent).text(received).run();
}

Result<> RecordWriter::writeBody(RequestId request, std::int64_t place,
                                 const std::optional<trace::Body> &body)
{
    if (!body)
        return {};
    const auto packed = m_packer.pack(body->text);
    m_body_bytes += std::int64_t(packed.size());
    m_body.bind(request.value * kBodySlots + place).bind(std::int64_t(packed.size()));
    return m_body.bind(std::int64_t(body->full_size)).text(body->content_type).blob(packed).run();
}

} // namespace portolan::store

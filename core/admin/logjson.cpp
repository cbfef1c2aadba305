// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/logjson.h"

#include "core/base/jsonwriter.h"
#include "core/base/money.h"
#include "core/trace/words.h"

#include <QDateTime>

#include <optional>

namespace portolan::admin {

namespace {

constexpr int kCostDigits = 9;

std::string_view toWord(trace::AttemptKind kind)
{
    switch (kind) {
    case trace::AttemptKind::Primary: return "primary";
    case trace::AttemptKind::Repair: return "repair";
    case trace::AttemptKind::Mirror: return "mirror";
    case trace::AttemptKind::Hedge: return "hedge";
    case trace::AttemptKind::Embed: return "embed";
    case trace::AttemptKind::Replay: return "replay";
    case trace::AttemptKind::Test: return "test";
    }
    return "other";
}

std::string_view toWord(trace::CacheState state)
{
    switch (state) {
    case trace::CacheState::Disabled: return "DISABLED";
    case trace::CacheState::Miss: return "MISS";
    case trace::CacheState::Hit: return "HIT";
    case trace::CacheState::SemanticMiss: return "SEMANTIC MISS";
    case trace::CacheState::SemanticHit: return "SEMANTIC HIT";
    case trace::CacheState::Refresh: return "REFRESH";
    }
    return "DISABLED";
}

void writeTime(JsonWriter &json, std::string_view name, std::int64_t us)
{
    json.key(name);
    if (us < 0)
        json.null();
    else
        json.number(static_cast<double>(us) / 1000.0);
}

void writePairs(JsonWriter &json, std::string_view name, const trace::Pairs &pairs)
{
    // Lines may repeat their names, so this is no object.
    json.key(name).array();
    for (const auto line : pairs.lines())
        json.array().string(line.name).string(line.value).end();
    json.end();
}

void writeCost(JsonWriter &json, trace::CostState state, NanoUsd cost)
{
    json.member("cost", trace::toString(state)).key("cost_usd");
    if (state == trace::CostState::Unknown)
        json.null();
    else
        json.string(toDecimal(cost, kCostDigits));
}

void writeUsage(JsonWriter &json, UsageState state, const Usage &usage)
{
    json.member("usage", trace::toString(state));
    const auto count = [&](std::string_view name, std::int64_t tokens) {
        json.key(name);
        if (state == UsageState::Unknown)
            json.null();
        else
            json.integer(tokens);
    };
    count("tokens_in", usage.input);
    count("tokens_out", usage.output);
    count("tokens_cached", usage.cache_read);
    count("tokens_cache_written", usage.cache_write + usage.cache_write_1h);
    count("tokens_reasoning", usage.reasoning);
}

void writeBody(JsonWriter &json, std::string_view name, const std::optional<trace::Body> &body)
{
    json.key(name);
    if (!body) {
        json.null();
        return;
    }
    json.object().member("content_type", body->content_type).member("full_size", body->full_size);
    json.member("cut", body->isCut()).member("text", body->text).end();
}

void writeAttempt(JsonWriter &json, const trace::Attempt &attempt, std::size_t number)
{
    json.object().member("number", number).member("kind", toWord(attempt.kind));
    json.member("pointer", attempt.pointer).member("slug", attempt.slug);
    json.member("provider", attempt.provider).member("model", attempt.model).member("host", attempt.host);
    json.member("chosen_by", attempt.chosen_by).member("then", attempt.then);
    json.member("status", attempt.status).member("error_code", attempt.error_code);
    json.member("error", attempt.error_message);
    json.member("provider_request_id", attempt.provider_request_id);
    json.member("reused_connection", attempt.reused_connection);
    writeTime(json, "start_ms", attempt.start_us);
    writeTime(json, "connected_ms", attempt.connected_us);
    writeTime(json, "tls_ms", attempt.tls_us);
    writeTime(json, "sent_ms", attempt.sent_us);
    writeTime(json, "head_ms", attempt.head_us);
    writeTime(json, "ttft_ms", attempt.first_token_us);
    writeTime(json, "end_ms", attempt.end_us);
    json.member("bytes_sent", attempt.bytes_sent).member("bytes_received", attempt.bytes_received);
    writeUsage(json, attempt.usage_state, attempt.usage);
    writeCost(json, attempt.cost_state, attempt.cost);
    writePairs(json, "request_headers", attempt.request_headers);
    writePairs(json, "response_headers", attempt.response_headers);
    json.end();
}

void writeHead(JsonWriter &json, const trace::Record &record)
{
    const auto time = QDateTime::fromMSecsSinceEpoch(record.started_us / 1000, Qt::UTC);
    json.member("id", record.id.value).member("object", "log");
    json.member("time", time.toString(Qt::ISODateWithMs).toStdString());
    json.member("outcome", trace::toString(record.outcome)).member("status", record.status);
    json.member("error_code", record.error_code).member("error", record.error_message);
    json.member("client_key", record.client_key_name).member("program", record.program);
    json.member("method", record.method).member("path", record.path).member("endpoint", record.endpoint);
    json.member("model", record.model_asked).member("served", record.model_served);
    json.member("provider", record.provider).member("slug", record.slug);
    json.member("config", record.config).member("config_version", record.config_version);
    json.member("stream", record.stream).member("finish_reason", record.finish_reason);
    json.member("note", record.note);
}

void writeFigures(JsonWriter &json, const trace::Record &record)
{
    writeTime(json, "ttft_ms", record.first_token_us);
    writeTime(json, "total_ms", record.total_us);
    json.member("bytes_in", record.bytes_in).member("bytes_out", record.bytes_out);
    writeUsage(json, record.usage_state, record.usage);
    writeCost(json, record.cost_state, record.cost);
    json.member("price_version", record.price_version).member("priced_as", record.priced_as);
    json.member("cache", toWord(record.cache)).member("trace_id", record.trace_id);
    json.member("span_id", record.span_id).member("parent_span_id", record.parent_span_id);
    json.member("span_name", record.span_name);
}

} // namespace

std::string logJson(const control::Detail &detail)
{
    const auto &record = detail.record;
    std::string body;
    JsonWriter json(body);
    json.object();
    writeHead(json, record);
    writeFigures(json, record);
    json.key("metadata").object();
    for (const auto line : record.metadata.lines())
        json.member(line.name, line.value);
    json.end();
    writePairs(json, "request_headers", record.request_headers);
    writePairs(json, "response_headers", record.response_headers);
    writeBody(json, "request_body", record.request_body);
    writeBody(json, "response_body", record.response_body);
    json.member("bodies_expired", detail.bodiesExpired);
    json.key("attempts").array();
    std::size_t number = 0;
    for (const auto &attempt : record.attempts)
        writeAttempt(json, attempt, ++number);
    json.end();
    json.key("skipped").array();
    for (const auto &skipped : record.skipped) {
        json.object().member("pointer", skipped.pointer).member("target", skipped.label);
        json.member("reason", skipped.reason);
        json.member("before_attempt", std::int64_t(skipped.before_attempt) + 1).end();
    }
    json.end().end();
    return body;
}

} // namespace portolan::admin

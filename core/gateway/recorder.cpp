// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/recorder.h"

#include "core/base/requestid.h"
#include "core/base/text.h"
#include "core/gateway/headers.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::gateway {

namespace {

namespace json = boost::json;

constexpr std::size_t kMetadataKeys = 64;
constexpr std::size_t kMetadataKeyBytes = 128;
constexpr std::size_t kMetadataValueBytes = 1024;
constexpr std::size_t kProgramBytes = 80;

bool hasControlCharacter(std::string_view text)
{
    return std::ranges::any_of(text,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::unexpected<Error> badMetadata(std::string message)
{
    return fail({.origin = Origin::Client, .code = "request.bad_metadata", .message = std::move(message)});
}

Result<std::string> metadataText(const json::value &value)
{
    if (const auto *text = value.if_string())
        return std::string(text->begin(), text->end());
    if (value.is_number() || value.is_bool())
        return json::serialize(value);
    return badMetadata("The values of x-portkey-metadata must be strings.");
}

Result<trace::Pairs> readMetadata(std::string_view text)
{
    boost::system::error_code error;
    const json::value parsed = json::parse(text, error);
    const auto *object = error ? nullptr : parsed.if_object();
    if (!object)
        return badMetadata("x-portkey-metadata must be a JSON object with string values.");
    if (object->size() > kMetadataKeys)
        return badMetadata(fmt::format("x-portkey-metadata takes at most {} keys.", kMetadataKeys));
    trace::Pairs pairs;
    for (const auto &[key, value] : *object) {
        auto shown = metadataText(value);
        if (!shown)
            return fail(std::move(shown).error());
        if (key.size() > kMetadataKeyBytes || shown->size() > kMetadataValueBytes)
            return badMetadata("x-portkey-metadata takes keys up to 128 bytes and values up to 1 KiB.");
        if (hasControlCharacter(key) || hasControlCharacter(*shown))
            return badMetadata("x-portkey-metadata must not hold control characters.");
        pairs.add(key, *shown);
    }
    return pairs;
}

bool isHex(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// W3C trace context: 00-<32 hex trace id>-<16 hex parent span>-<2 hex flags>.
void readTraceparent(std::string_view value, trace::Record &record)
{
    if (value.size() < 55 || value[2] != '-' || value[35] != '-' || value[52] != '-')
        return;
    const auto trace_id = value.substr(3, 32);
    const auto parent = value.substr(36, 16);
    if (!isHex(trace_id) || !isHex(parent) || trace_id == std::string(32, '0'))
        return;
    record.trace_id = std::string(trace_id);
    record.parent_span_id = std::string(parent);
}

bool holds(const trace::Pairs &pairs, std::string_view name)
{
    return std::ranges::any_of(pairs.lines(), [&](const trace::PairLine &line) { return line.name == name; });
}

/// W3C baggage, "key=value;property, ...": what is no fit metadata is left out, for its sender did not write
/// it for us.
void addBaggage(std::string_view list, trace::Pairs &metadata)
{
    while (!list.empty() && metadata.size() < kMetadataKeys) {
        const auto comma = std::min(list.find(','), list.size());
        const auto member = list.substr(0, std::min(list.substr(0, comma).find(';'), comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        const auto equals = member.find('=');
        if (equals == std::string_view::npos)
            continue;
        const auto name = trimmed(member.substr(0, equals));
        const auto value = percentDecoded(trimmed(member.substr(equals + 1)));
        const bool fits = !name.empty() && name.size() <= kMetadataKeyBytes && value
            && value->size() <= kMetadataValueBytes && isUtf8(*value) && !hasControlCharacter(*value);
        if (fits && !holds(metadata, name))
            metadata.add(name, *value);
    }
}

void takeId(const http::Fields &fields, std::string_view name, std::string &into)
{
    if (const auto value = fields.find(name); value && isClientId(*value))
        into = std::string(*value);
}

/// A header may lower what is captured, never raise it (threat-model H1).
trace::CaptureLevel captureFor(const http::Fields &fields, trace::CaptureLevel level)
{
    const auto debug = fields.find("x-portkey-debug");
    if (debug && equalsIgnoringCase(*debug, "false"))
        return std::min(level, trace::CaptureLevel::Metadata);
    return level;
}

} // namespace

Result<> describeRequest(const http::RequestHead &head, const Snapshot &snapshot, trace::Record &record,
                         trace::Pairs &metadata)
{
    const http::Fields &fields = head.fields;
    record.method = std::string(toString(head.method));
    record.path = head.path;
    record.capture = captureFor(fields, snapshot.capture);
    if (const auto agent = fields.find("user-agent"))
        record.program = programOf(*agent);

    if (const auto parent = fields.find("traceparent"))
        readTraceparent(*parent, record);
    takeId(fields, "x-portkey-trace-id", record.trace_id);
    takeId(fields, "x-portkey-span-id", record.span_id);
    takeId(fields, "x-portkey-parent-span-id", record.parent_span_id);
    takeId(fields, "x-portkey-span-name", record.span_name);
    if (record.trace_id.empty())
        record.trace_id = makeUuid();
    if (record.span_id.empty())
        record.span_id = makeSpanId();

    if (record.capture >= trace::CaptureLevel::Metadata)
        record.request_headers = loggable(fields);
    if (const auto text = fields.find("x-portkey-metadata")) {
        auto pairs = readMetadata(*text);
        if (!pairs)
            return fail(std::move(pairs).error());
        metadata = *std::move(pairs);
    }
    if (const auto baggage = fields.find("baggage"))
        addBaggage(*baggage, metadata);
    if (record.capture >= trace::CaptureLevel::Metadata)
        record.metadata = metadata;
    return {};
}

trace::Pairs withKeyMetadata(const std::vector<std::pair<std::string, std::string>> &of_key,
                             const trace::Pairs &of_request)
{
    trace::Pairs merged;
    for (const auto &[name, value] : of_key)
        merged.add(name, value);
    for (const auto &line : of_request.lines()) {
        const auto isSame = [&](const auto &pair) { return pair.first == line.name; };
        if (std::ranges::none_of(of_key, isSame))
            merged.add(line.name, line.value);
    }
    return merged;
}

void noteTimings(const http::CallTimings &timings, trace::Attempt &attempt)
{
    const auto at = [&](std::int64_t us) { return us < 0 ? -1 : attempt.start_us + us; };
    attempt.connected_us = at(timings.connected_us);
    attempt.tls_us = at(timings.tls_us);
    attempt.sent_us = at(timings.sent_us);
    attempt.head_us = at(timings.head_us);
    attempt.reused_connection = timings.reused;
    attempt.bytes_sent = timings.bytes_sent;
    attempt.bytes_received = timings.bytes_received;
}

namespace {

void takeCost(const catalog::Cost &cost, bool is_near_name, trace::Record &record)
{
    const bool estimate = cost.estimate || is_near_name || record.usage_state == UsageState::Estimated;
    record.cost_state = estimate ? trace::CostState::Estimated : trace::CostState::Exact;
    record.cost = cost.total;
    record.cost_input = cost.input;
    record.cost_cached = cost.cached;
    record.cost_output = cost.output;
}

} // namespace

void priceRecord(const Snapshot &snapshot, catalog::TariffCache &tariffs, const Target &target,
                 std::string_view service_tier, trace::Record &record)
{
    if (record.cost_state != trace::CostState::Unknown || record.usage_state == UsageState::Unknown)
        return;
    record.price_version = std::string(snapshot.catalog->asOf());
    if (target.practice) {
        record.cost_state = trace::CostState::Free;
        return;
    }
    const auto &asked = record.attempts.empty() ? record.model_asked : record.attempts.back().model;
    if (const auto *said = target.own_models ? target.own_models->find(asked) : nullptr) {
        if (const auto cost = catalog::ownCost(*said, record.usage)) {
            takeCost(*cost, false, record);
            record.price_version = said->priced_on;
            record.priced_as.append(target.provider_id).append(1, '/').append(asked).append(" (own price)");
            return;
        }
    }
    const auto &tariff = tariffs.find(snapshot.catalog, target.provider_id, asked, record.model_served);
    const auto &found = tariff.resolution();
    if (found.match == catalog::Match::FreeLocal) {
        record.cost_state = trace::CostState::Free;
        record.priced_as = "local server";
        return;
    }
    const std::string day = utcDay(record.started_us);
    const catalog::PriceContext context{.service = service_tier, .region = target.region, .day = day};
    const auto cost = tariff.price(record.usage, context);
    if (!cost)
        return;
    takeCost(*cost, catalog::isEstimate(found.match), record);
    if (found.model) {
        record.priced_as.append(found.model->provider).append(1, '/').append(found.model->id);
        if (found.match != catalog::Match::Exact)
            record.priced_as.append(" (").append(catalog::toString(found.match)).append(1, ')');
    }
}

std::string utcDay(std::int64_t us)
{
    const auto time = std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(us));
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
    std::string text = "0000-00-00"; // written by hand: every request asks for it
    const auto write = [&](std::size_t end, unsigned number) {
        for (; number > 0; number /= 10)
            text[--end] = static_cast<char>('0' + number % 10);
    };
    write(4, static_cast<unsigned>(std::clamp(static_cast<int>(day.year()), 0, 9999)));
    write(7, static_cast<unsigned>(day.month()));
    write(10, static_cast<unsigned>(day.day()));
    return text;
}

std::int64_t wallClockUs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string programOf(std::string_view user_agent)
{
    // "OpenAI/JS 6.1.0 (...)": the name, and a version that follows it as a word of its own.
    auto end = user_agent.find(" (");
    auto program = user_agent.substr(0, std::min({end, user_agent.size(), kProgramBytes}));
    if (const auto second = program.find(' '); second != std::string_view::npos) {
        if (const auto third = program.find(' ', second + 1); third != std::string_view::npos)
            program = program.substr(0, third);
    }
    if (hasControlCharacter(program) || !isUtf8(program))
        return {};
    return std::string(program);
}

} // namespace portolan::gateway

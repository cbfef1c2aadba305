// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/records.h"

#include <QtGlobal>

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>

namespace portolan::store {

namespace {

using trace::Attempt;
using trace::Record;

bool areEqual(const Attempt &a, const Attempt &b)
{
    const auto all = [](const Attempt &x) {
        return std::tuple(x.kind, x.pointer, x.slug, x.provider, x.account, x.virtual_key, x.model, x.host,
                          x.chosen_by, x.then, x.status, x.error_code, x.error_message, x.provider_request_id,
                          x.reused_connection);
    };
    const auto numbers = [](const Attempt &x) {
        return std::tuple(x.start_us, x.connected_us, x.tls_us, x.sent_us, x.head_us, x.first_token_us,
                          x.end_us, x.bytes_sent, x.bytes_received, x.usage_state, x.usage, x.cost_state,
                          x.cost, x.request_headers, x.response_headers);
    };
    return all(a) == all(b) && numbers(a) == numbers(b);
}

auto bodyOf(const std::optional<trace::Body> &body)
{
    return body ? std::tuple(true, body->text, body->content_type, body->full_size)
                : std::tuple(false, std::string(), std::string(), std::uint64_t(0));
}

} // namespace

std::int64_t nowUs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

trace::Record plainRecord(std::int64_t id)
{
    return {
        .id = {id},
        .started_us = id,
        .status = 200,
        .method = "POST",
        .path = "/v1/chat/completions",
        .endpoint = "chat",
        .model_asked = "@openai/gpt-4o",
        .model_served = "gpt-4o",
        .provider = "openai",
        .slug = "openai",
        .first_token_us = 210'000,
        .total_us = 900'000,
        .usage_state = UsageState::Reported,
        .usage = {.input = 100, .output = 20},
        .cost_state = trace::CostState::Exact,
        .cost = {450'000},
        .request_body = trace::Body{R"({"model":"gpt-4o"})", "application/json", 18},
        .response_body = trace::Body{R"({"choices":[]})", "application/json", 14},
        .attempts
        = {{.slug = "openai", .provider = "openai", .model = "gpt-4o", .status = 200, .start_us = 10}},
    };
}

trace::Record fullRecord(std::int64_t id)
{
    Attempt failed{
        .kind = trace::AttemptKind::Hedge,
        .pointer = "/targets/0",
        .slug = "azure",
        .provider = "azure-openai",
        .account = {41},
        .virtual_key = {42},
        .model = "gpt-4o-deployment",
        .host = "west.example:443",
        .chosen_by = "first of a fallback",
        .then = "429: next target",
        .status = 429,
        .error_code = "upstream.status",
        .error_message = "Rate limit reached \xe2\x80\x93 try later.",
        .provider_request_id = "req_1",
        .reused_connection = true,
        .start_us = 1,
        .connected_us = 2,
        .tls_us = 3,
        .sent_us = 4,
        .head_us = 5,
        .first_token_us = 6,
        .end_us = 7,
        .bytes_sent = 8,
        .bytes_received = 9,
        .usage_state = UsageState::Estimated,
        .usage = {.input = 11, .cache_read = 12, .output = 13},
        .cost_state = trace::CostState::Estimated,
        .cost = {14},
        .request_headers = {{"content-type", "application/json"}, {"accept", "*/*"}},
        .response_headers = {{"content-type", "text/plain"}},
    };
    Attempt good = failed;
    good.pointer = "/targets/1";
    good.error_code.clear();
    good.error_message.clear();
    good.status = 200;
    return {
        .id = {id},
        .started_us = id,
        .outcome = trace::Outcome::Truncated,
        .status = 201,
        .error_code = "upstream.cut",
        .error_message = std::string(299, 'e') + "\xc3\xa9\xc3\xa9 and more",
        .client_key = {51},
        .client_key_name = "laptop \"A\"",
        .program = "OpenAI/JS 6.1.0",
        .method = "POST",
        .path = "/v1/chat/completions",
        .endpoint = "chat",
        .model_asked = "@openai/gpt-4o",
        .model_served = "gpt-4o-2024-08-06",
        .provider = "openai",
        .slug = "openai-2",
        .account = {52},
        .virtual_key = {53},
        .config = "main 3",
        .config_id = {54},
        .config_version = 3,
        .stream = true,
        .finish_reason = "length",
        .note = "a note",
        .queue_us = 55,
        .first_token_us = 56,
        .total_us = 57,
        .bytes_in = 58,
        .bytes_out = 59,
        .usage_state = UsageState::Reported,
        .usage = {.input = 1,
                  .cache_read = 2,
                  .cache_write = 3,
                  .cache_write_1h = 4,
                  .audio_in = 5,
                  .image_in = 6,
                  .audio_cache_read = 7,
                  .image_cache_read = 8,
                  .output = 9,
                  .reasoning = 10,
                  .audio_out = 11,
                  .image_out = 12,
                  .citation = 13,
                  .units = {{.name = "audio_second", .count_micro = 1'500'000}}},
        .cost_state = trace::CostState::Exact,
        .cost = {60},
        .cost_input = {61},
        .cost_cached = {62},
        .cost_output = {63},
        .price_version = "2026-09-01",
        .priced_as = "gpt-4o",
        .trace_id = "trace-1",
        .span_id = "span-1",
        .parent_span_id = "span-0",
        .span_name = "step",
        .metadata = {{"user", "ada"}, {"path\\", "line\nbreak \"quoted\""}, {"user", "twice"}},
        .cache = trace::CacheState::SemanticHit,
        .cache_key = "c0ffee",
        .cache_age_s = 64,
        .cache_saved = {65},
        .guardrails = R"([{"name":"pii","verdict":true}])",
        .request_hash = "deadbeef",
        .replay_of = {66},
        .capture = trace::CaptureLevel::Full,
        .request_headers = {{"content-type", "application/json"}},
        .response_headers = {{"content-type", "text/event-stream"}},
        .request_body = trace::Body{std::string("bytes \0 and \xff more", 18), "application/json", 40},
        .response_body = trace::Body{"data: {}\n\n", "text/event-stream", 10},
        .attempts = {std::move(failed), std::move(good)},
    };
}

bool areEqual(const trace::Record &a, const trace::Record &b)
{
    const auto who = [](const Record &x) {
        return std::tuple(x.id, x.started_us, x.outcome, x.status, x.error_code, x.error_message,
                          x.client_key, x.client_key_name, x.program, x.method, x.path, x.endpoint,
                          x.model_asked, x.model_served, x.provider, x.slug, x.account, x.virtual_key,
                          x.config, x.config_id, x.config_version);
    };
    const auto what = [](const Record &x) {
        return std::tuple(x.stream, x.finish_reason, x.note, x.queue_us, x.first_token_us, x.total_us,
                          x.bytes_in, x.bytes_out, x.usage_state, x.usage, x.cost_state, x.cost, x.cost_input,
                          x.cost_cached, x.cost_output, x.price_version, x.priced_as);
    };
    const auto rest = [](const Record &x) {
        return std::tuple(x.trace_id, x.span_id, x.parent_span_id, x.span_name, x.metadata, x.cache,
                          x.cache_key, x.cache_age_s, x.cache_saved, x.guardrails, x.request_hash,
                          x.replay_of, x.capture, x.request_headers, x.response_headers,
                          bodyOf(x.request_body), bodyOf(x.response_body));
    };
    return who(a) == who(b) && what(a) == what(b) && rest(a) == rest(b)
        && std::ranges::equal(a.attempts, b.attempts,
                              [](const Attempt &x, const Attempt &y) { return areEqual(x, y); });
}

admission::KeyLimits spenderLimits()
{
    using admission::RateLimit;
    return {.budget = admission::Budget{.limit = 1'000'000'000'000},
            .rates = {{.per = RateLimit::Per::Day, .most = 1'000'000'000},
                      {.unit = RateLimit::Unit::Tokens, .per = RateLimit::Per::Week, .most = 1'000'000'000}}};
}

std::unique_ptr<Store> openStore(StoreOptions options)
{
    auto store = Store::open(std::move(options));
    if (!store)
        qFatal("The store does not open: %s %s", store.error().code.c_str(), store.error().message.c_str());
    return std::move(*store);
}

std::unique_ptr<Store> openStore(const std::filesystem::path &directory)
{
    return openStore(StoreOptions{.directory = directory});
}

std::string fileWith(const std::filesystem::path &directory, const std::string &text)
{
    for (const auto &entry : std::filesystem::recursive_directory_iterator(directory)) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(in), {});
        if (bytes.contains(text))
            return entry.path().string();
    }
    return {};
}

} // namespace portolan::store

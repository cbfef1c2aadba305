// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast the store writes: store_bench [records] [body bytes]. One thread appends as fast as the queue
// takes it; what counts is the time until all is committed, and the processor time of the writer for each
// record, which other programs on the machine do not change.

#include "core/store/store.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>

using namespace portolan;
using namespace portolan::store;

namespace {

std::int64_t cpuUs(int who)
{
    rusage usage{};
    getrusage(who, &usage);
    const auto us = [](const timeval &time) { return std::int64_t(time.tv_sec) * 1'000'000 + time.tv_usec; };
    return us(usage.ru_utime) + us(usage.ru_stime);
}

// JSON that packs about as well as chats do: words, few of them repeated at once.
std::string chatLike(std::size_t size, std::uint64_t seed)
{
    static constexpr std::string_view kWords[] = {
        "model",  "request", "latency", "the", "of",       "and",           "gateway", "token", "answer",
        "stream", "price",   "a",       "in",  "provider", "fallback",      "when",    "it",    "which",
        "retry",  "budget",  "window",  "is",  "are",      "configuration", "to",
    };
    std::string text = R"({"model":"gpt-4o","messages":[{"role":"user","content":")";
    while (text.size() < size) {
        seed = seed * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        text += kWords[(seed >> 33) % std::size(kWords)];
        text += (seed >> 60) == 0 ? std::to_string(seed >> 40) : std::string(" ");
    }
    return text + R"("}]})";
}

trace::Record recordOf(std::int64_t id, const std::string &body)
{
    trace::Record record{
        .id = {id},
        .started_us = id,
        .status = 200,
        .client_key_name = "bench",
        .program = "OpenAI/JS 6.1.0",
        .method = "POST",
        .path = "/v1/chat/completions",
        .endpoint = "chat",
        .model_asked = "@openai/gpt-4o",
        .model_served = "gpt-4o-2024-08-06",
        .provider = "openai",
        .slug = "openai",
        .finish_reason = "stop",
        .first_token_us = 200'000 + id % 90'000,
        .total_us = 900'000 + id % 800'000,
        .usage_state = UsageState::Reported,
        .usage = {.input = 512, .output = 128},
        .cost_state = trace::CostState::Exact,
        .cost = {2'560'000},
        .price_version = "2026-09-01",
        .priced_as = "gpt-4o",
        .trace_id = "0a1b2c3d-0000-4000-8000-000000000000",
        .metadata = {{"team", "search"}},
        .request_headers = {{"content-type", "application/json"}, {"user-agent", "OpenAI/JS 6.1.0"}},
        .response_headers = {{"content-type", "application/json"}},
        .attempts = {{.slug = "openai",
                      .provider = "openai",
                      .model = "gpt-4o",
                      .host = "api.openai.com:443",
                      .status = 200,
                      .start_us = 40,
                      .end_us = 900'000}},
    };
    if (!body.empty()) {
        record.request_body = trace::Body{body, "application/json", body.size()};
        record.response_body = trace::Body{body, "application/json", body.size()};
    }
    return record;
}

std::size_t argument(const char *text, std::size_t otherwise)
{
    const std::string_view digits(text ? text : "");
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : otherwise;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const auto records = argument(argc > 1 ? argv[1] : nullptr, 300'000);
    const auto bodyBytes = argument(argc > 2 ? argv[2] : nullptr, 0);

    const QTemporaryDir home;
    auto store = Store::open({.directory = home.filePath(QStringLiteral("bench")).toStdString()});
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().message.c_str());
        return 1;
    }
    std::vector<std::string> bodies;
    for (std::uint64_t i = 0; i < 64; ++i)
        bodies.push_back(bodyBytes > 0 ? chatLike(bodyBytes, i) : std::string());

    const auto first = std::chrono::duration_cast<std::chrono::microseconds>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count();
    const auto started = std::chrono::steady_clock::now();
    const auto cpuBefore = cpuUs(RUSAGE_SELF) - cpuUs(RUSAGE_THREAD);
    for (std::size_t i = 0; i < records; ++i) {
        auto record = recordOf(first + std::int64_t(i), bodies[i % bodies.size()]);
        while (!(*store)->tryAppend(record))
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    (*store)->flush();
    const auto cpu = cpuUs(RUSAGE_SELF) - cpuUs(RUSAGE_THREAD) - cpuBefore;
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const auto health = (*store)->health();
    std::printf(
        "%zu records, bodies 2 x %zu B: %.0f records/s, writer %.1f us each, %llu shed, %llu dropped\n",
        records, bodyBytes, double(records) / seconds, double(cpu) / double(records),
        static_cast<unsigned long long>(health.bodies_shed),
        static_cast<unsigned long long>(health.rows_dropped));
    return health.written == records ? 0 : 1;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/practicemodels.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace portolan::gateway {

namespace {

using Kind = PracticeModel::Kind;

struct Named {
    std::string_view name;
    Kind kind;
    std::string_view unit; // that the parameter may end in
    int least;
    int most;
};

constexpr auto kNames = std::to_array<Named>({
    {"echo", Kind::Echo, "", 1, 10'000},
    {"slow", Kind::Slow, "ms", 0, 600'000},
    {"flaky", Kind::Flaky, "%", 0, 100},
    {"rate-limited", Kind::RateLimited, "s", 0, 3'600},
    {"server-error", Kind::ServerError, "", 500, 599},
    {"hang", Kind::Hang, "", 0, 0},
    {"cut-stream", Kind::CutStream, "", 0, 10'000},
    {"bad-json", Kind::BadJson, "", 0, 0},
    {"embed", Kind::Embed, "", 0, 0},
    {"transcribe", Kind::Transcribe, "", 0, 0},
});

std::optional<int> parameter(const Named &named, std::string_view text)
{
    if (text.ends_with(named.unit))
        text.remove_suffix(named.unit.size());
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < named.least || value > named.most)
        return std::nullopt;
    return value;
}

void apply(PracticeModel &model, int value)
{
    switch (model.kind) {
    case Kind::Echo: model.tokens_per_second = value; break;
    case Kind::Slow: model.delay = std::chrono::milliseconds(value); break;
    case Kind::Flaky: model.percent = value; break;
    case Kind::RateLimited: model.retry_after_s = value; break;
    case Kind::ServerError: model.status = value; break;
    case Kind::CutStream: model.words = value; break;
    case Kind::Hang:
    case Kind::BadJson:
    case Kind::Embed:
    case Kind::Transcribe: break;
    }
}

} // namespace

std::optional<PracticeModel> PracticeModel::parse(std::string_view name)
{
    for (const Named &named : kNames) {
        if (!name.starts_with(named.name))
            continue;
        PracticeModel model;
        model.kind = named.kind;
        if (model.kind == Kind::Slow)
            model.delay = std::chrono::milliseconds(1'000);
        const auto rest = name.substr(named.name.size());
        if (rest.empty())
            return model;
        if (!rest.starts_with('-') || named.most == 0)
            return std::nullopt;
        const auto value = parameter(named, rest.substr(1));
        if (!value)
            return std::nullopt;
        apply(model, *value);
        return model;
    }
    return std::nullopt;
}

const std::vector<PracticeEntry> &practiceEntries()
{
    static const std::vector<PracticeEntry> entries{
        {"echo", "says what it was asked; calls the first tool when there are tools", "chat"},
        {"slow-2000ms", "waits before the first byte", "chat"},
        {"flaky-50%", "fails with 500 every other time", "chat"},
        {"rate-limited-1s", "answers 429 with Retry-After", "chat"},
        {"server-error-500", "answers with that status", "chat"},
        {"hang", "never answers", "chat"},
        {"cut-stream-5", "breaks off after five words", "chat"},
        {"bad-json", "answers 200 with a body that is no JSON", "chat"},
        {"embed", "makes a vector from each text", "embedding"},
        {"transcribe", "says how long an audio file is", "audio"},
    };
    return entries;
}

} // namespace portolan::gateway

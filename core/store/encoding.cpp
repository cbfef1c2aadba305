// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/encoding.h"

#include "core/base/text.h"

#include <boost/json.hpp>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace json = boost::json;

namespace portolan::store {

namespace {

// Bodies are many and small, and the writer has one core for all: level 1 packs JSON to a third at 300 MB/s
// and more.
constexpr int kLevel = 1;
constexpr unsigned long long kMostUnpacked = 128ULL << 20;

constexpr std::array kCounts{
    std::pair{"input", &Usage::input},
    std::pair{"cache_read", &Usage::cache_read},
    std::pair{"cache_write", &Usage::cache_write},
    std::pair{"cache_write_1h", &Usage::cache_write_1h},
    std::pair{"audio_in", &Usage::audio_in},
    std::pair{"image_in", &Usage::image_in},
    std::pair{"audio_cache_read", &Usage::audio_cache_read},
    std::pair{"image_cache_read", &Usage::image_cache_read},
    std::pair{"output", &Usage::output},
    std::pair{"reasoning", &Usage::reasoning},
    std::pair{"audio_out", &Usage::audio_out},
    std::pair{"image_out", &Usage::image_out},
    std::pair{"citation", &Usage::citation},
};

// A missing or foreign value reads as zero or as nothing: these texts are ours, unless the file is damaged.
json::value parsed(std::string_view text)
{
    std::error_code error;
    auto value = json::parse(text, error);
    return error ? json::value() : value;
}

std::int64_t numberOf(const json::value &value)
{
    const auto *number = value.if_int64();
    return number ? *number : 0;
}

const json::string *textAt(const json::array &pair, std::size_t place)
{
    return pair.size() == 2 ? pair[place].if_string() : nullptr;
}

} // namespace

std::string toText(const trace::Pairs &pairs)
{
    std::string out;
    appendText(out, pairs);
    return out;
}

void appendText(std::string &out, const trace::Pairs &pairs)
{
    if (pairs.empty())
        return;
    std::string_view open = "[[";
    for (const auto &[name, value] : pairs.lines()) {
        out += std::exchange(open, ",[");
        appendJsonQuoted(out, name);
        out += ',';
        appendJsonQuoted(out, value);
        out += ']';
    }
    out += ']';
}

trace::Pairs pairsFromText(std::string_view text)
{
    trace::Pairs pairs;
    if (text.empty())
        return pairs;
    const auto value = parsed(text);
    const auto *list = value.if_array();
    if (!list)
        return pairs;
    for (const auto &entry : *list) {
        const auto *pair = entry.if_array();
        const auto *name = pair ? textAt(*pair, 0) : nullptr;
        const auto *content = pair ? textAt(*pair, 1) : nullptr;
        if (name && content)
            pairs.add(*name, *content);
    }
    return pairs;
}

std::string toText(const Usage &usage)
{
    std::string out;
    appendText(out, usage);
    return out;
}

void appendText(std::string &out, const Usage &usage)
{
    char open = '{';
    const auto next = [&](std::string_view name) {
        out += std::exchange(open, ',');
        out += '"';
        out += name;
        out += "\":";
    };
    for (const auto &[name, count] : kCounts) {
        if (usage.*count == 0)
            continue;
        next(name);
        out += std::to_string(usage.*count);
    }
    if (!usage.units.empty()) {
        next("units");
        char bracket = '[';
        for (const auto &unit : usage.units) {
            out += std::exchange(bracket, ',');
            out += '[';
            appendJsonQuoted(out, unit.name);
            out += ',' + std::to_string(unit.count_micro) + ']';
        }
        out += ']';
    }
    if (open == ',')
        out += '}';
}

Usage usageFromText(std::string_view text)
{
    Usage usage;
    if (text.empty())
        return usage;
    const auto value = parsed(text);
    const auto *object = value.if_object();
    if (!object)
        return usage;
    for (const auto &[name, count] : kCounts) {
        if (const auto *number = object->if_contains(name))
            usage.*count = numberOf(*number);
    }
    const auto *units = object->if_contains("units");
    if (!units || !units->is_array())
        return usage;
    for (const auto &entry : units->get_array()) {
        const auto *pair = entry.if_array();
        if (const auto *name = pair ? textAt(*pair, 0) : nullptr)
            usage.units.push_back({.name = std::string(*name), .count_micro = numberOf((*pair)[1])});
    }
    return usage;
}

std::string toText(const std::vector<trace::Skipped> &skipped)
{
    std::string out;
    std::string_view open = "[[";
    for (const trace::Skipped &one : skipped) {
        out += std::exchange(open, ",[");
        for (const std::string *text : {&one.pointer, &one.label, &one.reason}) {
            appendJsonQuoted(out, *text);
            out += ',';
        }
        out += std::to_string(one.before_attempt) + ']';
    }
    return skipped.empty() ? out : out + ']';
}

std::vector<trace::Skipped> skippedFromText(std::string_view text)
{
    std::vector<trace::Skipped> skipped;
    if (text.empty())
        return skipped;
    const auto value = parsed(text);
    const auto *list = value.if_array();
    for (const auto &entry : list ? *list : json::array()) {
        const auto *parts = entry.if_array();
        if (!parts || parts->size() != 4)
            continue;
        const auto at = [&](std::size_t place) {
            const auto *string = (*parts)[place].if_string();
            return string ? std::string(*string) : std::string();
        };
        skipped.push_back({.pointer = at(0),
                           .label = at(1),
                           .reason = at(2),
                           .before_attempt = std::size_t(std::max<std::int64_t>(0, numberOf((*parts)[3])))});
    }
    return skipped;
}

struct Packer::Context {
    struct Free {
        void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
    };
    std::unique_ptr<ZSTD_CCtx, Free> zstd{ZSTD_createCCtx()};
};

Packer::Packer()
    : m_context(std::make_unique<Context>())
{
    ZSTD_CCtx_setParameter(m_context->zstd.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(m_context->zstd.get(), ZSTD_c_checksumFlag, 1);
}

Packer::~Packer() = default;

std::string_view Packer::pack(std::string_view bytes)
{
    const auto bound = ZSTD_compressBound(bytes.size());
    if (m_packed.size() < bound)
        m_packed.resize(bound);
    const auto size
        = ZSTD_compress2(m_context->zstd.get(), m_packed.data(), m_packed.size(), bytes.data(), bytes.size());
    return {m_packed.data(), ZSTD_isError(size) != 0 ? 0 : size};
}

Result<std::string> unpack(std::string_view packed)
{
    const auto damaged = [] {
        return fail(
            {.code = "store.damaged_body", .message = "The stored body is damaged and cannot be shown."});
    };
    const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostUnpacked)
        return damaged();
    std::string bytes(size, '\0');
    if (ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size()) != size)
        return damaged();
    return bytes;
}

} // namespace portolan::store

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/notes.h"

#include <algorithm>
#include <string>

namespace portolan::dialect {
namespace {

// Names are the client's, who may send a million of them.
constexpr std::size_t kMostNotes = 64;
constexpr std::size_t kMostNameBytes = 80;

/// Cut at the border of a character.
std::string_view shortened(std::string_view name)
{
    if (name.size() <= kMostNameBytes)
        return name;
    std::size_t size = kMostNameBytes;
    while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U)
        --size;
    return name.substr(0, size);
}

} // namespace

void note(Exchange &exchange, Note::Kind kind, std::string_view what, std::string_view why)
{
    what = shortened(what);
    const auto same = [&](const Note &known) { return known.kind == kind && known.what == what; };
    if (exchange.notes.size() < kMostNotes && std::ranges::none_of(exchange.notes, same))
        exchange.notes.push_back({.kind = kind, .what = std::string(what), .why = std::string(why)});
}

void noteOpenAiOnly(const Request &request, Exchange &exchange)
{
    const auto left_out = [&](bool given, std::string_view what) {
        if (given)
            note(exchange, Note::Kind::Dropped, what, "this provider has nothing like it");
    };
    left_out(!request.sampling.logit_bias.empty(), "logit_bias");
    left_out(!request.prediction.empty(), "prediction");
    left_out(!request.verbosity.empty(), "verbosity");
    left_out(request.store.has_value(), "store");
    left_out(!request.metadata.empty(), "metadata");
    left_out(!request.prompt_cache_key.empty(), "prompt_cache_key");
    left_out(!request.user.empty(), "user");
    for (const auto &[name, value] : request.extras)
        left_out(true, name);
}

} // namespace portolan::dialect

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/target.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace portolan::dialect {
namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kToolNameBytes = 64;
constexpr std::size_t kNameTagBytes = 8;

bool isAlnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// `length` characters that depend on the whole text; at most 32.
std::string tagOf(std::string_view text, std::size_t length)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest.data());
    std::string tag;
    for (std::size_t i = 0; i < std::min(length, digest.size()); ++i)
        tag += kBase62[digest[i] % kBase62.size()];
    return tag;
}

struct Rule {
    std::string_view prefix;
    std::size_t least;
    std::size_t most;
    std::string_view also; // allowed beside letters and digits
    bool any = false;
};

Rule ruleOf(IdRule rule)
{
    switch (rule) {
    case IdRule::OpenAi: return {.prefix = "call_", .least = 1, .most = 40, .also = "", .any = true};
    case IdRule::Anthropic: return {.prefix = "toolu_", .least = 1, .most = 64, .also = "_-"};
    case IdRule::Bedrock: return {.prefix = "tooluse_", .least = 1, .most = 64, .also = "_.:-"};
    case IdRule::Mistral: return {.prefix = "", .least = 9, .most = 9, .also = ""};
    }
    return {.prefix = "call_", .least = 1, .most = 40, .also = "", .any = true};
}

} // namespace

std::string_view effortName(Effort effort) noexcept
{
    static constexpr std::array<std::string_view, 7> kNames{"none", "minimal", "low", "medium",
                                                            "high", "xhigh",   "max"};
    return kNames.at(std::size_t(effort));
}

std::optional<Effort> effortNamed(std::string_view name) noexcept
{
    for (const Effort effort : {Effort::None, Effort::Minimal, Effort::Low, Effort::Medium, Effort::High,
                                Effort::XHigh, Effort::Max}) {
        if (effortName(effort) == name)
            return effort;
    }
    return std::nullopt;
}

std::string IdMaker::next(std::string_view prefix, std::size_t length)
{
    std::string id(prefix);
    for (std::size_t i = 0; i < length; ++i) {
        // splitmix64: an id must be unlike the others, not unguessable.
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = m_state;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        mixed ^= mixed >> 31U;
        id += kBase62[mixed % kBase62.size()];
    }
    return id;
}

std::string fittingId(std::string_view id, IdRule rule)
{
    const Rule fits = ruleOf(rule);
    const bool right_size = id.size() >= fits.least && id.size() <= fits.most;
    const bool right_letters = fits.any || std::ranges::all_of(id, [&](char c) {
                                   return isAlnum(c) || fits.also.find(c) != std::string_view::npos;
                               });
    if (right_size && right_letters)
        return std::string(id);
    const std::size_t room = fits.most - fits.prefix.size();
    return std::string(fits.prefix) + tagOf(id, std::min<std::size_t>(room, 24));
}

std::string fittingToolName(std::string_view name)
{
    std::string fitting;
    for (const char c : name)
        fitting += isAlnum(c) || c == '_' || c == '-' ? c : '_';
    if (fitting == name && !name.empty() && name.size() <= kToolNameBytes)
        return fitting;
    fitting.resize(std::min(fitting.size(), kToolNameBytes - kNameTagBytes - 1));
    return fitting + '_' + tagOf(name, kNameTagBytes);
}

} // namespace portolan::dialect

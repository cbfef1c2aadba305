// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/keyshapes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace portolan {

namespace {

using Rule = KeyShape::Rule;

constexpr std::size_t kShortestToken = 17; // behind the prefix: 20 or more characters with it
constexpr std::size_t kShortestRun = 16;
constexpr std::size_t kShortestBearer = 16;
constexpr std::size_t kJudged = 64; // characters of a token that the decision rests on
constexpr std::size_t kAwsSecretBytes = 40;
constexpr std::size_t kAwsSecretReach = 64; // how far behind a key id its secret is looked for
constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPemDashes = "-----";

constexpr auto kShapes = std::to_array<KeyShape>({
    {"sk-", Rule::LongRun},        {"sk_", Rule::LongRun},         {"sk-ant-", Rule::Token},
    {"sk-proj-", Rule::Token},     {"sk-svcacct-", Rule::Token},   {"sk-admin-", Rule::Token},
    {"pk-portolan-", Rule::Token}, {"gsk_", Rule::LongRun},        {"xai-", Rule::LongRun},
    {"AIza", Rule::Token},         {"ya29.", Rule::Token},         {"pplx-", Rule::LongRun},
    {"csk-", Rule::LongRun},       {"nvapi-", Rule::Token},        {"tgp_v1_", Rule::Token},
    {"ghp_", Rule::LongRun},       {"gho_", Rule::LongRun},        {"ghs_", Rule::LongRun},
    {"ghu_", Rule::LongRun},       {"github_pat_", Rule::LongRun}, {"hf_", Rule::LongRun},
    {"fw_", Rule::LongRun},        {"r8_", Rule::LongRun},         {"jina_", Rule::LongRun},
    {"cpk_", Rule::LongRun},       {"vck_", Rule::LongRun},        {"dop_v1_", Rule::LongRun},
    {"AKIA", Rule::AwsKeyId},      {"ASIA", Rule::AwsKeyId},       {"Bearer ", Rule::AuthScheme},
    {"bearer ", Rule::AuthScheme}, {"BEARER ", Rule::AuthScheme},  {"Basic ", Rule::BasicAuth},
    {"basic ", Rule::BasicAuth},   {kPemBegin, Rule::PrivateKey},
});

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

constexpr bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

constexpr bool isAlnum(char c)
{
    return isDigit(c) || isUpper(c) || isLower(c);
}

constexpr bool isKeyCharacter(char c)
{
    return isAlnum(c) || c == '-' || c == '_';
}

constexpr bool isBase64(char c)
{
    return isAlnum(c) || c == '+' || c == '/';
}

constexpr bool isBearerCharacter(char c)
{
    return isKeyCharacter(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

template <typename Predicate>
std::string_view run(std::string_view text, Predicate belongs)
{
    return {text.begin(), std::ranges::find_if_not(text, belongs)};
}

/// True unless the text before `at` is a part of the same word. The letter of an escape (\n, \u000a, %20) is
/// none.
bool beginsWord(std::string_view text, std::size_t at)
{
    if (at == 0 || !isAlnum(text[at - 1]))
        return true;
    const std::string_view before = text.substr(0, at);
    const auto endsWithEscape = [&](std::string_view mark, std::size_t digits) {
        return before.size() >= mark.size() + digits
            && before.substr(before.size() - mark.size() - digits).starts_with(mark);
    };
    return (endsWithEscape("\\", 1) && std::string_view("nrtbf").contains(before.back()))
        || endsWithEscape("\\u", 4) || endsWithEscape("%", 2);
}

bool hasRun(std::string_view text, std::size_t length)
{
    std::size_t current = 0;
    return std::ranges::any_of(text, [&](char c) {
        current = isAlnum(c) ? current + 1 : 0;
        return current == length;
    });
}

/// Random letters change from lower to upper case, or have a digit among them; a word rarely does.
bool looksRandom(std::string_view text)
{
    return std::ranges::any_of(text, isDigit)
        || std::ranges::adjacent_find(text, [](char a, char b) { return isLower(a) && isUpper(b); })
        != text.end();
}

std::size_t tokenSize(std::string_view rest, Rule rule)
{
    const std::string_view judged = run(rest.substr(0, kJudged), isKeyCharacter);
    if (judged.size() < kShortestToken || std::ranges::none_of(judged, isDigit))
        return 0;
    if (rule == Rule::LongRun && !hasRun(judged, kShortestRun))
        return 0;
    return judged.size() < kJudged ? judged.size() : run(rest, isKeyCharacter).size();
}

/// Where a secret access key ends that stands a little behind its key id; it has no mark but its length.
std::optional<std::size_t> awsSecretEnd(std::string_view behind)
{
    std::size_t at = 0;
    while (at < std::min(behind.size(), kAwsSecretReach)) {
        const std::size_t size = run(behind.substr(at, kAwsSecretBytes + 1), isBase64).size();
        if (size == kAwsSecretBytes)
            return at + size;
        at += size + 1;
    }
    return std::nullopt;
}

std::size_t awsSize(std::string_view rest)
{
    const std::size_t id = run(rest, [](char c) { return isUpper(c) || isDigit(c); }).size();
    if (id < 16)
        return 0;
    return id + awsSecretEnd(rest.substr(id)).value_or(0);
}

std::size_t bearerSize(std::string_view rest)
{
    const std::string_view judged = run(rest.substr(0, kJudged), isBearerCharacter);
    if (judged.size() < kShortestBearer || !looksRandom(judged))
        return 0;
    return judged.size() < kJudged ? judged.size() : run(rest, isBearerCharacter).size();
}

int base64Value(char c)
{
    if (isUpper(c))
        return c - 'A';
    if (isLower(c))
        return c - 'a' + 26;
    if (isDigit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : 63;
}

/// "user:password" in base64 is printable and has a colon, which the words behind a prose "Basic" never
/// decode to.
std::size_t basicSize(std::string_view rest)
{
    const std::string_view judged = run(rest.substr(0, kJudged), isBase64);
    if (judged.size() < 8)
        return 0;
    bool colon = false;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : judged) {
        bits = (bits << 6U | static_cast<unsigned>(base64Value(c))) & 0xFFFFU;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        const unsigned byte = bits >> held & 0xFFU;
        if (byte < 0x20 || byte == 0x7F)
            return 0;
        colon = colon || byte == ':';
    }
    if (!colon)
        return 0;
    const std::size_t size = run(rest, isBase64).size();
    return size + run(rest.substr(size, 2), [](char c) { return c == '='; }).size();
}

bool isPemBody(char c)
{
    return isBase64(c) || c == '=' || c == '\\' || c == '\r' || c == '\n';
}

/// From "-----BEGIN " on: the block with its last line, or as much of its body as the text has.
std::size_t pemSize(std::string_view text)
{
    constexpr std::string_view kLabelEnd = "PRIVATE KEY-----";
    const std::string_view label = run(text.substr(kPemBegin.size(), kJudged),
                                       [](char c) { return isUpper(c) || c == ' ' || c == '-'; });
    const auto label_end = label.find(kLabelEnd);
    if (label_end == std::string_view::npos)
        return 0;
    const std::size_t head = kPemBegin.size() + label_end + kLabelEnd.size();
    // Old encrypted keys have lines like "DEK-Info: AES-128-CBC,0A1B" before the base64.
    std::size_t end = head;
    while (end < text.size() && !text.substr(end).starts_with(kPemDashes)
           && (isPemBody(text[end]) || std::string_view(" :,-").contains(text[end]))) {
        ++end;
    }
    constexpr std::string_view kLastLine = "-----END ";
    if (text.substr(end).starts_with(kLastLine)) {
        const std::size_t word = end + kLastLine.size();
        const auto dashes = text.substr(word, kJudged).find(kPemDashes);
        return dashes == std::string_view::npos ? word : word + dashes + kPemDashes.size();
    }
    return head + run(text.substr(head), isPemBody).size();
}

} // namespace

std::span<const KeyShape> keyShapes() noexcept
{
    return kShapes;
}

ByteRange matchShape(const KeyShape &shape, std::string_view text, std::size_t at)
{
    if (!text.substr(at).starts_with(shape.prefix) || !beginsWord(text, at))
        return {at, 0};
    const std::size_t behind = at + shape.prefix.size();
    const std::string_view rest = text.substr(behind);
    const auto withPrefix
        = [&](std::size_t size) { return ByteRange{at, size == 0 ? 0 : shape.prefix.size() + size}; };
    switch (shape.rule) {
    case Rule::Token:
    case Rule::LongRun: return withPrefix(tokenSize(rest, shape.rule));
    case Rule::AwsKeyId: return withPrefix(awsSize(rest));
    case Rule::AuthScheme: return {behind, bearerSize(rest)};
    case Rule::BasicAuth: return {behind, basicSize(rest)};
    case Rule::PrivateKey: return {at, pemSize(text.substr(at))};
    }
    return {at, 0};
}

} // namespace portolan

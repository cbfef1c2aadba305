// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/modelfacts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace portolan::dialect {
namespace {

/// The words of an id: "claude-3-5-sonnet@20240620" as claude 3 5 sonnet 20240620.
std::vector<std::string_view> wordsOf(std::string_view id)
{
    std::vector<std::string_view> words;
    while (!id.empty()) {
        const std::size_t end = std::min(id.find_first_of("-.@:/_"), id.size());
        if (end > 0)
            words.push_back(id.substr(0, end));
        id.remove_prefix(std::min(end + 1, id.size()));
    }
    return words;
}

/// A version number has one or two digits; eight are a date.
std::optional<int> versionOf(std::string_view word)
{
    int value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.size() > 2 || error != std::errc() || end != word.data() + word.size())
        return std::nullopt;
    return value;
}

std::optional<ClaudeModel::Family> familyOf(std::string_view word)
{
    using Family = ClaudeModel::Family;
    static constexpr std::array<std::pair<std::string_view, Family>, 5> kFamilies{
        {{"opus", Family::Opus},
         {"sonnet", Family::Sonnet},
         {"haiku", Family::Haiku},
         {"fable", Family::Fable},
         {"mythos", Family::Mythos}}};
    const auto found
        = std::ranges::find(kFamilies, word, &std::pair<std::string_view, ClaudeModel::Family>::first);
    return found == kFamilies.end() ? std::nullopt : std::optional(found->second);
}

bool has(const ModelFacts &model, std::string_view cap)
{
    return std::ranges::find(model.caps, cap) != model.caps.end();
}

void addClaude(const ClaudeModel &claude, Capabilities &can)
{
    using Family = ClaudeModel::Family;
    if (claude.atLeast(4, 6))
        can.thinking = ThinkingStyle::Adaptive;
    else if (claude.atLeast(3, 7))
        can.thinking = ThinkingStyle::Budget;
    can.always_thinking = claude.atLeast(5, 0)
        && (claude.family == Family::Fable || claude.family == Family::Mythos
            || (claude.family == Family::Opus && claude.atLeast(5, 5)));
    can.temperature_and_top_p = !claude.atLeast(4, 0);
    can.sampling_params = !claude.atLeast(4, 7);
    can.structured_outputs = can.structured_outputs || can.always_thinking;
}

/// "gemini-2.5-pro" as 2, 0 when the id does not say.
int geminiMajor(std::string_view id)
{
    const std::size_t name = id.find("gemini-");
    if (name == std::string_view::npos)
        return 0;
    const std::string_view digits = id.substr(name + 7);
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

void addGemini(const ModelFacts &model, Capabilities &can)
{
    const int major = geminiMajor(model.id);
    if (major >= 3)
        can.thinking = ThinkingStyle::Level;
    else if (major == 2 && has(model, "reasoning"))
        can.thinking = ThinkingStyle::Budget;
    can.thought_signatures_required = major >= 3;
    can.tools_with_json_schema = major != 2;
    can.structured_outputs = true;
}

} // namespace

ClaudeModel ClaudeModel::parse(std::string_view id)
{
    const std::vector<std::string_view> words = wordsOf(id);
    const auto claude = std::ranges::find(words, "claude");
    ClaudeModel model;
    if (claude == words.end())
        return model;
    std::vector<int> numbers;
    // A word that is neither family nor number ends the name: dates, "latest", the v1 of Bedrock.
    for (auto word = claude + 1; word != words.end(); ++word) {
        if (const auto family = familyOf(*word))
            model.family = *family;
        else if (const auto number = versionOf(*word))
            numbers.push_back(*number);
        else
            break;
    }
    if (!numbers.empty())
        model.major = numbers[0];
    if (numbers.size() > 1)
        model.minor = numbers[1];
    return model;
}

bool ClaudeModel::atLeast(int wanted_major, int wanted_minor) const noexcept
{
    return std::pair(major, minor) >= std::pair(wanted_major, wanted_minor);
}

Capabilities capabilitiesOf(Dialect dialect, const ModelFacts &model)
{
    Capabilities can;
    if (model.max_output > 0)
        can.max_output_tokens = model.max_output;
    can.structured_outputs = has(model, "json_schema");
    can.reasoning_effort = has(model, "reasoning");
    can.sampling_params = !has(model, "no_temperature");
    if (dialect == Dialect::CohereChat && has(model, "reasoning"))
        can.thinking = ThinkingStyle::Budget;
    if (dialect == Dialect::Gemini)
        addGemini(model, can);
    if (const ClaudeModel claude = ClaudeModel::parse(model.id); claude.major > 0)
        addClaude(claude, can);
    return can;
}

} // namespace portolan::dialect

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::catalog {

// How providers wrap and spell the names of models (catalog README, "Finding the entry", rules 3 to 5).

/// The name inside one wrapper: "models/", "publishers/<x>/models/", a Bedrock ARN, "[1m]" at the end, or the
/// provider's own name in front. Nothing when there is no wrapper, or nothing in it.
[[nodiscard]] std::optional<std::string_view> unwrapped(const Provider &provider, std::string_view name);

/// "ft:<base>:<org>:<name>:<id>" of OpenAI or "<base>.ft-<hash>" of Azure.
struct FineTune {
    enum class Form { Prefix, Suffix };
    Form form = Form::Prefix;
    std::string_view base{};

    [[nodiscard]] std::string nameWith(std::string_view other_base) const;
};
[[nodiscard]] std::optional<FineTune> fineTuneOf(std::string_view name);

/// Without the suffixes that choose a router's way of serving it (":nitro"); ":free" and hosts have entries.
[[nodiscard]] std::string_view withoutVariant(const Provider &provider, std::string_view name);

/// A Bedrock name with an inference profile's prefix ("eu.").
[[nodiscard]] bool hasRegionProfile(const Provider &provider, std::string_view name);

/// A Bedrock name without ":0", ":48k" and "-v1" at its end; other names as they are.
[[nodiscard]] std::string_view withoutRevision(const Provider &provider, std::string_view name);

/// The name itself, then the ways in which the provider's cloud may spell it, nearest first.
[[nodiscard]] std::vector<std::string> spellingsOf(const Provider &provider, std::string_view name);

/// A tag of Ollama's that runs in its cloud and is not free: "gpt-oss:120b-cloud", "glm-4.6:cloud".
[[nodiscard]] bool runsInOllamaCloud(const Provider &provider, std::string_view model);

/// "2025-09-29" as 20250929, "2025-09" as 20250900; 0 for anything else.
[[nodiscard]] std::int32_t toDay(std::string_view date) noexcept;

} // namespace portolan::catalog

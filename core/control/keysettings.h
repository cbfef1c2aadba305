// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/clientkeys.h"
#include "core/admission/keylimits.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::control {

/// What ClientKeyRow::settings_json holds, as far as this program knows it; members of a newer one are kept.
struct ClientKeySettings {
    std::string kind{};
    std::string note{};
    std::string default_config{}; ///< slug; empty: none
    bool allow_config_override = true;
    std::map<std::string, std::string> metadata{};
    std::vector<std::string> slugs{};  ///< empty: all
    std::vector<std::string> models{}; ///< empty: all
    admission::KeyLimits limits{};
    std::optional<admission::OldToken> old_token{};

    friend bool operator==(const ClientKeySettings &, const ClientKeySettings &) = default;
};

/// What cannot be read says nothing, but for what limits: that then lets nothing through (keylimitsjson.h).
[[nodiscard]] ClientKeySettings keySettingsFromStored(std::string_view json);
/// `json` with these settings in it; empty when nothing is left to say.
[[nodiscard]] std::string withSettings(std::string_view json, const ClientKeySettings &settings);

/// Likewise of VirtualKeyRow::limits_json.
struct VirtualKeySettings {
    std::string name{};
    std::string note{};
    admission::KeyLimits limits{};

    friend bool operator==(const VirtualKeySettings &, const VirtualKeySettings &) = default;
};

[[nodiscard]] VirtualKeySettings virtualKeySettingsFromStored(std::string_view json);
[[nodiscard]] std::string withSettings(std::string_view json, const VirtualKeySettings &settings);

/// VirtualKeyRow::models_json; empty: all.
[[nodiscard]] std::vector<std::string> modelsFromStored(std::string_view json);
[[nodiscard]] std::string modelsToStored(const std::vector<std::string> &models);

} // namespace portolan::control

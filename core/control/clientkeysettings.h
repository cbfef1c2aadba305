// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace portolan::control {

/// What ClientKeyRow::settings_json holds, as far as this program knows it; members of a newer one are kept.
struct ClientKeySettings {
    std::string default_config{}; ///< slug; empty: none
    bool allow_config_override = true;

    friend bool operator==(const ClientKeySettings &, const ClientKeySettings &) = default;
};

/// What cannot be read says nothing.
[[nodiscard]] ClientKeySettings keySettingsFromStored(std::string_view json);
/// `json` with these settings in it; empty when nothing is left to say.
[[nodiscard]] std::string withSettings(std::string_view json, const ClientKeySettings &settings);

} // namespace portolan::control

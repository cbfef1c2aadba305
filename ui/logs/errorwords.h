// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string_view>

namespace portolan::ui {

/// What an error code of ours says in a few words, for columns and captions: "no answer in time". Empty for
/// codes that are not ours: a provider's are shown as they are.
[[nodiscard]] QString errorWords(std::string_view code);

} // namespace portolan::ui

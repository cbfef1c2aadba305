// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/accountform.h"

#include <QMap>
#include <QString>

#include <string>
#include <string_view>

namespace portolan::control {

/// An account's settings as they are stored: one JSON object of strings, empty for none. What is stored is
/// our own, so anything else in it counts as nothing.
[[nodiscard]] std::string toStored(const catalog::AccountSettings &settings);
[[nodiscard]] catalog::AccountSettings settingsFromStored(std::string_view json);

/// The same as the façade gives and takes them. Blanks around values and empty values are not kept.
[[nodiscard]] QMap<QString, QString> toMap(const catalog::AccountSettings &settings);
[[nodiscard]] catalog::AccountSettings fromMap(const QMap<QString, QString> &map);

} // namespace portolan::control

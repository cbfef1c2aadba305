// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <QList>
#include <QString>
#include <QVariant>

#include <functional>
#include <utility>
#include <vector>

namespace portolan::ui {

/// One setting as the panel edits it: its words, its editor, and where its value lives in control::Settings.
struct SettingField {
    enum class Kind { Check, Number, Text, File, Choice };

    QString key{}; ///< "gateway/port": page and name, for links and the search of the palette
    QString title{};
    QString words{}; ///< what it does, in one or two sentences
    Kind kind = Kind::Check;
    int least = 0; ///< of a number
    int most = 0;
    int step = 1;
    QString unit{}; ///< " days"
    QList<std::pair<QString, QVariant>> choices{};
    bool restarts = false; ///< the listener: said at the field
    std::function<QVariant(const control::Settings &)> read{};
    std::function<void(control::Settings &, const QVariant &)> write{};
    std::function<QString(const control::Settings &)> warning{}; ///< empty or what to mind with this value
};

/// A page and its fields, in order.
struct SettingPage {
    QString id{};
    QString title{};
    std::vector<SettingField> fields{};
};

/// Every setting with an editor. "About" has facts instead and is not among them.
[[nodiscard]] std::vector<SettingPage> settingPages();

/// The address listens to this computer alone.
[[nodiscard]] bool isLoopback(const QString &address);

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/panel.h"

namespace portolan::ui {

namespace {

constexpr const char *kProperty = "menuPlace";

} // namespace

void setMenuPlace(QAction *command, MenuPlace place)
{
    command->setProperty(kProperty, int(place));
}

MenuPlace menuPlace(const QAction *command)
{
    const QVariant place = command->property(kProperty);
    return place.isValid() ? MenuPlace(place.toInt()) : MenuPlace::Edit;
}

} // namespace portolan::ui

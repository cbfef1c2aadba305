// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/palette.h"
#include "ui/widgets/panel.h"

#include <vector>

namespace portolan::control {
class Control;
}

namespace portolan::ui {

class MainWindow;

/// Every panel of the program, in the order of the rail. The one place that knows them all: a new panel is a
/// line here.
[[nodiscard]] std::vector<Panel *> createPanels(control::Control &control, QWidget *parent);

/// What the palette offers for what was typed: commands of the window and of all panels, places, models and
/// what the panels find. ">" keeps to commands, "#" to requests, "@" to models.
[[nodiscard]] Palette::Offer offerFor(const MainWindow &window, const control::Control &control,
                                      const QString &typed);

} // namespace portolan::ui

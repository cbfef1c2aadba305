// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

namespace portolan::ui {

/// The height that a window's content needs at a width. Qt asks a window's layout for its hint only, in which
/// a sentence that wraps has the height of some other width.
[[nodiscard]] inline int heightAt(const QLayout &layout, int width)
{
    return layout.hasHeightForWidth() ? layout.totalHeightForWidth(width) : layout.totalSizeHint().height();
}

} // namespace portolan::ui

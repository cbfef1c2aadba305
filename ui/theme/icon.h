// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QIcon>
#include <QPainter>

namespace portolan::ui {

/// The line icons of the program, drawn on a grid of 16 (resources/icons). In the order of the table in
/// icon.cpp.
enum class Icon {
    Home,
    List,
    Route,
    Book,
    Key,
    Chart,
    Play,
    Sliders,
    Copy,
    Stop,
    Start,
    Pause,
    Search,
    Filter,
    Plus,
    Minus,
    More,
    Check,
    Close,
    CircleCheck,
    CircleCross,
    CircleSlash,
    CircleDashed,
    CircleHelp,
    CircleInfo,
    Circle,
    Dot,
    Triangle,
    Arc,
    TurnCheck,
    Bolt,
    Cloud,
    Computer,
    Echo,
    Pen,
    Clock,
    Power,
    ChevronDown,
    ChevronUp,
    ChevronLeft,
    ChevronRight,
    ArrowRight,
    Layout,
    LayoutRight,
    Export,
    Replay,
    Sync,
    Graph,
    Bookmark,
    Trash,
    Undo,
    Pin,
    Note,
    Link,
    Eye,
    Wrap,
    Cross,
    Dash,
    Shield,
    Disk,
    Globe,
    Brush,
    Lock,
    Keyboard,
    Window,
    Quit,
    Folder,
};
inline constexpr int kIcons = int(Icon::Folder) + 1;

/// An icon in one role's colour. It is drawn for the application's palette at the moment of painting, so it
/// follows a change of theme by itself; disabled is drawn in TextDisabled.
[[nodiscard]] QIcon lineIcon(Icon name, Role role = Role::Text);

/// Paints the icon centred in `rect`, in the palette's own mode: for delegates and painted widgets.
void paintIcon(QPainter *painter, const QRect &rect, Icon name, const QColor &colour);

} // namespace portolan::ui

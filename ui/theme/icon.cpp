// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icon.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <algorithm>
#include <array>
#include <cmath>

// Q_INIT_RESOURCE declares a function, which a namespace would rename.
static void initIcons()
{
    Q_INIT_RESOURCE(icons);
}

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr std::array<const char *, kIcons> kFiles{
    "home",        "list",         "route",        "book",         "key",           "chart",
    "play",        "sliders",      "copy",         "stop",         "start",         "pause",
    "search",      "filter",       "plus",         "minus",        "more",          "check",
    "close",       "circle-check", "circle-cross", "circle-slash", "circle-dashed", "circle-help",
    "circle-info", "circle",       "dot",          "triangle",     "arc",           "turn-check",
    "bolt",        "cloud",        "computer",     "echo",         "pen",           "clock",
    "power",       "chevron-down", "chevron-up",   "chevron-left", "chevron-right", "arrow-right",
    "layout",      "layout-right", "export",       "replay",       "sync",          "graph",
    "bookmark",    "trash",        "undo",         "pin",          "note",          "link",
    "eye",         "wrap",         "cross",        "dash",         "shield",        "disk",
    "globe",       "brush",        "lock",         "keyboard",     "window",        "quit",
    "folder",
};

const QByteArray &sourceOf(Icon name)
{
    static std::array<QByteArray, kIcons> sources;
    QByteArray &source = sources[size_t(name)];
    if (source.isEmpty()) {
        initIcons();
        QFile file(u":/icons/%1.svg"_s.arg(QLatin1StringView(kFiles[size_t(name)])));
        if (file.open(QIODevice::ReadOnly))
            source = file.readAll();
    }
    return source;
}

/// Strokes that look alike at each size: 1.9 at 12 px, 1.5 at 16, 1.3 at 20 and above.
double strokeAt(int side)
{
    if (side <= 16)
        return std::clamp(1.9 - 0.1 * (side - 12), 1.5, 1.9);
    return std::clamp(1.5 - 0.05 * (side - 16), 1.3, 1.5);
}

QPixmap draw(Icon name, int side, qreal scale, const QColor &colour)
{
    const QString key
        = u"portolan-%1-%2-%3-%4"_s.arg(int(name)).arg(side).arg(scale).arg(colour.rgba(), 0, 16);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;

    QByteArray svg = sourceOf(name);
    svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    svg.replace("stroke-width=\"1.5\"", "stroke-width=\"" + QByteArray::number(strokeAt(side)) + '"');
    QSvgRenderer renderer(svg);
    const int pixels = int(std::lround(side * scale));
    pixmap = QPixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, pixels, pixels));
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class LineIconEngine : public QIconEngine
{
public:
    LineIconEngine(Icon name, Role role)
        : m_name(name)
        , m_role(role)
    { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(painter, rect, m_name, colourIn(mode));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    /// `size` is in device pixels already, as QIcon asks.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const int side = int(std::lround(std::min(size.width(), size.height()) / scale));
        return draw(m_name, std::max(1, side), scale, colourIn(mode));
    }

    QIconEngine *clone() const override { return new LineIconEngine(m_name, m_role); }

private:
    QColor colourIn(QIcon::Mode mode) const
    {
        const Mode theme = modeOf(QGuiApplication::palette());
        return colour(mode == QIcon::Disabled ? Role::TextDisabled : m_role, theme);
    }

    const Icon m_name;
    const Role m_role;
};

} // namespace

QIcon lineIcon(Icon name, Role role)
{
    return QIcon(new LineIconEngine(name, role));
}

void paintIcon(QPainter *painter, const QRect &rect, Icon name, const QColor &colour)
{
    const int side = std::min(rect.width(), rect.height());
    if (side <= 0)
        return;
    const qreal scale = painter->device()->devicePixelRatioF();
    const QPoint corner(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2);
    painter->drawPixmap(corner, draw(name, side, scale, colour));
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/waterfallview.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/format.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kTickSpacing = 88; // px at 100 % between two labels of the axis

constexpr std::array kPhaseOrder{Phase::Queue, Phase::Connect, Phase::Tls,
                                 Phase::Send,  Phase::Wait,    Phase::Stream};

QString phaseName(Phase phase)
{
    switch (phase) {
    case Phase::Queue: return WaterfallView::tr("queue");
    case Phase::Connect: return WaterfallView::tr("connect");
    case Phase::Tls: return WaterfallView::tr("TLS");
    case Phase::Send: return WaterfallView::tr("sent");
    case Phase::Wait: return WaterfallView::tr("waiting");
    case Phase::Stream: return WaterfallView::tr("stream");
    }
    return {};
}

// As many digits as the steps need: "0.5 s", "2 s", "200 ms", "0.05 ms".
QString tickText(std::int64_t us, std::int64_t step_us)
{
    if (us == 0)
        return u"0"_s;
    const QLocale locale = format::locale();
    if (step_us < 100'000) {
        const int digits = step_us % 1000 == 0 ? 0 : step_us % 100 == 0 ? 1 : step_us % 10 == 0 ? 2 : 3;
        return WaterfallView::tr("%1 ms").arg(locale.toString(double(us) / 1e3, 'f', digits));
    }
    return WaterfallView::tr("%1 s").arg(
        locale.toString(double(us) / 1e6, 'f', step_us % 1'000'000 == 0 ? 0 : 1));
}

void paintHatch(QPainter &painter, const QRect &rect, const QPalette &palette)
{
    const QColor line = colour(Role::Neutral, palette);
    painter.setPen(line);
    painter.setBrush(QBrush(line, Qt::BDiagPattern));
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
    painter.setBrush(Qt::NoBrush);
}

void paintFlag(QPainter &painter, int x, const QRect &lane, const QColor &ink)
{
    const int flag = Metrics().px(3);
    painter.setPen(QPen(ink, Metrics().px(2)));
    painter.drawLine(x, lane.top() - flag, x, lane.bottom() + flag);
    QPainterPath path;
    path.moveTo(x - flag, lane.top() - 2 * flag);
    path.lineTo(x + flag, lane.top() - 2 * flag);
    path.lineTo(x, lane.top() - flag / 2.0);
    path.closeSubpath();
    painter.fillPath(path, ink);
}

} // namespace

WaterfallView::WaterfallView(const AttemptModel *model, QWidget *list, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_list(list)
{
    m_list->installEventFilter(this);
    setAccessibleName(tr("Waterfall of the attempts"));
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        describe();
        update();
    });
}

bool WaterfallView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QWidget::eventFilter(watched, event);
}

void WaterfallView::setLines(int header_height, int row_height)
{
    m_header = header_height;
    m_row = std::max(row_height, 1);
    update();
}

void WaterfallView::setScroll(int pixels)
{
    m_scroll = pixels;
    update();
}

void WaterfallView::setSelectedLine(int line)
{
    m_selected = line;
    update();
}

void WaterfallView::setTotal(std::int64_t total_us)
{
    const int ticks = std::max(plot().width() / Metrics().px(kTickSpacing), 1);
    m_axis = axisFor(total_us, ticks);
    update();
}

QSize WaterfallView::minimumSizeHint() const
{
    return {Metrics().px(160), m_header + 2 * m_row};
}

QRect WaterfallView::plot() const
{
    const int margin = Metrics().px(space::kPanel);
    return rect().adjusted(margin, m_header, -2 * margin, 0);
}

int WaterfallView::x(std::int64_t us) const
{
    return plot().left() + qRound(m_axis.position(us, plot().width()));
}

void WaterfallView::describe()
{
    QStringList lines;
    for (const AttemptModel::Line &line : m_model->lines()) {
        if (line.between)
            continue;
        QStringList parts;
        const WaterfallBar bar = barOf(m_model->attempts()[std::size_t(line.attempt)], m_model->now());
        for (const PhaseSpan &span : bar.spans)
            parts += phaseName(span.phase) + u' ' + format::duration(span.to_us - span.from_us);
        lines += tr("Attempt %1: %2").arg(line.attempt + 1).arg(parts.join(u", "_s));
    }
    setAccessibleDescription(lines.join(u". "_s));
}

void WaterfallView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(Role::Base, palette()));
    painter.setFont(scaledFont(font(), TextSize::Caption));
    paintAxis(painter);
    painter.setClipRect(0, m_header, width(), height() - m_header);
    for (int line = 0; line < int(m_model->lines().size()); ++line)
        paintLine(painter, line);
}

void WaterfallView::paintAxis(QPainter &painter) const
{
    // With a new width other steps are round.
    const TimeAxis axis = axisFor(m_axis.total_us, std::max(plot().width() / Metrics().px(kTickSpacing), 1));
    painter.fillRect(0, 0, width(), m_header, colour(Role::Window, palette()));
    for (std::int64_t tick = 0; tick <= axis.total_us; tick += axis.step_us) {
        const int at = x(tick);
        painter.setPen(colour(Role::Grid, palette()));
        painter.drawLine(at, m_header, at, height());
        painter.setPen(colour(Role::TextMuted, palette()));
        const QRect label(at - m_header, 0, 8 * m_header, m_header);
        painter.drawText(tick == 0 ? label.translated(m_header, 0) : label,
                         int(Qt::AlignVCenter | Qt::AlignLeft), tickText(tick, axis.step_us));
    }
}

void WaterfallView::paintLine(QPainter &painter, int line) const
{
    const QRect row(0, m_header + line * m_row - m_scroll, width(), m_row);
    if (!row.intersects(rect()))
        return;
    if (line == m_selected)
        painter.fillRect(row, colour(m_list->hasFocus() ? Role::Selection : Role::SelectionIdle, palette()));
    const int bar = Metrics().px(12);
    const QRect lane(plot().left(), row.center().y() - bar / 2, plot().width(), bar);
    const AttemptModel::Line &entry = m_model->lines()[std::size_t(line)];
    if (entry.between)
        paintPause(painter, entry, lane);
    else
        paintBar(painter, barOf(m_model->attempts()[std::size_t(entry.attempt)], m_model->now()), lane);
}

void WaterfallView::paintPause(QPainter &painter, const AttemptModel::Line &line, const QRect &lane) const
{
    if (line.from_us < 0 || line.to_us <= line.from_us)
        return;
    const int left = x(line.from_us);
    const int right = std::max(x(line.to_us), left + 2);
    paintHatch(painter, QRect(left, lane.top(), right - left, lane.height()), palette());
}

void WaterfallView::paintBar(QPainter &painter, const WaterfallBar &bar, const QRect &lane) const
{
    int right = lane.left();
    for (const PhaseSpan &span : bar.spans) {
        const int from = std::max(x(span.from_us), right);
        // What took time is seen, even if it is less than a pixel.
        right = std::max(x(span.to_us), from + 1);
        painter.fillRect(QRect(from, lane.top(), right - from, lane.height()),
                         phaseColour(span.phase, palette()));
    }
    if (bar.first_token_us >= 0)
        paintFlag(painter, x(bar.first_token_us), lane, colour(Role::Text, palette()));
    if (bar.failed && bar.end_us >= 0) {
        const int end = std::max(x(bar.end_us), right);
        const int reach = Metrics().px(3);
        painter.fillRect(QRect(end, lane.top() - reach, Metrics().px(2), lane.height() + 2 * reach),
                         colour(Role::Error, palette()));
    }
}

void WaterfallView::mousePressEvent(QMouseEvent *event)
{
    const int y = int(event->position().y()) - m_header + m_scroll;
    const int line = y < 0 ? -1 : y / m_row;
    if (line >= 0 && line < int(m_model->lines().size()))
        emit lineClicked(line);
}

WaterfallLegend::WaterfallLegend(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Colours of the waterfall"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QSize WaterfallLegend::sizeHint() const
{
    const int width = Metrics().px(520);
    return {width, layOut(width, nullptr)};
}

QSize WaterfallLegend::minimumSizeHint() const
{
    return {Metrics().px(120), Metrics().px(24)};
}

int WaterfallLegend::heightForWidth(int width) const
{
    return layOut(width, nullptr);
}

void WaterfallLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    layOut(width(), &painter);
}

int WaterfallLegend::layOut(int width, QPainter *painter) const
{
    const Metrics metrics;
    const QFont small = scaledFont(font(), TextSize::Caption);
    const QFontMetrics measure(small);
    const int box = metrics.px(10);
    const int gap = metrics.px(space::kGroup);
    const int line = metrics.px(24);
    int x = metrics.px(space::kPanel);
    int y = 0;
    const auto item = [&](const QString &text, auto paintSample) {
        const int wide = box + gap + measure.horizontalAdvance(text);
        if (x > metrics.px(space::kPanel) && x + wide > width) {
            x = metrics.px(space::kPanel);
            y += line;
        }
        if (painter) {
            paintSample(QRect(x, y + (line - box) / 2, box, box));
            painter->setFont(small);
            painter->setPen(colour(Role::TextMuted, palette()));
            painter->drawText(QRect(x + box + gap, y, wide, line), int(Qt::AlignVCenter | Qt::AlignLeft),
                              text);
        }
        x += wide + metrics.px(space::kCard);
    };
    for (const Phase phase : kPhaseOrder)
        item(phaseName(phase),
             [&](const QRect &at) { painter->fillRect(at, phaseColour(phase, palette())); });
    item(tr("backoff"), [&](const QRect &at) { paintHatch(*painter, at, palette()); });
    item(tr("first token"), [&](const QRect &at) {
        paintFlag(*painter, at.center().x(), at.adjusted(0, metrics.px(4), 0, -metrics.px(3)),
                  colour(Role::Text, palette()));
    });
    return y + line;
}

} // namespace portolan::ui

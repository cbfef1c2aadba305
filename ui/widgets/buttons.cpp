// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/buttons.h"

#include "ui/theme/stylepaint.h"
#include "ui/widgets/plaintext.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTimer>

#include <utility>

namespace portolan::ui {

namespace {

constexpr int kTickShownMs = 1500;

} // namespace

LinkButton::LinkButton(const QString &text, QWidget *parent)
    : QAbstractButton(parent)
{
    setText(text);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void LinkButton::setSize(TextSize size, Weight weight)
{
    setTextSize(this, size, weight);
}

void LinkButton::setRole(Role role)
{
    m_role = role;
    update();
}

void LinkButton::setFlush(Qt::AlignmentFlag edge)
{
    m_flush = edge;
    updateGeometry();
}

QSize LinkButton::sizeHint() const
{
    const int around = m_flush == Qt::AlignHCenter ? 5 : 2;
    return {fontMetrics().horizontalAdvance(shown(text())) + around, fontMetrics().height() + 4};
}

void LinkButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QFont font = this->font();
    font.setUnderline(isEnabled() && (underMouse() || hasFocus()));
    painter.setFont(font);
    painter.setPen(colour(isEnabled() ? m_role : Role::TextDisabled, palette()));
    painter.drawText(rect(), int(m_flush | Qt::AlignVCenter) | Qt::TextSingleLine, shown(text()));
    if (hasFocus())
        paintBox(&painter, rect(), {.radius = double(radius::kChip), .focusRing = true}, palette());
}

void LinkButton::enterEvent(QEnterEvent *event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void LinkButton::leaveEvent(QEvent *event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

void LinkButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

IconButton::IconButton(Icon icon, const QString &name, QWidget *parent)
    : QToolButton(parent)
{
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus);
    setFace(icon, name);
}

void IconButton::setFace(Icon icon, const QString &name)
{
    setIcon(lineIcon(icon, Role::TextMuted));
    setToolTip(name);
    setAccessibleName(name);
}

CopyButton::CopyButton(const QString &name, std::function<QString()> text, QWidget *parent)
    : IconButton(Icon::Copy, name, parent)
    , m_text(std::move(text))
    , m_name(name)
{
    connect(this, &QToolButton::clicked, this, &CopyButton::copy);
}

void CopyButton::copy()
{
    QGuiApplication::clipboard()->setText(m_text());
    setFace(Icon::Check, tr("Copied"));
    QTimer::singleShot(kTickShownMs, this, [this] { setFace(Icon::Copy, m_name); });
    emit copied();
}

CopyField::CopyField(const QString &accessibleName, QWidget *parent)
    : QWidget(parent)
    , m_field(new QLineEdit(this))
    , m_button(new QPushButton(lineIcon(Icon::Copy), tr("Copy"), this))
{
    m_field->setReadOnly(true);
    m_field->setAccessibleName(accessibleName);
    setFixedFont(m_field, TextSize::Data);
    m_button->setAccessibleName(tr("Copy: %1").arg(accessibleName));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_field, 1);
    row->addWidget(m_button);
    setFocusProxy(m_field);

    connect(m_button, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_field->text());
        m_button->setIcon(lineIcon(Icon::Check, Role::Ok));
        QTimer::singleShot(kTickShownMs, this, [this] { m_button->setIcon(lineIcon(Icon::Copy)); });
        emit copied();
    });
}

void CopyField::setText(const QString &text)
{
    m_field->setText(text);
    m_field->setCursorPosition(0);
}

QString CopyField::text() const
{
    return m_field->text();
}

SegmentedControl::SegmentedControl(const QString &accessibleName, const QStringList &words, QWidget *parent)
    : QWidget(parent)
    , m_words(words)
    , m_name(accessibleName)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setTextSize(this, TextSize::Data);
    setAccessibleName(m_words.isEmpty() ? m_name : tr("%1: %2").arg(m_name, m_words.first()));
}

void SegmentedControl::setCurrent(int index)
{
    if (index < 0 || index >= count() || index == m_current)
        return;
    m_current = index;
    setAccessibleName(tr("%1: %2").arg(m_name, m_words[index]));
    update();
    emit currentChanged(index);
}

int SegmentedControl::widthOf(const QString &word) const
{
    // As wide as when chosen, so that choosing moves nothing.
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    return QFontMetrics(strong).horizontalAdvance(word) + 2 * Metrics().px(9);
}

QSize SegmentedControl::sizeHint() const
{
    int width = 0;
    for (const QString &word : m_words)
        width += widthOf(word);
    return {width + 1, Metrics().control() - 2};
}

QRect SegmentedControl::segment(int index) const
{
    int x = 0;
    for (int i = 0; i < index; ++i)
        x += widthOf(m_words[i]);
    const QRect at(x, 0, widthOf(m_words[index]) + 1, height());
    return layoutDirection() == Qt::RightToLeft ? at.translated(width() - at.right() - at.left() - 1, 0) : at;
}

int SegmentedControl::segmentAt(const QPoint &point) const
{
    for (int i = 0; i < count(); ++i)
        if (segment(i).contains(point))
            return i;
    return -1;
}

void SegmentedControl::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const auto of = [this](Role role) { return colour(role, palette()); };
    const double round = Metrics().px(radius::kControl);
    paintBox(&painter, rect(), {.fill = of(Role::Raised), .radius = round}, palette());
    QPainterPath inside;
    inside.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), round, round);
    for (int i = 0; i < count(); ++i) {
        const QRect at = segment(i);
        const bool chosen = i == m_current;
        painter.save();
        painter.setClipPath(inside);
        if (chosen || i == m_hovered)
            painter.fillRect(at, of(chosen ? Role::Selection : Role::Hover));
        painter.restore();
        if (i > 0)
            painter.fillRect(QRect(at.left(), 1, 1, height() - 2), of(Role::Line));
        QFont font = this->font();
        font.setWeight(chosen ? QFont::DemiBold : QFont::Normal);
        painter.setFont(font);
        painter.setPen(of(isEnabled() ? Role::Text : Role::TextDisabled));
        painter.drawText(at, Qt::AlignCenter | Qt::TextSingleLine, m_words[i]);
    }
    paintBox(&painter, rect(), {.line = of(Role::ButtonLine), .radius = round, .focusRing = hasFocus()},
             palette());
}

void SegmentedControl::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        setCurrent(segmentAt(event->position().toPoint()));
}

void SegmentedControl::mouseMoveEvent(QMouseEvent *event)
{
    const int hovered = segmentAt(event->position().toPoint());
    if (std::exchange(m_hovered, hovered) != hovered)
        update();
}

void SegmentedControl::leaveEvent(QEvent *)
{
    m_hovered = -1;
    update();
}

void SegmentedControl::keyPressEvent(QKeyEvent *event)
{
    const int forward = layoutDirection() == Qt::RightToLeft ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left: setCurrent(m_current - forward); return;
    case Qt::Key_Right: setCurrent(m_current + forward); return;
    case Qt::Key_Home: setCurrent(0); return;
    case Qt::Key_End: setCurrent(count() - 1); return;
    default: QWidget::keyPressEvent(event);
    }
}

void SegmentedControl::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

} // namespace portolan::ui

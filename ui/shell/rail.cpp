// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/rail.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/card.h"

#include <QAbstractButton>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

class Rail::Item : public QAbstractButton
{
public:
    Item(QString panel, const QString &word, Icon icon, const QString &keys, QWidget *parent)
        : QAbstractButton(parent)
        , id(std::move(panel))
        , m_icon(icon)
    {
        setText(word);
        setCheckable(true);
        setAutoExclusive(true);
        setFocusPolicy(Qt::StrongFocus);
        setToolTip(keys.isEmpty() ? word : u"%1 (%2)"_s.arg(word, keys));
        setAccessibleName(word);
        setObjectName(u"rail-"_s + id);
        setAttribute(Qt::WA_Hover);
        setTextSize(this, TextSize::Caption);
        setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
    }

    QSize sizeHint() const override
    {
        const Metrics metrics;
        const int word = fontMetrics().horizontalAdvance(text()) + 2 * metrics.px(space::kSmall);
        return {std::max(metrics.rail() - metrics.px(13), word), metrics.railItem()};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

    const QString id;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Metrics metrics;
        const auto of = [this](Role role) { return colour(role, palette()); };
        BoxLook look{.radius = double(metrics.px(radius::kCard)), .focusRing = hasFocus()};
        if (isChecked())
            look.fill = of(Role::Selection);
        else if (isDown() || underMouse())
            look.fill = of(isDown() ? Role::Pressed : Role::Hover);
        paintBox(&painter, rect(), look, palette());
        const int side = metrics.iconRail();
        const int text = fontMetrics().height();
        const int top = (height() - side - text) / 2;
        paintIcon(&painter, QRect((width() - side) / 2, top, side, side), m_icon, of(Role::TextMuted));
        painter.setPen(of(isChecked() ? Role::Text : Role::TextMuted));
        painter.drawText(QRect(0, top + side, width(), text), Qt::AlignCenter | Qt::TextSingleLine,
                         this->text());
    }

    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            click();
        else if (event->key() == Qt::Key_Down)
            focusNextPrevChild(true);
        else if (event->key() == Qt::Key_Up)
            focusNextPrevChild(false);
        else
            QAbstractButton::keyPressEvent(event);
    }

private:
    const Icon m_icon;
};

Rail::Rail(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    const Metrics metrics;
    m_column->setContentsMargins(metrics.px(space::kGroup), metrics.px(space::kGroup),
                                 metrics.px(space::kGroup) + 1, metrics.px(space::kGroup));
    m_column->setSpacing(metrics.px(space::kHair));
    m_column->addStretch(1);
    m_column->addWidget(new Rule(Qt::Horizontal, this));
    setAccessibleName(tr("Panels"));
}

void Rail::add(const QString &id, const QString &word, Icon icon, const QString &keys)
{
    auto *item = new Item(id, word, icon, keys, this);
    m_items.push_back(item);
    if (id == "settings"_L1)
        m_column->addWidget(item);
    else
        m_column->insertWidget(int(m_items.size()) - 1, item);
    connect(item, &QAbstractButton::clicked, this, [this, id] { emit chosen(id); });
}

void Rail::setCurrent(const QString &id)
{
    m_current = id;
    for (Item *item : m_items)
        item->setChecked(item->id == id);
    update();
}

void Rail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
    painter.fillRect(QRect(rightToLeft ? 0 : width() - 1, 0, 1, height()), colour(Role::Line, palette()));
    const int mark = Metrics().px(3);
    for (const Item *item : m_items) {
        if (!item->isChecked())
            continue;
        const int inset = item->height() / 6;
        painter.fillRect(
            QRect(rightToLeft ? width() - mark : 0, item->y() + inset, mark, item->height() - 2 * inset),
            colour(Role::Accent, palette()));
    }
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/gatewaybar.h"

#include "ui/home/gatewaylook.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portolan::ui {

SearchButton::SearchButton(QWidget *parent)
    : QAbstractButton(parent)
{
    setText(tr("Search or run..."));
    setAccessibleName(tr("Search or run a command"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::IBeamCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize SearchButton::sizeHint() const
{
    return {Metrics().px(300), Metrics().control()};
}

QSize SearchButton::minimumSizeHint() const
{
    return {Metrics().px(160), Metrics().control()};
}

void SearchButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Metrics metrics;
    const auto of = [this](Role role) { return colour(role, palette()); };
    paintBox(&painter, rect(),
             {.fill = of(Role::Base),
              .line = of(Role::LineControl),
              .radius = double(metrics.px(radius::kControl)),
              .focusRing = hasFocus()},
             palette());
    const int side = metrics.iconSmall();
    const QRect inner = rect().adjusted(metrics.px(9), 0, -metrics.px(9), 0);
    paintIcon(&painter, QRect(inner.x(), (height() - side) / 2, side, side), Icon::Search,
              of(Role::TextMuted));

    const QString keys = tr("Ctrl+K");
    const QFontMetrics caption(scaledFont(font(), TextSize::Caption));
    const int chip = caption.horizontalAdvance(keys) + 2 * metrics.px(5);
    const int chipHeight = metrics.px(16);
    item::paintChip(&painter, QPoint(inner.right() - chip + 1, (height() - chipHeight) / 2), chipHeight, keys,
                    palette());
    item::paintText(&painter,
                    inner.adjusted(side + metrics.px(space::kGroup), 0, -chip - metrics.px(space::kGroup), 0),
                    text(), of(Role::TextMuted));
}

GatewayBar::GatewayBar(QWidget *parent)
    : QWidget(parent)
    , m_dot(new IconLabel(Icon::Dot, Role::Neutral, 16, this))
    , m_word(new PlainLabel(this))
    , m_reason(new ElidedLabel(this))
    , m_address(new PlainLabel(this))
    , m_copy(new CopyButton(
          tr("Copy the address"), [this] { return m_baseUrl; }, this))
    , m_switch(new QPushButton(this))
    , m_badge(new QPushButton(lineIcon(Icon::Triangle, Role::Warning), tr("Open on loopback"), this))
    , m_search(new SearchButton(this))
{
    const Metrics metrics;
    m_word->setSize(TextSize::Body, Weight::Strong);
    m_word->setObjectName(u"gatewayWord"_s);
    m_reason->setRole(Role::Error);
    m_address->setFixed(TextSize::Data);
    m_address->setSelectable();
    m_address->setAccessibleName(tr("Address of the gateway"));
    m_switch->setObjectName(u"gatewaySwitch"_s);
    m_badge->setFlat(true);
    m_badge->setToolTip(tr("Programs on this computer need no client key. Click to change it."));
    m_badge->hide();

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics.px(9), 0, metrics.px(space::kPanel), 1);
    row->setSpacing(metrics.px(space::kTight));
    row->addWidget(m_dot);
    row->addWidget(m_word);
    row->addSpacing(metrics.px(space::kSmall));
    row->addWidget(m_address);
    row->addWidget(m_copy);
    row->addSpacing(metrics.px(space::kTight));
    row->addWidget(m_switch);
    row->addWidget(m_badge);
    row->addWidget(m_reason, 100); // all the room there is, before the stretch
    row->addStretch(1);
    row->addWidget(m_search);

    connect(m_switch, &QPushButton::clicked, this, &GatewayBar::switchClicked);
    connect(m_badge, &QPushButton::clicked, this, &GatewayBar::badgeClicked);
    connect(m_search, &SearchButton::clicked, this, &GatewayBar::searchClicked);
    setStatus({});
}

void GatewayBar::setStatus(const control::GatewayStatus &status)
{
    const GatewayLook look = lookOf(status.state);
    m_baseUrl = status.baseUrl;
    m_dot->setIcon(Icon::Dot, look.dot);
    m_word->setText(look.word);
    m_word->setAccessibleName(tr("Gateway: %1").arg(look.word));
    const QString address = status.baseUrl.startsWith("http://"_L1) ? status.baseUrl.mid(7) : status.baseUrl;
    m_address->setText(address);
    m_address->setVisible(!address.isEmpty());
    m_copy->setVisible(!address.isEmpty());
    m_reason->setText(status.reason);
    m_reason->setVisible(status.state == control::GatewayStatus::State::Failed && !status.reason.isEmpty());
    m_badge->setVisible(status.openOnLoopback);
    m_switch->setText(look.action);
    m_switch->setIcon(lineIcon(look.icon));
}

void GatewayBar::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(QRect(0, height() - 1, width(), 1), colour(Role::Line, palette()));
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/gatewaycard.h"

#include "ui/home/gatewaylook.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

using State = control::GatewayStatus::State;

QString bodiesWords(trace::CaptureLevel level)
{
    switch (level) {
    case trace::CaptureLevel::Full: return GatewayCard::tr("stored");
    case trace::CaptureLevel::Errors: return GatewayCard::tr("stored for errors only");
    case trace::CaptureLevel::Metadata: return GatewayCard::tr("not stored");
    case trace::CaptureLevel::Off: break;
    }
    return GatewayCard::tr("not stored, numbers only");
}

} // namespace

GatewayCard::GatewayCard(QWidget *parent)
    : Card(tr("Gateway"), parent)
    , m_state(new StateLabel(this))
    , m_address(new CopyField(tr("Address of the gateway"), this))
    , m_since(new PlainLabel(this))
    , m_listens(new PlainLabel(this))
    , m_bodies(new PlainLabel(this))
    , m_reason(new PlainLabel(this))
    , m_switch(new QPushButton(this))
{
    const Metrics metrics;
    m_state->setSize(TextSize::Body, Weight::Strong);
    head()->addWidget(m_state);
    m_reason->setWordWrap(true);
    m_reason->setRole(Role::Error);
    m_reason->setSelectable();
    m_reason->hide();

    auto *facts = new QGridLayout;
    facts->setHorizontalSpacing(metrics.px(space::kCard));
    facts->setVerticalSpacing(metrics.px(space::kTight));
    facts->setColumnStretch(2, 1);
    const auto add = [&](const QString &name, PlainLabel *value) {
        auto *label = new PlainLabel(name, this);
        label->setRole(Role::TextMuted);
        for (PlainLabel *each : {label, value})
            each->setSize(TextSize::Data);
        const int row = facts->rowCount();
        facts->addWidget(label, row, 0);
        facts->addWidget(value, row, 1);
    };
    add(tr("Running for"), m_since);
    add(tr("Listens to"), m_listens);
    add(tr("Bodies"), m_bodies);
    auto *change = new LinkButton(tr("Change"), this);
    change->setAccessibleName(tr("Change what is stored"));
    change->setSize(TextSize::Data);
    change->setFixedHeight(change->fontMetrics().height()); // no higher than the lines above it
    auto *bodies = new QHBoxLayout;
    bodies->setSpacing(metrics.px(space::kSmall));
    bodies->addWidget(m_bodies);
    bodies->addWidget(change);
    bodies->addStretch(1);
    facts->addLayout(bodies, facts->rowCount() - 1, 1, 1, 2);

    auto *settings = new QPushButton(tr("Settings"), this);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_switch);
    buttons->addWidget(settings);
    buttons->addStretch(1);
    body()->setSpacing(metrics.px(10));
    body()->addWidget(m_address);
    body()->addWidget(m_reason);
    body()->addLayout(facts);
    body()->addStretch(1);
    body()->addLayout(buttons);

    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, &GatewayCard::tick);
    connect(m_switch, &QPushButton::clicked, this, &GatewayCard::switchClicked);
    connect(settings, &QPushButton::clicked, this,
            [this] { emit goTo({.panel = u"settings"_s, .query = u"gateway"_s}); });
    connect(change, &LinkButton::clicked, this,
            [this] { emit goTo({.panel = u"settings"_s, .query = u"storage/capture"_s}); });
    setStatus({}, {});
}

void GatewayCard::setStatus(const control::GatewayStatus &status, const control::Settings &settings)
{
    m_status = status;
    const GatewayLook look = lookOf(status.state);
    m_state->setState(Icon::Dot, look.word, look.dot);
    m_address->setText(status.baseUrl);
    m_listens->setText(status.loopbackOnly ? tr("this computer only") : tr("the network"));
    m_bodies->setText(bodiesWords(settings.capture));
    m_reason->setText(status.reason);
    m_reason->setVisible(status.state == State::Failed && !status.reason.isEmpty());
    m_switch->setText(look.action);
    m_switch->setIcon(lineIcon(look.icon));
    tick();
}

void GatewayCard::tick()
{
    const bool runs = m_status.state == State::Running && m_status.runningSince.isValid();
    const qint64 ms = runs ? m_status.runningSince.msecsTo(QDateTime::currentDateTime()) : -1;
    // Whole seconds: the tenths of a duration would only flicker.
    m_since->setText(ms < 0 ? u"-"_s : ms < 60'000 ? tr("%1 s").arg(ms / 1000) : format::duration(ms * 1000));
}

void GatewayCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    tick();
    m_clock.start();
}

void GatewayCard::hideEvent(QHideEvent *event)
{
    Card::hideEvent(event);
    m_clock.stop();
}

} // namespace portolan::ui

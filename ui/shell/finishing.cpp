// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/finishing.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace portolan::ui {

using State = control::GatewayStatus::State;

namespace {

constexpr int kTickMs = 500;
constexpr std::chrono::seconds kGrace{2}; // beyond the drain, for what the gateway does after it

} // namespace

Finishing::Finishing(control::Control &control, QObject *parent)
    : QObject(parent)
    , m_control(control)
    , m_title(new PlainLabel(&m_note))
    , m_words(new PlainLabel(&m_note))
{
    const Metrics metrics;
    m_note.setObjectName(QStringLiteral("finishing"));
    m_note.setWindowTitle(tr("Portolan"));
    m_note.setWindowIcon(lineIcon(Icon::Route, Role::Accent));
    m_title->setSize(TextSize::Heading, Weight::Strong);
    m_words->setWordWrap(true);
    m_words->setMinimumWidth(metrics.px(360));
    auto *hide = new QPushButton(tr("Hide"), &m_note);
    connect(hide, &QPushButton::clicked, &m_note, &QDialog::hide);
    auto *cut = new QPushButton(tr("End them now"), &m_note);
    cut->setObjectName(QStringLiteral("cut"));
    connect(cut, &QPushButton::clicked, this, [this, cut] {
        cut->setEnabled(false);
        m_control.cutGateway();
    });
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cut);
    buttons->addWidget(hide);
    auto *column = new QVBoxLayout(&m_note);
    const int margin = metrics.px(space::kCard);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(metrics.px(space::kPanel));
    column->addWidget(m_title);
    column->addWidget(m_words);
    column->addLayout(buttons);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &Finishing::say);
}

Finishing::~Finishing() = default;

void Finishing::begin()
{
    const auto drain = m_control.settings().limits.drain;
    m_patience.setRemainingTime(drain);
    QTimer::singleShot(drain + kGrace, this, &Finishing::end); // whatever holds it up, the program ends
    connect(&m_control, &control::Control::gatewayChanged, this, &Finishing::advance);
    if (m_control.gateway().active > 0) {
        say();
        bringNoteUp();
        m_tick.start();
    }
    advance();
}

void Finishing::advance()
{
    switch (m_control.gateway().state) {
    case State::Running: m_control.stopGateway(); return;
    case State::Starting:
    case State::Draining: return;
    case State::Stopped:
    case State::Failed: end(); return;
    }
}

void Finishing::say()
{
    const int active = std::max(m_control.gateway().active, 0);
    m_title->setText(active == 0       ? tr("Finishing")
                         : active == 1 ? tr("Finishing 1 request")
                                       : tr("Finishing %n requests", nullptr, active));
    const qint64 left = (m_patience.remainingTime() + 999) / 1000;
    m_words->setText(tr("No new requests are taken. What still runs in %1 s is ended, and its program gets "
                        "an error. Portolan then closes by itself.")
                         .arg(left));
}

void Finishing::bringNoteUp()
{
    if (m_ended)
        return;
    say();
    m_note.show();
    m_note.raise();
    m_note.activateWindow();
}

void Finishing::end()
{
    if (m_ended)
        return;
    m_ended = true;
    m_tick.stop();
    m_note.hide();
    emit done();
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/homepanel.h"

#include "ui/home/failurescard.h"
#include "ui/home/firststeps.h"
#include "ui/home/gatewaycard.h"
#include "ui/home/gatewaylook.h"
#include "ui/home/providerscard.h"
#include "ui/home/recentcard.h"
#include "ui/theme/metrics.h"

#include <QGridLayout>
#include <QPointer>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace portolan::ui {

namespace {

constexpr int kFailures = 60; // of which many may be the same
constexpr int kFailuresAfterMs = 500;

bool isFailure(const control::LiveEvent &event)
{
    return event.kind == control::LiveEvent::Kind::Finished && event.row.outcome != trace::Outcome::Ok
        && event.row.outcome != trace::Outcome::Cancelled;
}

} // namespace

HomePanel::HomePanel(control::Control &control, QWidget *parent)
    : Panel(parent)
    , m_control(control)
    , m_content(new QWidget)
    , m_grid(new QGridLayout(m_content))
    , m_steps(new FirstSteps(m_content))
    , m_gateway(new GatewayCard(m_content))
    , m_recent(new RecentCard(m_content))
    , m_providers(new ProvidersCard(m_content))
    , m_failures(new FailuresCard(m_content))
    , m_showSteps(
          new QAction(lineIcon(Icon::CircleCheck, Role::TextMuted), tr("Show the &first steps"), this))
{
    const Metrics metrics;
    const int margin = metrics.px(space::kPanel);
    m_grid->setContentsMargins(margin + metrics.px(space::kTight), margin + 2,
                               margin + metrics.px(space::kTight), margin);
    m_grid->setSpacing(margin);
    setMenuPlace(m_showSteps, MenuPlace::View);
    m_showSteps->setCheckable(true);

    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_content);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);

    m_failuresSoon.setSingleShot(true);
    m_failuresSoon.setInterval(kFailuresAfterMs);
    connect(&m_failuresSoon, &QTimer::timeout, this, &HomePanel::refreshFailures);
    connectCards();
    m_gateway->setStatus(m_control.gateway(), m_control.settings());
    m_recent->setPulse(m_control.pulse());
    m_providers->setAccounts(m_control.accounts());
    refreshSteps();
    findOffers();
}

void HomePanel::connectCards()
{
    using control::Control;
    const auto showGateway = [this] {
        m_gateway->setStatus(m_control.gateway(), m_control.settings());
        refreshSteps();
    };
    connect(&m_control, &Control::gatewayChanged, this, showGateway);
    connect(&m_control, &Control::settingsChanged, this, showGateway);
    connect(&m_control, &Control::clientKeysChanged, this, &HomePanel::refreshSteps);
    connect(&m_control, &Control::accountsChanged, this, [this] {
        m_providers->setAccounts(m_control.accounts());
        refreshSteps();
    });
    connect(&m_control, &Control::pulseChanged, this, [this] {
        m_recent->setPulse(m_control.pulse());
        refreshSteps();
    });
    connect(&m_control, &Control::live, this, [this](const control::LiveBatch &batch) {
        if (isVisible() && !m_failuresSoon.isActive() && std::ranges::any_of(batch, isFailure))
            m_failuresSoon.start();
    });

    connect(m_gateway, &GatewayCard::switchClicked, this, [this] { throwSwitch(m_control); });
    connect(m_gateway, &GatewayCard::goTo, this, &Panel::goTo);
    connect(m_recent, &RecentCard::goTo, this, &Panel::goTo);
    connect(m_providers, &ProvidersCard::goTo, this, &Panel::goTo);
    connect(m_failures, &FailuresCard::goTo, this, &Panel::goTo);
    connect(m_steps, &FirstSteps::addAccount, this,
            [this] { emit goTo({.panel = QStringLiteral("catalog"), .query = QStringLiteral("new")}); });
    connect(m_steps, &FirstSteps::makeKey, this, &HomePanel::makeKey);
    connect(m_steps, &FirstSteps::sendTest, this, &HomePanel::sendTest);
    connect(m_steps, &FirstSteps::hideClicked, this, &HomePanel::hideSteps);
    connect(m_steps, &FirstSteps::skipSnippet, this, [this] {
        control::Settings settings = m_control.settings();
        settings.snippetSkipped = true;
        change(settings);
    });
    connect(m_showSteps, &QAction::triggered, this, [this](bool wanted) {
        control::Settings settings = m_control.settings();
        settings.firstStepsHidden = !wanted;
        change(settings);
    });
}

void HomePanel::layOut()
{
    for (QWidget *card :
         std::initializer_list<QWidget *>{m_steps, m_gateway, m_recent, m_providers, m_failures})
        m_grid->removeWidget(card);
    for (int i = 0; i < 4; ++i) {
        m_grid->setColumnStretch(i, 0);
        m_grid->setRowStretch(i, 0);
    }
    m_steps->setVisible(m_stepsShown);
    if (m_stepsShown) {
        m_grid->addWidget(m_steps, 0, 0, 2, 1);
        m_grid->addWidget(m_gateway, 0, 1);
        m_grid->addWidget(m_recent, 0, 2);
        m_grid->addWidget(m_providers, 1, 1, 1, 2);
        m_grid->setColumnStretch(0, 10);
        m_grid->setColumnStretch(1, 7);
        m_grid->setColumnStretch(2, 7);
    } else {
        m_grid->addWidget(m_gateway, 0, 0);
        m_grid->addWidget(m_recent, 0, 1);
        m_grid->addWidget(m_providers, 0, 2);
        m_grid->setColumnStretch(0, 1);
        m_grid->setColumnStretch(1, 1);
        m_grid->setColumnStretch(2, 1);
    }
    m_grid->addWidget(m_failures, 2, 0, 1, 3);
    m_grid->setRowStretch(3, 1);
    m_laidOut = true;
}

void HomePanel::refreshSteps()
{
    const control::Pulse &pulse = m_control.pulse();
    m_steps->setState({.accounts = m_control.accounts(),
                       .keys = m_control.clientKeys(),
                       .offers = m_offers,
                       .baseUrl = m_control.gateway().baseUrl,
                       .snippetSkipped = m_control.settings().snippetSkipped,
                       .requests = pulse.everRequests,
                       .failed = pulse.last15.errors,
                       .running = m_control.gateway().state == control::GatewayStatus::State::Running});
    const bool shown = !m_control.settings().firstStepsHidden && m_steps->doneSteps() < FirstSteps::kSteps;
    m_showSteps->setChecked(!m_control.settings().firstStepsHidden);
    m_failures->setVisible(pulse.everRequests > 0);
    if (m_laidOut && shown == m_stepsShown)
        return;
    m_stepsShown = shown;
    layOut();
}

void HomePanel::findOffers()
{
    m_control.findOffers([self = QPointer(this)](Result<std::vector<control::Offer>> offers) {
        if (!self || !offers)
            return;
        for (const control::Offer &offer : *offers)
            self->m_offers.append(offer.source);
        self->refreshSteps();
    });
}

void HomePanel::refreshFailures()
{
    m_control.history({.errorsOnly = true, .limit = kFailures},
                      [self = QPointer(this)](Result<std::vector<trace::RequestRow>> rows) {
                          if (self && rows)
                              self->m_failures->setRows(*rows);
                      });
}

void HomePanel::entered()
{
    refreshFailures();
}

void HomePanel::refresh()
{
    refreshFailures();
    refreshSteps();
}

void HomePanel::change(const control::Settings &settings)
{
    m_control.changeSettings(settings, [self = QPointer(this)](Result<> done) {
        if (self && !done)
            emit self->toast(
                {.text = QString::fromStdString(done.error().message), .undo = {}, .commit = {}});
    });
}

void HomePanel::hideSteps()
{
    control::Settings settings = m_control.settings();
    settings.firstStepsHidden = true;
    change(settings);
    emit toast({.text = tr("First steps hidden. View, Show the first steps brings them back."),
                .undo =
                    [this] {
                        control::Settings shown = m_control.settings();
                        shown.firstStepsHidden = false;
                        change(shown);
                    },
                .commit = {}});
}

QString HomePanel::help() const
{
    return tr("Home shows how the gateway does: its state and address, the last 15 minutes in four numbers, "
              "the state of "
              "each provider from real calls, and the requests that failed last with one way out each. Every "
              "number leads "
              "to the requests behind it.");
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// What LogsPanel says of itself: buttons, the line under the list, and what stands where there is no list.
#include "ui/logs/logspanel.h"

#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>

namespace portolan::ui {

void LogsPanel::updateState()
{
    m_pause->setText(m_paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(lineIcon(m_paused ? Icon::Start : Icon::Pause));
    m_pause->setVisible(m_range == Live);
    m_pauseAction->setText(m_paused ? tr("Resume the list") : tr("Pause the list"));
    const bool counting = m_live->activeCount() > 0 && isVisible();
    if (counting != m_tick.isActive())
        counting ? m_tick.start() : m_tick.stop();
    updateStatusLine();
    updateEmptyState();
    updateCommands();
}

void LogsPanel::updateStatusLine()
{
    const int total = model()->rowCount();
    const int shownRows = m_filter->rowCount();
    if (m_range == Live && m_paused) {
        const std::size_t waiting = m_waiting.size() + m_waitingElsewhere;
        m_followLink->setText(
            waiting == 0 ? tr("Paused, resume")
                : waiting == 1
                ? tr("Paused. 1 request is waiting, resume")
                : tr("Paused. %1 requests are waiting, resume").arg(format::count(qint64(waiting))));
    } else if (m_range != Live) {
        m_followLink->setText(tr("Jump to end"));
    } else if (m_view->isFollowing()) {
        m_followLink->setText(tr("Following"));
    } else {
        m_followLink->setText(m_view->unseen() > 0
                                  ? tr("%1 new, jump to end").arg(format::count(m_view->unseen()))
                                  : tr("Jump to end"));
    }
    m_followLink->setVisible(m_range == Live || !m_view->isFollowing());
    const bool more = !paging().exhausted && m_range != Live;
    const QString shown = m_filter->isNarrowed()
        ? tr("%1 of %2 shown").arg(format::count(shownRows), format::count(total))
        : total == 1 ? tr("1 request")
                     : tr("%1 requests").arg(format::count(total));
    m_shownLabel->setText(more ? tr("%1, more above", "8 requests, more above").arg(shown) : shown);
    m_line->setVisible(total > 0);
    m_windowLabel->setText(
        m_range == Live ? tr("live window: newest %1").arg(format::count(m_live->capacity())) : QString());
}

void LogsPanel::updateEmptyState()
{
    if (m_filter->rowCount() > 0 || paging().loading) {
        showPage(m_view);
        return;
    }
    if (!m_control)
        return;
    const auto state = m_control->gateway().state;
    const bool stopped
        = state == control::GatewayStatus::State::Stopped || state == control::GatewayStatus::State::Failed;
    if (m_range != Live) {
        sayNoneInRange();
    } else if (m_filter->isNarrowed() && m_live->rowCount() > 0) {
        sayNoneMatches();
    } else if (m_paused && !m_held.empty()) {
        m_empty->say(tr("The list is paused, and requests are waiting."), {},
                     {{.text = tr("Resume"), .go = [this] { setPaused(false); }, .main = true}});
    } else if (stopped) {
        m_empty->say(tr("The gateway is stopped."), {},
                     {{.text = tr("Start"), .go = [this] { m_control->startGateway(); }, .main = true}});
    } else {
        m_empty->say(tr("No requests yet. Point a client at this address:"), m_control->gateway().baseUrl,
                     {{.text = tr("Send a test request"),
                       .go =
                           [this] {
                               m_control->sendTestRequest([panel = QPointer(this)](Result<RequestId> sent) {
                                   if (panel && !sent)
                                       panel->m_banner->say(Banner::Kind::Error,
                                                            QString::fromStdString(sent.error().message));
                               });
                           },
                       .main = true}});
    }
    showPage(m_empty);
}

void LogsPanel::sayNoneInRange()
{
    static const char *const kSpans[] = {
        nullptr,
        QT_TR_NOOP("the last 15 minutes"),
        QT_TR_NOOP("the last hour"),
        QT_TR_NOOP("the last 24 hours"),
        QT_TR_NOOP("the last 7 days"),
    };
    std::vector<EmptyState::Way> ways;
    if (m_filter->isNarrowed())
        ways.push_back({.text = tr("Show all"), .go = [this] { showEverything(); }});
    if (m_range != Week)
        ways.push_back({.text = tr("Search 7 days"), .go = [this] { setRange(Week); }});
    const QString span = tr(kSpans[m_range]);
    const QString words = m_filter->search();
    m_empty->say(!words.isEmpty()             ? tr("No request of %1 holds \"%2\".").arg(span, words)
                     : m_filter->isNarrowed() ? tr("No request failed in %1.").arg(span)
                                              : tr("No request in %1.").arg(span),
                 {}, std::move(ways));
}

void LogsPanel::sayNoneMatches()
{
    const QString words = m_filter->search();
    std::vector<EmptyState::Way> ways{
        {.text = tr("Show all"), .go = [this] { showEverything(); }, .main = true}};
    if (m_filter->show() != RequestFilter::Show::Active)
        ways.push_back({.text = tr("Search 7 days"), .go = [this] { setRange(Week); }});
    m_empty->say(!words.isEmpty() ? tr("None of these requests holds \"%1\".").arg(words)
                     : m_filter->show() == RequestFilter::Show::Active ? tr("No request is running.")
                                                                       : tr("None of these requests failed."),
                 {}, std::move(ways));
}

void LogsPanel::showPage(QWidget *page)
{
    if (m_stack->currentWidget() == page)
        return;
    // Keys go to what is seen: from the empty list into the first rows and back.
    const QWidget *focus = window()->focusWidget();
    const bool follows = isVisible() && (!focus || m_stack->isAncestorOf(focus));
    setFocusProxy(page);
    m_stack->setCurrentWidget(page);
    if (follows)
        page->setFocus();
}

} // namespace portolan::ui

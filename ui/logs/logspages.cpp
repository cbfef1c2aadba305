// SPDX-License-Identifier: GPL-3.0-or-later
// What of the requests LogsPanel lists: the range, its pages from the database, and what the filter lets
// through.
#include "ui/logs/logspanel.h"

#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLineEdit>

#include <algorithm>

namespace portolan::ui {

namespace {

constexpr int kPage = 200;

constexpr qint64 kRangeSeconds[] = {0, 15 * 60, 3600, 86'400, 7 * 86'400};

} // namespace

void LogsPanel::setRange(int range)
{
    const bool changed = m_range != Range(range);
    m_range = Range(range);
    if (m_ranges->current() != range)
        m_ranges->setCurrent(range);
    if (!changed)
        return;
    m_filter->setSourceModel(model());
    restart();
    emit stateChanged();
}

void LogsPanel::setShow(int show)
{
    if (m_shows->current() != show) {
        m_shows->setCurrent(show); // comes back here
        return;
    }
    m_filter->setShow(RequestFilter::Show(show));
    if (m_filter->show() == RequestFilter::Show::Active)
        setRange(Live); // nothing of the past runs
    if (m_range != Live)
        restart(); // the database knows errors, so pages of them alone are asked for
    refilter();
}

void LogsPanel::setSearch(const QString &text)
{
    m_search->setText(text);
    search();
}

void LogsPanel::search()
{
    m_searchSoon.stop();
    const QString before = m_filter->search();
    m_filter->setSearch(m_search->text());
    if (m_filter->search() != before)
        refilter();
}

void LogsPanel::refilter()
{
    fillScreen();
    m_view->jumpToEnd();
    updateState();
    emit stateChanged();
}

void LogsPanel::fillScreen()
{
    // Few of the loaded rows may pass the filter. What is active is never further back in the history.
    const int screen
        = m_view->viewport()->height() / std::max(m_view->verticalHeader()->defaultSectionSize(), 1);
    if (m_filter->rowCount() <= screen && m_filter->show() != RequestFilter::Show::Active)
        loadPage();
}

void LogsPanel::showEverything()
{
    setSearch(QString());
    setShow(int(RequestFilter::Show::All));
    m_view->setFocus();
}

void LogsPanel::restart()
{
    Paging &pages = paging();
    ++pages.generation;
    pages.loading = false;
    if (m_range != Live) {
        pages.exhausted = false;
        m_rangeFromUs = QDateTime::currentMSecsSinceEpoch() * 1000 - kRangeSeconds[m_range] * 1'000'000;
        m_past->tick(QDateTime::currentMSecsSinceEpoch() * 1000);
        m_past->clear();
    }
    m_view->jumpToEnd();
    loadPage();
    updateState();
}

void LogsPanel::loadPage()
{
    Paging &pages = paging();
    if (pages.loading || pages.exhausted || model()->isFull() || !m_control)
        return;
    pages.loading = true;
    const control::HistoryQuery query{
        .before = model()->oldest(),
        .fromUs = m_range == Live ? 0 : m_rangeFromUs,
        .errorsOnly = m_range != Live && m_filter->show() == RequestFilter::Show::Errors,
        .limit = kPage,
    };
    m_control->history(query, [panel = QPointer(this), generation = pages.generation](auto page) {
        if (panel)
            panel->onPage(generation, kPage, std::move(page));
    });
}

void LogsPanel::onPage(quint64 generation, int limit, Result<std::vector<trace::RequestRow>> page)
{
    Paging &pages = paging();
    if (generation != pages.generation)
        return;
    pages.loading = false;
    if (!page) {
        pages.exhausted = true; // until asked again
        m_banner->say(
            Banner::Kind::Error,
            tr("The history could not be read: %1").arg(QString::fromStdString(page.error().message)),
            tr("Try again"));
        updateState();
        return;
    }
    m_banner->clear();
    pages.exhausted = std::ssize(*page) < limit;
    std::erase_if(*page, [this](const trace::RequestRow &row) { return m_deleting.contains(row.id); });
    model()->prependPage(*page);
    fillScreen();
    updateState();
}

void LogsPanel::refresh()
{
    m_livePaging.exhausted = false;
    m_banner->clear();
    restart();
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/logs/requeststate.h"

#include <QWidget>

#include <optional>

class QHBoxLayout;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace portolan::ui {

class AttemptsTab;
class BodyView;
class HeadersTab;
class OverviewTab;
class NumbersLabel;
class PlainLabel;
class RouteLabel;
class StateLabel;

/// One request in full. The header is filled from its row at once; the tabs when the record has been read.
/// While the request runs both are given again and again, and only what changed moves.
class TraceDetail : public QWidget
{
    Q_OBJECT

public:
    enum Tab { Overview, Attempts, Request, Response, Headers };

    explicit TraceDetail(QWidget *parent = nullptr);

    /// Another row empties the tabs until its record comes.
    void setEntry(const RequestEntry &entry, std::int64_t elapsed_us);
    void setDetail(control::Detail detail, bool active, std::int64_t elapsed_us);
    /// The record could not be read.
    void setMissing(const QString &why);

    [[nodiscard]] RequestId request() const { return m_id; }
    [[nodiscard]] const std::optional<control::Detail> &detail() const { return m_detail; }
    [[nodiscard]] int currentTab() const;
    void setCurrentTab(int tab);
    void setCopyMenu(QMenu *menu);
    /// Opens find in a body; false where there is none.
    bool openFind();

signals:
    void closeRequested();
    void abortRequested(portolan::RequestId id);
    void storageSettingsRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *createHeader();
    QWidget *createTabs();
    void fillTabs(bool active, std::int64_t elapsed_us);
    void fillBody(BodyView *view, const std::optional<trace::Body> &body, bool active);

    RequestId m_id{};
    bool m_active = false;
    std::optional<control::Detail> m_detail;

    StateLabel *m_state = nullptr;
    RouteLabel *m_route = nullptr;
    QHBoxLayout *m_firstLine = nullptr;
    QVBoxLayout *m_secondLine = nullptr;
    NumbersLabel *m_numbers = nullptr;
    QPushButton *m_abort = nullptr;
    QPushButton *m_copy = nullptr;
    QTabBar *m_tabs = nullptr;
    QStackedWidget *m_pages = nullptr;
    PlainLabel *m_notice = nullptr;
    OverviewTab *m_overview = nullptr;
    AttemptsTab *m_attempts = nullptr;
    BodyView *m_request = nullptr;
    BodyView *m_response = nullptr;
    HeadersTab *m_headers = nullptr;
};

} // namespace portolan::ui

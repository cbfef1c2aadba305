// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/logs/requestlogmodel.h"
#include "ui/widgets/panel.h"

#include <QPointer>
#include <QTimer>

#include <unordered_set>

class QLineEdit;
class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace portolan::ui {

class Banner;
class EmptyState;
class IconButton;
class LinkButton;
class PlainLabel;
class RequestFilter;
class RequestView;
class SegmentedControl;
class TraceDetail;

/// What goes through the gateway: a live list that follows, ranges of the history in pages, and one request
/// in full under it (beside it from 1,500 px).
class LogsPanel : public Panel
{
    Q_OBJECT

public:
    explicit LogsPanel(control::Control &control, QWidget *parent = nullptr);
    ~LogsPanel() override;

    QString id() const override { return QStringLiteral("logs"); }
    QString title() const override { return tr("Logs"); }
    Icon icon() const override { return Icon::List; }
    QList<QAction *> commands() const override;
    void focusFind() override;
    void refresh() override;
    void visit(const Place &place) override;
    Place place() const override;
    void entered() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;
    std::vector<Finding> find(const QString &text) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    enum Range { Live, Quarter, Hour, Day, Week };
    /// Where the pages of a model stand.
    struct Paging {
        quint64 generation = 0; // answers to older questions are dropped
        bool loading = false;
        bool exhausted = false;
    };

    QWidget *createToolbar();
    QWidget *createList();
    QWidget *createStatusLine();
    void createActions();
    QAction *addCommand(const QString &text, const QKeySequence &key, void (LogsPanel::*slot)());
    void addSeparator();
    QMenu *createCopyMenu();
    void connectAll();

    // The list
    void onLive(const control::LiveBatch &batch);
    void hold(const control::LiveBatch &batch);
    void setRange(int range);
    void setShow(int show);
    void search();
    void setSearch(const QString &text);
    void refilter();
    void showEverything();
    void fillScreen();
    void setPaused(bool paused);
    void togglePause() { setPaused(!m_paused); }
    void loadPage();
    void onPage(quint64 generation, int limit, Result<std::vector<trace::RequestRow>> page);
    void restart();
    void updateState();
    void updateEmptyState();
    void sayNoneInRange();
    void sayNoneMatches();
    void showPage(QWidget *page);
    void updateStatusLine();
    void tick();
    void showHeaderMenu(const QPoint &at);
    void showContextMenu(const QPoint &at);
    [[nodiscard]] RequestLogModel *model() const { return m_range == Live ? m_live : m_past; }
    [[nodiscard]] Paging &paging() { return m_range == Live ? m_livePaging : m_pastPaging; }

    // The selection
    [[nodiscard]] RequestId currentRequest() const;
    [[nodiscard]] std::vector<RequestId> selectedRequests() const;
    [[nodiscard]] const RequestEntry *entryOf(RequestId id) const;
    void nextRow();
    void previousRow();
    void firstRow();
    void lastRow();
    void openDetail();
    void closeDetail();
    void goToDetail();
    void goToList();
    void showRequest(RequestId id);
    void askDetail();
    void refreshDetail();
    void onDetail(quint64 generation, RequestId id, Result<std::optional<control::Detail>> answer);
    void placeDetail();
    void shareGrowth();
    void withRecord(std::function<void(const trace::Record &)> use);
    void copyText(const QString &text, const QString &said);
    void copyCurl();
    void copyId();
    void copyJson();
    void copyRequest();
    void copyResponse();
    void abortCurrent();
    static std::vector<RequestEntry> takeFrom(RequestLogModel *from, const std::vector<RequestId> &ids);
    void deleteSelected();
    void onRemoved(const std::vector<RequestId> &ids, const Result<> &done);
    void updateCommands();

    const QPointer<control::Control> m_control; // outlives the window
    RequestLogModel *m_live;
    RequestLogModel *m_past;
    RequestFilter *m_filter;
    Paging m_livePaging;
    Paging m_pastPaging;
    Range m_range = Live;
    qint64 m_rangeFromUs = 0;
    bool m_paused = false;
    control::LiveBatch m_held;                // what came while paused, at most kHeldEvents
    std::unordered_set<RequestId> m_waiting;  // of m_held, and not in the list
    std::size_t m_waitingElsewhere = 0;       // came while paused, no longer in m_held
    std::unordered_set<RequestId> m_deleting; // removed from the list, not yet from the store

    RequestId m_wanted{}; // whose detail is shown
    quint64 m_detailGeneration = 0;
    int m_detailTries = 0;
    QTimer m_detailRetry;
    QTimer m_tick;
    QTimer m_searchSoon;

    SegmentedControl *m_ranges = nullptr;
    SegmentedControl *m_shows = nullptr;
    QLineEdit *m_search = nullptr;
    QPushButton *m_pause = nullptr;
    IconButton *m_columns = nullptr;
    Banner *m_banner = nullptr;
    QSplitter *m_splitter = nullptr;
    QStackedWidget *m_stack = nullptr;
    RequestView *m_view = nullptr;
    EmptyState *m_empty = nullptr;
    QWidget *m_line = nullptr; // under the list
    LinkButton *m_followLink = nullptr;
    PlainLabel *m_shownLabel = nullptr;
    PlainLabel *m_windowLabel = nullptr;
    TraceDetail *m_detail = nullptr;
    QMenu *m_copyMenu = nullptr;
    QList<QAction *> m_commands;
    QAction *m_abortAction = nullptr;
    QAction *m_deleteAction = nullptr;
    QAction *m_pauseAction = nullptr;
    QList<QAction *> m_copies;
    QList<QAction *> m_needCurrent;
};

} // namespace portolan::ui

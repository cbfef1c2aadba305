// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace portolan::ui {

/// The request list. While it follows, new rows at the end keep the end in view; otherwise what is on screen
/// stays where it is, whatever comes and goes above and below, and new rows are counted. The selection never
/// moves by itself. Single letters are keys of the list, not a search by typing.
class RequestView : public QTableView
{
    Q_OBJECT

public:
    explicit RequestView(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;

    [[nodiscard]] bool isFollowing() const { return m_following; }
    [[nodiscard]] int unseen() const
    {
        return m_unseen;
    } ///< rows that came at the end since following stopped

    void jumpToEnd(); ///< and follow from now on
    void stopFollowing();

    /// While true, the two model columns take up what width is left, or give it. Off once a person sized a
    /// column.
    void setFitting(bool fitting);
    [[nodiscard]] bool isFitting() const { return m_fitting; }
    /// Moves the current row by `step` and selects it; the last row when there is none.
    void moveCurrent(int step, QItemSelectionModel::SelectionFlags flags);

signals:
    void followingChanged();
    void topReached(); ///< scrolled to the first row: earlier ones are wanted
    void openRequested();
    void closeRequested();
    void pauseRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyboardSearch(const QString &search) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitColumns();
    void onRowsRemoved(int start, int end);
    void onScrolled(int value);
    void setFollowing(bool following);
    void applyMetrics();

    bool m_following = true;
    bool m_fitting = true;
    bool m_adjusting = false; // the scroll bar is being moved by us, not by the person
    int m_unseen = 0;
    int m_removedAbove = 0; // rows above the view in the removal under way
};

} // namespace portolan::ui

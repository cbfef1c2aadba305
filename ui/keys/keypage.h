// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/keys/keymodel.h"
#include "ui/widgets/panel.h"

#include <QJsonObject>
#include <QPointer>
#include <QTimer>

class QHBoxLayout;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace portolan::ui {

class EmptyState;
class KeyDetail;
class PlainLabel;

/// A tab of the Keys panel that shows keys: commands, a table with a search, and the chosen key below. What
/// is not on screen is not kept up to date.
class KeyPage : public QWidget
{
    Q_OBJECT

public:
    [[nodiscard]] const QList<QAction *> &commands() const { return m_commands; }
    [[nodiscard]] virtual int keys() const = 0; ///< how many there are
    void focusFind();
    void refresh();
    [[nodiscard]] QJsonObject saveState() const;
    void restoreState(const QJsonObject &state);

signals:
    void goTo(const portolan::ui::Place &place);
    void toast(const portolan::ui::Toast &toast);
    void failed(const QString &why);
    void succeeded(); ///< what failed before is over
    void stateChanged();

protected:
    /// What tells one page from the other.
    struct Look {
        QString tableName{}; ///< object name and, for screen readers, the words below
        QString title{};
        QString search{};
        QString question{};        ///< beside the search: which question this table answers
        std::vector<int> widths{}; ///< of the columns, px at 100 %
    };

    KeyPage(control::Control &control, QWidget *parent);
    QAction *addCommand(const QString &text, const QKeySequence &key, std::function<void()> act);
    void addSeparator();
    /// Once, after the commands: `buttons` stand in the toolbar, the first as the main one, `ways` in the
    /// detail.
    void create(KeyModel *model, const Look &look, const QList<QAction *> &buttons,
                const QList<QAction *> &ways);
    void takeSoon(); ///< something changed
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

    virtual void take() = 0;        ///< reads the keys anew
    virtual void showCurrent() = 0; ///< commands and detail follow the chosen row
    virtual void sayEmpty(EmptyState &state) = 0;
    virtual void editCurrent() = 0; ///< Enter and double click

    [[nodiscard]] int currentRow() const; ///< of the model; -1: none
    void choose(int row);                 ///< and shows it, whatever the search
    /// The row stays chosen after the keys were replaced; the first one where it is gone.
    void keep(int row);
    void updateShown();
    [[nodiscard]] KeyDetail *detail() const { return m_detail; }
    [[nodiscard]] std::function<void(const Result<> &)> sayWhenFailed();
    [[nodiscard]] std::function<void(const Result<> &)> sayWhenDone(const QString &text);

    const QPointer<control::Control> m_control; // outlives the window

private:
    QWidget *createTools(const Look &look, const QList<QAction *> &buttons);
    void createTable(const Look &look);
    void fit();
    void copyCell(const QModelIndex &index);

    QList<QAction *> m_commands;
    KeyModel *m_model = nullptr;
    KeyFilter *m_found = nullptr;
    QStackedWidget *m_stack = nullptr;
    QTableView *m_table = nullptr;
    EmptyState *m_nothing = nullptr;
    QLineEdit *m_search = nullptr;
    KeyDetail *m_detail = nullptr;
    QWidget *m_detailPart = nullptr;
    std::vector<int> m_widths;
    QTimer m_soon;         // gathers changes
    QTimer m_minute;       // words that count down
    bool m_fitting = true; // columns share what room there is
};

} // namespace portolan::ui

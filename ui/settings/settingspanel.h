// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/settings/settingfields.h"
#include "ui/widgets/panel.h"

#include <QUndoStack>

#include <deque>
#include <vector>

class QLineEdit;
class QListWidget;
class QScrollArea;
class QVBoxLayout;

namespace portolan::ui {

class PlainLabel;
class SettingRow;

/// Everything that can be set, by page, with a search over all of them. A change holds at once and can be
/// undone; one that the gateway refuses goes back and says why at its field.
class SettingsPanel : public Panel
{
    Q_OBJECT

public:
    explicit SettingsPanel(control::Control &control, QWidget *parent = nullptr);
    ~SettingsPanel() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("settings"); }
    [[nodiscard]] QString title() const override { return tr("Settings"); }
    [[nodiscard]] Icon icon() const override { return Icon::Sliders; }
    [[nodiscard]] QList<QAction *> commands() const override;
    [[nodiscard]] QUndoStack *undoStack() override { return &m_undo; }
    [[nodiscard]] QString help() const override;
    void focusFind() override;
    void visit(const Place &place) override;
    [[nodiscard]] Place place() const override;
    [[nodiscard]] std::vector<Finding> find(const QString &typed) const override;
    [[nodiscard]] QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;

private:
    class ChangeCommand;
    struct Page;
    struct Change {
        QString key{};
        QVariant value{};
        bool isNew = false; ///< made by the person: undo has not seen it yet
    };

    void createPages();
    QWidget *createDataPart();
    void addPage(const QString &pageId, const QString &name, std::vector<SettingRow *> rows, QWidget *extra);
    void showPage(const QString &pageId);
    void filter();
    void showSettings();
    void showListening();
    void edit(const QString &key, const QVariant &value);
    void enqueue(Change change);
    void applyNext();
    void applied(const Change &change, const QVariant &before, const Result<> &result);
    [[nodiscard]] SettingRow *rowOf(const QString &key) const;
    void askToDelete();

    control::Control &m_control;
    QUndoStack m_undo;
    std::deque<Change> m_queue; // one at a time: each starts from what the one before made
    bool m_busy = false;
    QLineEdit *m_search = nullptr;
    QListWidget *m_list = nullptr;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_column = nullptr;
    PlainLabel *m_none = nullptr;
    QAction *m_deleteAll = nullptr;
    std::vector<Page> m_pages;
    QString m_current;
};

} // namespace portolan::ui

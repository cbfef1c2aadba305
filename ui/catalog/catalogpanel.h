// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/catalog/accountlistmodel.h"
#include "ui/catalog/modeltablemodel.h"
#include "ui/widgets/panel.h"

#include <QDateTime>
#include <QPointer>

#include <optional>
#include <vector>

class QLineEdit;
class QListView;
class QMenu;
class QSplitter;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace portolan::ui {

class AccountFacts;
class Banner;
class LinkButton;
class EmptyState;
class PlainLabel;

/// The provider accounts at the left, with the facts of the chosen one; at the right every model that can be
/// called.
class CatalogPanel : public Panel
{
    Q_OBJECT

public:
    explicit CatalogPanel(control::Control &control, QWidget *parent = nullptr);
    ~CatalogPanel() override;

    QString id() const override { return QStringLiteral("catalog"); }
    QString title() const override { return tr("Catalog"); }
    Icon icon() const override { return Icon::Book; }
    QList<QAction *> commands() const override { return m_commands; }
    void focusFind() override;
    void refresh() override;
    void visit(const Place &place) override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;
    std::vector<Finding> find(const QString &text) const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// The last test of the chosen account: stays beside its facts until another account is chosen.
    struct Test {
        QString words{};
        Role role = Role::TextMuted;
        bool running = false;
    };

    /// Where models come from: the slug of an account and when its provider listed them last.
    struct ModelsOf {
        QString slug{};
        QDateTime listed{};
        friend bool operator==(const ModelsOf &, const ModelsOf &) = default;
    };

    QWidget *createAccounts();
    QWidget *createModels();
    QWidget *createModelTools();
    void createActions();
    QAction *addCommand(const QString &text, const QKeySequence &key, void (CatalogPanel::*slot)());

    void onAccountsChanged();
    [[nodiscard]] std::vector<ModelsOf> offers() const;
    void takeAccounts();
    void takeModels();
    void showAccount();
    void showTest(Test test);
    void applyChips();
    void updateCount();
    void fitModels();
    void showAllModels();
    [[nodiscard]] const control::Account *currentAccount() const;
    [[nodiscard]] QString currentReference() const;

    void addAccount();
    void testAccount();
    void rotateAccount();
    void editAccount();
    void toggleAccount();
    void removeAccount();
    void closeBreakers();
    void syncModels();
    void addModel();
    void editModel();
    void toggleModel();
    void forgetModel();
    [[nodiscard]] const control::ModelInfo *currentModel() const;
    void updateModelActions();
    void updateFoot();
    void copyReference();
    void forgetTest();
    void showModelRequests();
    void showAccountRequests();
    void showModelMenu(const QPoint &at);
    [[nodiscard]] control::Reply<> sayWhenFailed();

    const QPointer<control::Control> m_control; // outlives the window
    AccountListModel *m_accounts;
    ModelTableModel *m_models;
    ModelFilter *m_found;
    std::vector<ModelsOf> m_modelsOf; // what is shown
    AccountId m_chosen{};
    std::optional<Test> m_test;
    quint64 m_testGeneration = 0;

    QSplitter *m_splitter = nullptr;
    QListView *m_list = nullptr;
    AccountFacts *m_facts = nullptr;
    QMenu *m_accountMenu = nullptr;
    Banner *m_banner = nullptr;
    QLineEdit *m_search = nullptr;
    QList<QToolButton *> m_chips;
    QToolButton *m_onlyAccount = nullptr;
    PlainLabel *m_count = nullptr;
    PlainLabel *m_foot = nullptr;
    QStackedWidget *m_stack = nullptr;
    QTableView *m_table = nullptr;
    EmptyState *m_nothing = nullptr;
    QList<QAction *> m_commands;
    QAction *m_testAction = nullptr;
    QAction *m_rotateAction = nullptr;
    QAction *m_editAction = nullptr;
    QAction *m_toggleAction = nullptr;
    QAction *m_removeAction = nullptr;
    QAction *m_breakerAction = nullptr;
    QAction *m_syncAction = nullptr;
    QAction *m_addModelAction = nullptr;
    QAction *m_editModelAction = nullptr;
    QAction *m_toggleModelAction = nullptr;
    QAction *m_forgetModelAction = nullptr;
    QAction *m_copyAction = nullptr;
    QAction *m_modelLogsAction = nullptr;
    QAction *m_accountLogsAction = nullptr;
    bool m_fitting = true; // columns share what room there is
};

} // namespace portolan::ui

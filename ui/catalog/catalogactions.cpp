// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of CatalogPanel, where it is, and what of it the session keeps.
#include "ui/catalog/catalogpanel.h"

#include "ui/catalog/accountdialogs.h"
#include "ui/catalog/accountfacts.h"
#include "ui/catalog/addaccountdialog.h"
#include "ui/catalog/modeldialogs.h"
#include "ui/catalog/testcard.h"
#include "ui/widgets/banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QJsonArray>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QSplitter>
#include <QTableView>

using namespace Qt::StringLiterals;

namespace portolan::ui {

QAction *CatalogPanel::addCommand(const QString &text, const QKeySequence &key, void (CatalogPanel::*slot)())
{
    auto *action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    connect(action, &QAction::triggered, this, slot);
    m_commands += action;
    return action;
}

void CatalogPanel::createActions()
{
    addCommand(tr("Add account..."), {u"Ctrl+N"_s}, &CatalogPanel::addAccount);
    m_testAction = addCommand(tr("Test the account"), {u"Ctrl+T"_s}, &CatalogPanel::testAccount);
    m_syncAction = addCommand(tr("Sync the account's models..."), {}, &CatalogPanel::syncModels);
    m_addModelAction = addCommand(tr("Add a model to the account..."), {}, &CatalogPanel::addModel);
    m_rotateAction = addCommand(tr("Rotate the credential..."), {u"Ctrl+R"_s}, &CatalogPanel::rotateAccount);
    m_editAction = addCommand(tr("Edit the account..."), {u"F2"_s}, &CatalogPanel::editAccount);
    m_toggleAction = addCommand(tr("Disable the account"), {}, &CatalogPanel::toggleAccount);
    m_removeAction = addCommand(tr("Remove the account..."), {Qt::Key_Delete}, &CatalogPanel::removeAccount);
    m_breakerAction = addCommand(tr("Close its breakers now"), {}, &CatalogPanel::closeBreakers);
    m_accountLogsAction = addCommand(tr("Show its requests"), {}, &CatalogPanel::showAccountRequests);
    auto *separator = new QAction(this);
    separator->setSeparator(true);
    m_commands += separator;
    m_copyAction = addCommand(tr("Copy @slug/model"), {QKeySequence::Copy}, &CatalogPanel::copyReference);
    m_modelLogsAction
        = addCommand(tr("Show the requests to this model"), {}, &CatalogPanel::showModelRequests);
    m_editModelAction = addCommand(tr("Set the model's price..."), {u"Ctrl+P"_s}, &CatalogPanel::editModel);
    m_toggleModelAction = addCommand(tr("Switch the model off"), {u"Ctrl+E"_s}, &CatalogPanel::toggleModel);
    m_forgetModelAction = addCommand(tr("Forget what was set for the model"), {}, &CatalogPanel::forgetModel);
    updateModelActions();
}

control::Reply<> CatalogPanel::sayWhenFailed()
{
    return [panel = QPointer(this)](Result<> done) {
        if (panel && !done)
            panel->m_banner->say(Banner::Kind::Error, QString::fromStdString(done.error().message));
        else if (panel)
            panel->m_banner->clear();
    };
}

void CatalogPanel::addAccount()
{
    auto *dialog = new AddAccountDialog(*m_control, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AddAccountDialog::saved, this, [this](const QString &slug) {
        visit({.panel = id(), .query = u"account:"_s + slug});
        emit toast({.text = tr("Added @%1.").arg(slug)});
    });
    dialog->open();
}

void CatalogPanel::testAccount()
{
    const control::Account *account = currentAccount();
    if (!account || !m_control)
        return;
    showTest({.words = tr("Testing..."), .running = true});
    const quint64 generation = ++m_testGeneration;
    m_control->testAccount(account->id,
                           [panel = QPointer(this), generation](Result<control::TestResult> result) {
                               if (!panel || generation != panel->m_testGeneration)
                                   return;
                               if (!result) {
                                   panel->showTest({.words = QString::fromStdString(result.error().message),
                                                    .role = Role::Error});
                                   return;
                               }
                               QString words = testHeadline(*result);
                               if (!result->ok && !result->message.isEmpty())
                                   words += u'\n' + result->message;
                               panel->showTest({.words = words, .role = result->ok ? Role::Ok : Role::Error});
                           });
}

void CatalogPanel::forgetTest()
{
    ++m_testGeneration;
    m_test.reset();
    showAccount();
}

void CatalogPanel::rotateAccount()
{
    const control::Account *account = currentAccount();
    if (!account || account->builtIn)
        return;
    auto *dialog = new RotateDialog(*m_control, *account, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, slug = account->slug] {
        forgetTest(); // of another credential
        emit toast({.text = tr("Rotated the credential of @%1.").arg(slug)});
    });
    dialog->open();
}

void CatalogPanel::editAccount()
{
    const control::Account *account = currentAccount();
    if (!account || account->builtIn)
        return;
    auto *dialog = new EditDialog(*m_control, *account, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void CatalogPanel::toggleAccount()
{
    const control::Account *account = currentAccount();
    if (!account || account->builtIn || !m_control)
        return;
    const bool enable = !account->enabled;
    const AccountId id = account->id;
    m_control->setAccountEnabled(id, enable, sayWhenFailed());
    emit toast({
        .text = enable ? tr("Enabled @%1.").arg(account->slug) : tr("Disabled @%1.").arg(account->slug),
        .undo =
            [panel = QPointer(this), id, enable] {
                if (panel && panel->m_control)
                    panel->m_control->setAccountEnabled(id, !enable, panel->sayWhenFailed());
            },
    });
}

void CatalogPanel::removeAccount()
{
    const control::Account *account = currentAccount();
    if (!account || account->builtIn)
        return;
    askToRemove(*account, this, [panel = QPointer(this), id = account->id, slug = account->slug] {
        if (!panel || !panel->m_control)
            return;
        panel->m_control->removeAccount(id, [panel, slug](const Result<> &done) {
            if (!panel)
                return;
            panel->sayWhenFailed()(done);
            if (done)
                emit panel->toast({.text = tr("Removed @%1.").arg(slug)});
        });
    });
}

void CatalogPanel::closeBreakers()
{
    const control::Account *account = currentAccount();
    if (!account || account->breakers.empty() || !m_control)
        return;
    // A copy: every closing changes the account.
    const std::vector<control::Breaker> breakers = account->breakers;
    const QString slug = account->slug;
    for (const control::Breaker &breaker : breakers)
        m_control->closeBreaker(breaker);
    emit toast({.text = tr("Its targets are called again: @%1.").arg(slug)});
}

void CatalogPanel::copyReference()
{
    const QString reference = currentReference();
    if (reference.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(reference);
    emit toast({.text = tr("Copied %1").arg(reference)});
}

void CatalogPanel::showModelRequests()
{
    if (const QString reference = currentReference(); !reference.isEmpty())
        emit goTo({.panel = u"logs"_s, .query = reference});
}

const control::ModelInfo *CatalogPanel::currentModel() const
{
    if (!m_table || !m_table->currentIndex().isValid())
        return nullptr;
    return &m_models->model(m_found->mapToSource(m_table->currentIndex()).row());
}

void CatalogPanel::updateModelActions()
{
    const control::ModelInfo *model = currentModel();
    for (QAction *action : {m_copyAction, m_modelLogsAction})
        action->setEnabled(model);
    for (QAction *action : {m_editModelAction, m_toggleModelAction})
        action->setEnabled(model && model->account);
    m_forgetModelAction->setEnabled(model && model->account
                                    && (model->own || model->ownPrice || !model->enabled));
    m_forgetModelAction->setText(model && model->own ? tr("Remove the model")
                                                     : tr("Forget what was set for the model"));
    m_toggleModelAction->setText(model && !model->enabled ? tr("Switch the model on")
                                                          : tr("Switch the model off"));
}

void CatalogPanel::syncModels()
{
    const control::Account *account = currentAccount();
    if (!account || account->builtIn || !m_control)
        return;
    auto *dialog = new SyncDialog(*m_control, *account, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void CatalogPanel::addModel()
{
    const control::Account *account = currentAccount();
    if (!account || account->builtIn || !m_control)
        return;
    auto *dialog = new ModelDialog(*m_control, *account, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void CatalogPanel::editModel()
{
    const control::ModelInfo *model = currentModel();
    if (!model || !model->account || !m_control)
        return;
    auto *dialog = new ModelDialog(*m_control, *model, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void CatalogPanel::toggleModel()
{
    const control::ModelInfo *model = currentModel();
    if (!model || !model->account || !m_control)
        return;
    m_control->editModel(model->account, model->id, {.enabled = !model->enabled}, sayWhenFailed());
}

/// What was set comes back with the undo of the toast.
void CatalogPanel::forgetModel()
{
    const control::ModelInfo *model = currentModel();
    if (!model || !model->account || !m_control)
        return;
    const control::ModelInfo before = *model;
    m_control->removeModel(before.account, before.id, sayWhenFailed());
    emit toast({
        .text
        = before.own ? tr("Removed %1.").arg(before.id) : tr("Forgot what was set for %1.").arg(before.id),
        .undo =
            [panel = QPointer(this), before] {
                if (!panel || !panel->m_control)
                    return;
                control::ModelEdit edit{.enabled = before.enabled};
                if (before.ownPrice)
                    edit.price = control::OwnPrice{.in = before.in.value_or(0),
                                                   .out = before.out.value_or(0),
                                                   .cached = before.cached,
                                                   .cacheWrite = before.cacheWrite,
                                                   .source = before.priceSource};
                if (before.own) {
                    edit.context = before.context;
                    panel->m_control->addModel(before.account, before.id, edit, panel->sayWhenFailed());
                } else {
                    panel->m_control->editModel(before.account, before.id, edit, panel->sayWhenFailed());
                }
            },
    });
}

void CatalogPanel::showAccountRequests()
{
    if (const control::Account *account = currentAccount())
        emit goTo({.panel = u"logs"_s, .query = u'@' + account->slug + u'/'});
}

void CatalogPanel::showModelMenu(const QPoint &at)
{
    const QModelIndex under = m_table->indexAt(at);
    if (!under.isValid())
        return;
    m_table->setCurrentIndex(under);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_copyAction);
    menu->addAction(m_modelLogsAction);
    menu->addSeparator();
    menu->addAction(m_editModelAction);
    menu->addAction(m_toggleModelAction);
    menu->addAction(m_forgetModelAction);
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void CatalogPanel::focusFind()
{
    m_search->setFocus();
    m_search->selectAll();
}

void CatalogPanel::visit(const Place &place)
{
    if (place.query == u"new"_s) {
        addAccount();
    } else if (place.query.startsWith(u"account:")) {
        const QString slug = place.query.sliced(8);
        for (int row = 0; row < m_accounts->rowCount(); ++row) {
            if (m_accounts->account(row).slug == slug)
                m_list->setCurrentIndex(m_accounts->index(row));
        }
    } else if (place.query.startsWith(u"model:")) {
        m_search->clear();
        const QString reference = u'@' + place.query.sliced(6);
        for (int row = 0; row < m_found->rowCount(); ++row) {
            const QModelIndex index = m_found->index(row, ModelTableModel::Model);
            if (index.data(ModelTableModel::ReferenceRole).toString() != reference)
                continue;
            m_table->setCurrentIndex(index);
            m_table->scrollTo(index, QAbstractItemView::PositionAtCenter);
            break;
        }
        m_table->setFocus();
    }
}

QJsonObject CatalogPanel::saveState() const
{
    QJsonArray sizes;
    for (const int size : m_splitter->sizes())
        sizes.append(size);
    return {{u"splitter"_s, sizes}};
}

void CatalogPanel::restoreState(const QJsonObject &state)
{
    QList<int> sizes;
    for (const QJsonValue &size : state[u"splitter"_s].toArray())
        sizes += size.toInt();
    if (sizes.size() == 2 && sizes[0] > 0 && sizes[1] > 0)
        m_splitter->setSizes(sizes);
}

std::vector<Finding> CatalogPanel::find(const QString &text) const
{
    std::vector<Finding> found;
    const QString wanted = text.startsWith(u'@') ? text.sliced(1) : text;
    if (wanted.isEmpty())
        return found;
    for (int row = 0; row < m_accounts->rowCount(); ++row) {
        const control::Account &account = m_accounts->account(row);
        if (!account.slug.contains(wanted, Qt::CaseInsensitive)
            && !account.providerName.contains(wanted, Qt::CaseInsensitive))
            continue;
        found.push_back({
            .group = tr("Accounts"),
            .icon = placeIcon(placeOf(account)),
            .text = u'@' + account.slug,
            .detail = account.providerName + u", "_s + healthText(account),
            .place = {.panel = id(), .query = u"account:"_s + account.slug},
        });
    }
    return found;
}

} // namespace portolan::ui

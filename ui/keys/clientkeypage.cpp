// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/clientkeypage.h"

#include "ui/keys/deletekey.h"
#include "ui/keys/editclientkey.h"
#include "ui/keys/keydetail.h"
#include "ui/keys/keyfacts.h"
#include "ui/keys/limitsdialog.h"
#include "ui/keys/tokendialog.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/emptystate.h"

using namespace Qt::StringLiterals;

namespace portolan::ui {

ClientKeyPage::ClientKeyPage(control::Control &control, QWidget *parent)
    : KeyPage(control, parent)
    , m_keys(new ClientKeyModel(this))
{
    createCommands();
    create(m_keys,
           {.tableName = u"clientKeys"_s,
            .title = tr("Client keys"),
            .search = tr("Search keys"),
            .question = tr("Who may call. What may be called is under Virtual keys."),
            .widths = {150, 64, 130, 106, 258, 128, 90, 84, 122}},
           {m_new, m_limits, m_rotate, m_toggle}, {m_allow, m_limits, m_edit, m_logs});
    connect(&control, &control::Control::clientKeysChanged, this, [this] { takeSoon(); });
}

void ClientKeyPage::createCommands()
{
    m_new = addCommand(tr("New client key..."), {u"Ctrl+N"_s}, [this] { newKey(); });
    m_new->setIconText(tr("New client key"));
    m_limits = addCommand(tr("Limits..."), {u"Ctrl+L"_s}, [this] { editLimits(); });
    m_edit = addCommand(tr("Edit the key..."), {u"F2"_s}, [this] { editCurrent(); });
    m_rotate = addCommand(tr("Rotate..."), {u"Ctrl+R"_s}, [this] { rotate(); });
    m_limits->setIconText(tr("Limits..."));
    m_edit->setIconText(tr("Edit..."));
    m_rotate->setIconText(tr("Rotate..."));
    m_toggle = addCommand(tr("Turn off"), {u"Ctrl+T"_s}, [this] { toggle(); });
    m_toggle->setIcon(lineIcon(Icon::Power, Role::TextMuted));
    m_allow = addCommand(tr("Allow more"), {u"Ctrl+Shift+A"_s}, [this] { allowMore(); });
    m_anew = addCommand(tr("Begin its budget and rates anew..."), {}, [this] { beginAnew(); });
    addSeparator();
    addCommand(tr("Connect a program"), {u"Ctrl+Shift+P"_s}, [this] { emit connectProgram(); });
    m_logs = addCommand(tr("Logs of this key"), {u"Ctrl+Shift+L"_s}, [this] { showRequests(); });
    m_logs->setIconText(tr("Logs"));
    m_remove = addCommand(tr("Delete the key..."), {Qt::Key_Delete}, [this] { remove(); });
}

int ClientKeyPage::keys() const
{
    return m_control ? int(m_control->clientKeys().size()) : 0;
}

void ClientKeyPage::take()
{
    if (!m_control)
        return;
    const ClientKeyId chosen = m_chosen;
    m_keys->setKeys(m_control->clientKeys());
    const int made = m_wanted ? m_keys->rowOf(m_wanted) : -1;
    if (made >= 0) {
        m_wanted = {};
        choose(made);
    }
    keep(made >= 0 ? made : m_keys->rowOf(chosen));
}

const control::ClientKeyInfo *ClientKeyPage::current() const
{
    const int row = currentRow();
    return row < 0 || !m_control ? nullptr : &m_keys->key(row);
}

void ClientKeyPage::showCurrent()
{
    const control::ClientKeyInfo *key = current();
    for (QAction *action : {m_limits, m_edit, m_rotate, m_toggle, m_logs, m_remove})
        action->setEnabled(key != nullptr);
    m_anew->setEnabled(key && !key->limits.empty());
    const bool spent = key && key->state == control::KeyState::LimitReached && isSpent(key->limits, key->use);
    m_allow->setEnabled(spent);
    m_allow->setVisible(spent);
    if (!key)
        return;
    m_chosen = key->id;
    m_toggle->setText(key->enabled ? tr("Turn off") : tr("Turn on"));
    if (spent)
        m_allow->setText(allowWords(*key->limits.budget));
    const QDateTime now = QDateTime::currentDateTime();
    detail()->setKey(key->name, lookOf(key->state),
                     verdict(key->limits, key->use, key->state, key->expires, key->name, now));
    detail()->setFacts(factsOf(*key, now));
}

void ClientKeyPage::sayEmpty(EmptyState &state)
{
    state.say(tr("There is no client key, so no program can call. A key needs nothing but a name."), {},
              {{.text = tr("New client key"), .go = [this] { newKey(); }, .main = true}});
}

void ClientKeyPage::newKey()
{
    if (!m_control)
        return;
    auto *dialog = new NewClientKeyDialog(*m_control, this);
    connect(dialog, &TokenDialog::made, this, &ClientKeyPage::show);
    dialog->open();
}

void ClientKeyPage::show(ClientKeyId id)
{
    m_wanted = id;
    take();
}

void ClientKeyPage::editCurrent()
{
    if (const control::ClientKeyInfo *key = current())
        (new EditClientKeyDialog(*m_control, *key, this))->open();
}

void ClientKeyPage::editLimits()
{
    const control::ClientKeyInfo *key = current();
    if (!key)
        return;
    const auto apply = [control = m_control, id = key->id](admission::KeyLimits limits, const auto &reply) {
        if (control)
            control->editClientKey(id, {.limits = std::move(limits)}, reply);
    };
    (new LimitsDialog(key->name, key->limits, apply, this))->open();
}

void ClientKeyPage::rotate()
{
    if (const control::ClientKeyInfo *key = current())
        (new RotateKeyDialog(*m_control, *key, this))->open();
}

void ClientKeyPage::toggle()
{
    const control::ClientKeyInfo *key = current();
    if (!key)
        return;
    const bool on = !key->enabled;
    const ClientKeyId id = key->id;
    m_control->setClientKeyEnabled(id, on, sayWhenFailed());
    emit toast({
        .text = on ? tr("Turned %1 on.").arg(key->name) : tr("Turned %1 off.").arg(key->name),
        .undo =
            [page = QPointer(this), id, on] {
                if (page && page->m_control)
                    page->m_control->setClientKeyEnabled(id, !on, page->sayWhenFailed());
            },
    });
}

void ClientKeyPage::allowMore()
{
    const control::ClientKeyInfo *key = current();
    if (!key || !key->limits.budget)
        return;
    const qint64 amount = moreToAllow(*key->limits.budget);
    m_control->allowMore(key->id, amount,
                         sayWhenDone(tr("%1 may spend %2 more %3.")
                                         .arg(key->name, limitWords(*key->limits.budget, amount),
                                              thisPeriodWords(key->limits.budget->period))));
}

void ClientKeyPage::beginAnew()
{
    const control::ClientKeyInfo *key = current();
    if (!key)
        return;
    ask(this, tr("Begin the budget and rates of %1 anew?").arg(key->name),
        tr("What was spent since the last reset counts as nothing from now on. The logs keep it."),
        {{.text = tr("Begin anew"), .act = [page = QPointer(this), id = key->id, name = key->name] {
              if (page && page->m_control)
                  page->m_control->resetUse(id, page->sayWhenDone(tr("%1 begins anew.").arg(name)));
          }}});
}

void ClientKeyPage::showRequests()
{
    if (const control::ClientKeyInfo *key = current())
        emit goTo({.panel = u"logs"_s, .query = key->name});
}

void ClientKeyPage::remove()
{
    const control::ClientKeyInfo *key = current();
    if (!key)
        return;
    askToDelete(this, tr("Delete the key %1?").arg(key->name),
                tr("Programs that use it get 401 from then on. The logs of their past requests stay."),
                key->name, [page = QPointer(this), id = key->id, name = key->name] {
                    if (page && page->m_control)
                        page->m_control->removeClientKey(id, page->sayWhenDone(tr("Deleted %1.").arg(name)));
                });
}

} // namespace portolan::ui

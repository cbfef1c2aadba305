// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/virtualkeypage.h"

#include "ui/keys/keydetail.h"
#include "ui/keys/keyfacts.h"
#include "ui/keys/limitsdialog.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/emptystate.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace portolan::ui {

VirtualKeyPage::VirtualKeyPage(control::Control &control, QWidget *parent)
    : KeyPage(control, parent)
    , m_keys(new VirtualKeyModel(this))
{
    createCommands();
    create(m_keys,
           {.tableName = u"virtualKeys"_s,
            .title = tr("Virtual keys"),
            .search = tr("Search slugs"),
            .question = tr("What may be called. Who may call is under Client keys."),
            .widths = {150, 110, 112, 258, 128, 84, 80, 122}},
           {m_new, m_limits, m_toggle}, {m_allow, m_limits, m_edit, m_logs});
    connect(&control, &control::Control::virtualKeysChanged, this, [this] { takeSoon(); });
}

void VirtualKeyPage::createCommands()
{
    m_new = addCommand(tr("New slug..."), {u"Ctrl+N"_s}, [this] { newSlug(); });
    m_new->setIconText(tr("New slug"));
    m_limits = addCommand(tr("Limits..."), {u"Ctrl+L"_s}, [this] { editLimits(); });
    m_edit = addCommand(tr("Edit the slug..."), {u"F2"_s}, [this] { editCurrent(); });
    m_limits->setIconText(tr("Limits..."));
    m_edit->setIconText(tr("Edit..."));
    m_move = addCommand(tr("Move to another account..."), {u"Ctrl+M"_s},
                        [this] { edit(EditSlugDialog::Begin::WithAccount); });
    m_toggle = addCommand(tr("Turn off"), {u"Ctrl+T"_s}, [this] { toggle(); });
    m_toggle->setIcon(lineIcon(Icon::Power, Role::TextMuted));
    m_allow = addCommand(tr("Allow more"), {u"Ctrl+Shift+A"_s}, [this] { allowMore(); });
    m_anew = addCommand(tr("Begin its budget and rates anew..."), {}, [this] { beginAnew(); });
    addSeparator();
    m_copy = addCommand(tr("Copy @slug"), {QKeySequence::Copy}, [this] {
        if (const control::VirtualKey *key = current()) {
            QGuiApplication::clipboard()->setText(u'@' + key->slug);
            emit toast({.text = tr("Copied @%1").arg(key->slug)});
        }
    });
    m_logs = addCommand(tr("Logs of this slug"), {u"Ctrl+Shift+L"_s}, [this] { showRequests(); });
    m_logs->setIconText(tr("Logs"));
    m_remove = addCommand(tr("Delete the slug..."), {Qt::Key_Delete}, [this] { remove(); });
}

int VirtualKeyPage::keys() const
{
    return m_control ? int(m_control->virtualKeys().size()) : 0;
}

void VirtualKeyPage::take()
{
    if (!m_control)
        return;
    const QString chosen = m_chosen;
    m_keys->setKeys(m_control->virtualKeys());
    const int made = m_wanted.isEmpty() ? -1 : m_keys->rowOf(m_wanted);
    if (made >= 0) {
        m_wanted.clear();
        choose(made);
    }
    keep(made >= 0 ? made : m_keys->rowOf(chosen));
}

const control::VirtualKey *VirtualKeyPage::current() const
{
    const int row = currentRow();
    return row < 0 ? nullptr : &m_keys->key(row);
}

const control::VirtualKey *VirtualKeyPage::changeable() const
{
    const control::VirtualKey *key = current();
    return m_control && key && key->id ? key : nullptr;
}

void VirtualKeyPage::showCurrent()
{
    const control::VirtualKey *key = current();
    const bool can = changeable() != nullptr;
    for (QAction *action : {m_limits, m_edit, m_toggle})
        action->setEnabled(can);
    for (QAction *action : {m_move, m_remove})
        action->setEnabled(can && !key->first);
    for (QAction *action : {m_copy, m_logs})
        action->setEnabled(key != nullptr);
    m_anew->setEnabled(can && !key->limits.empty());
    const bool spent = can && key->state == control::KeyState::LimitReached && isSpent(key->limits, key->use);
    m_allow->setEnabled(spent);
    m_allow->setVisible(spent);
    if (!key)
        return;
    m_chosen = key->slug;
    m_toggle->setText(key->enabled ? tr("Turn off") : tr("Turn on"));
    if (spent)
        m_allow->setText(allowWords(*key->limits.budget));
    const QDateTime now = QDateTime::currentDateTime();
    detail()->setKey(u'@' + key->slug, lookOf(key->state),
                     verdict(key->limits, key->use, key->state, key->expires, u'@' + key->slug, now));
    detail()->setFacts(factsOf(*key, now));
}

void VirtualKeyPage::sayEmpty(EmptyState &state)
{
    state.say(tr("There is no virtual key yet. Adding an account makes its first one."), {},
              {{.text = tr("Add an account"),
                .go = [this] { emit goTo({.panel = u"catalog"_s, .query = u"new"_s}); },
                .main = true}});
}

void VirtualKeyPage::newSlug()
{
    if (!m_control)
        return;
    const bool any = std::ranges::any_of(m_control->accounts(), std::not_fn(&control::Account::builtIn));
    if (!any) {
        emit goTo({.panel = u"catalog"_s, .query = u"new"_s}); // its first account makes its first slug
        return;
    }
    const control::VirtualKey *beside = changeable();
    auto *dialog = new NewSlugDialog(*m_control, beside ? beside->account : AccountId{}, this);
    connect(dialog, &NewSlugDialog::made, this, [this](const QString &slug) {
        m_wanted = slug;
        takeSoon();
        emit toast({.text = tr("Made @%1.").arg(slug)});
    });
    dialog->open();
}

void VirtualKeyPage::show(const QString &slug)
{
    m_wanted = slug;
    take();
}

void VirtualKeyPage::editCurrent()
{
    edit(EditSlugDialog::Begin::WithNote);
}

void VirtualKeyPage::edit(EditSlugDialog::Begin begin)
{
    if (const control::VirtualKey *key = changeable())
        (new EditSlugDialog(*m_control, *key, begin, this))->open();
}

void VirtualKeyPage::editLimits()
{
    const control::VirtualKey *key = changeable();
    if (!key)
        return;
    const auto apply = [control = m_control, id = key->id](admission::KeyLimits limits, const auto &reply) {
        if (control)
            control->editVirtualKey(id, {.limits = std::move(limits)}, reply);
    };
    (new LimitsDialog(u'@' + key->slug, key->limits, apply, this))->open();
}

void VirtualKeyPage::toggle()
{
    const control::VirtualKey *key = changeable();
    if (!key)
        return;
    const bool on = !key->enabled;
    const VirtualKeyId id = key->id;
    m_control->editVirtualKey(id, {.enabled = on}, sayWhenFailed());
    emit toast({
        .text = on ? tr("Turned @%1 on.").arg(key->slug) : tr("Turned @%1 off.").arg(key->slug),
        .undo =
            [page = QPointer(this), id, on] {
                if (page && page->m_control)
                    page->m_control->editVirtualKey(id, {.enabled = !on}, page->sayWhenFailed());
            },
    });
}

void VirtualKeyPage::allowMore()
{
    const control::VirtualKey *key = changeable();
    if (!key || !key->limits.budget)
        return;
    const qint64 amount = moreToAllow(*key->limits.budget);
    m_control->allowMore(key->id, amount,
                         sayWhenDone(tr("@%1 may spend %2 more %3.")
                                         .arg(key->slug, limitWords(*key->limits.budget, amount),
                                              thisPeriodWords(key->limits.budget->period))));
}

void VirtualKeyPage::beginAnew()
{
    const control::VirtualKey *key = changeable();
    if (!key)
        return;
    ask(this, tr("Begin the budget and rates of @%1 anew?").arg(key->slug),
        tr("What was spent since the last reset counts as nothing from now on. The logs keep it."),
        {{.text = tr("Begin anew"), .act = [page = QPointer(this), id = key->id, slug = key->slug] {
              if (page && page->m_control)
                  page->m_control->resetUse(id, page->sayWhenDone(tr("@%1 begins anew.").arg(slug)));
          }}});
}

void VirtualKeyPage::showRequests()
{
    if (const control::VirtualKey *key = current())
        emit goTo({.panel = u"logs"_s, .query = u'@' + key->slug + u'/'});
}

void VirtualKeyPage::remove()
{
    const control::VirtualKey *key = changeable();
    if (!key || key->first)
        return;
    const QString text = key->usedBy.isEmpty()
        ? tr("No config names it. Requests that do will be refused; the logs of past ones stay.")
        : tr("These configs name it and will lead nowhere there: %1. The logs of past requests stay.")
              .arg(key->usedBy.join(u", "_s));
    QDialog *question = ask(
        this, tr("Delete @%1?").arg(key->slug), text,
        {{.text = tr("Delete"), .act = [page = QPointer(this), id = key->id, slug = key->slug] {
              if (page && page->m_control)
                  page->m_control->removeVirtualKey(id, page->sayWhenDone(tr("Deleted @%1.").arg(slug)));
          }}});
    question->setObjectName(u"askToDelete"_s);
}

} // namespace portolan::ui

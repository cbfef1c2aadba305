// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/slugdialogs.h"

#include "ui/keys/choicelist.h"
#include "ui/keys/expiryfield.h"
#include "ui/keys/limitsdialog.h"
#include "ui/keys/limitwords.h"
#include "ui/widgets/formgrid.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

SlugDialog::SlugDialog(control::Control &control, const control::VirtualKey &key, QWidget *parent)
    : FormDialog(parent)
    , m_control(&control)
    , m_key(key)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(Metrics().px(560));
}

void SlugDialog::createFields(QWidget *slug, bool canMove)
{
    auto *form = new QWidget(this);
    QGridLayout *grid = formGrid(form);
    int row = 0;
    if (slug)
        addFormRow(grid, row++, tr("Slug"), slug);
    m_account = new QComboBox(form);
    m_account->setObjectName(u"account"_s);
    for (const control::Account &account : m_control->accounts())
        if (!account.builtIn)
            m_account->addItem(tr("@%1, %2").arg(account.slug, account.providerName),
                               QVariant::fromValue(account.id.value));
    m_account->setCurrentIndex(std::max(0, m_account->findData(QVariant::fromValue(m_key.account.value))));
    m_account->setEnabled(canMove);
    addFormRow(grid, row++, tr("Account"), m_account);
    if (!canMove)
        grid->addWidget(formNote(tr("This slug was made with its account and stays with it."), form), row++,
                        1);
    m_note = new QLineEdit(m_key.note, form);
    m_note->setObjectName(u"note"_s);
    addFormRow(grid, row++, tr("Note"), m_note);
    m_expires = new ExpiryField(m_key.expires, form);
    addFormRow(grid, row++, tr("Expires"), m_expires);
    m_models = new ChoiceList({.all = tr("All models of the account"),
                               .some = tr("Only these"),
                               .search = tr("Search models, or type a model's id and press Enter")},
                              ChoiceList::Others::Typed, form);
    m_models->setObjectName(u"models"_s);
    m_models->setChosen(m_key.models);
    auto *models = new PlainLabel(tr("Models"), form);
    grid->addWidget(models, row, 0, Qt::AlignTop);
    grid->addWidget(m_models, row, 1);
    fields()->addWidget(form);
    showModels();
    connect(m_account, &QComboBox::currentIndexChanged, this, [this] {
        showModels();
        onEdited();
    });
    connect(m_note, &QLineEdit::textEdited, this, [this] { onEdited(); });
    connect(m_expires, &ExpiryField::edited, this, [this] { onEdited(); });
    connect(m_models, &ChoiceList::edited, this, [this] { onEdited(); });
}

void SlugDialog::showModels()
{
    QStringList models;
    QString slug;
    for (const control::Account &each : m_control->accounts())
        if (each.id == account())
            slug = each.slug;
    for (const control::ModelInfo &model : m_control->models())
        if (model.slug == slug)
            models += model.id;
    m_models->setKnown(models);
}

AccountId SlugDialog::account() const
{
    return {m_account->currentData().toLongLong()};
}

QString SlugDialog::note() const
{
    return m_note->text().trimmed();
}

QDateTime SlugDialog::expires() const
{
    return m_expires->moment();
}

QStringList SlugDialog::models() const
{
    return m_models->chosen();
}

bool SlugDialog::isFilled() const
{
    return account() && m_models->isReady();
}

NewSlugDialog::NewSlugDialog(control::Control &control, AccountId account, QWidget *parent)
    : SlugDialog(control, {.account = account}, parent)
{
    setWindowTitle(tr("New slug"));
    auto *slug = new QWidget(this);
    auto *line = new QHBoxLayout(slug);
    line->setContentsMargins({});
    m_slug = new QLineEdit(slug);
    m_slug->setObjectName(u"slug"_s);
    m_slug->setAccessibleName(tr("Slug"));
    m_verdict = new PlainLabel(slug);
    m_verdict->setObjectName(u"slugVerdict"_s);
    m_verdict->setSize(TextSize::Data);
    line->addWidget(m_slug, 1);
    line->addWidget(m_verdict);
    createFields(slug, true);

    auto *limits = new QWidget(this);
    QGridLayout *grid = formGrid(limits);
    auto *choice = new QWidget(limits);
    auto *row = new QHBoxLayout(choice);
    row->setContentsMargins({});
    m_limitWords = new PlainLabel(tr("none"), choice);
    m_limitWords->setObjectName(u"limitWords"_s);
    auto *set = new QPushButton(tr("Set..."), choice);
    set->setObjectName(u"setLimits"_s);
    set->setAutoDefault(false);
    row->addWidget(m_limitWords, 1);
    row->addWidget(set);
    addFormRow(grid, 0, tr("Limits"), choice)->setBuddy(set);
    fields()->addWidget(limits);
    finish(tr("Make the slug"));
    connect(set, &QPushButton::clicked, this, &NewSlugDialog::chooseLimits);
    connect(m_slug, &QLineEdit::textEdited, this, [this](const QString &text) {
        m_ownSlug = !text.isEmpty();
        onEdited();
    });
    propose();
    m_slug->setFocus();
    m_slug->selectAll();
}

void NewSlugDialog::propose()
{
    for (const control::Account &account : m_control->accounts())
        if (account.id == this->account() && !m_ownSlug)
            m_slug->setText(m_control->proposeSlug(account.provider));
    onEdited();
}

void NewSlugDialog::onEdited()
{
    if (!m_verdict)
        return;
    const QString fault = m_control->checkSlug(m_slug->text().trimmed());
    m_verdict->setText(fault.isEmpty() ? tr("free") : fault);
    m_verdict->setRole(fault.isEmpty() ? Role::Ok : Role::Error);
    updateButtons();
}

void NewSlugDialog::chooseLimits()
{
    const QString slug = m_slug->text().trimmed();
    auto *dialog = new LimitsDialog(
        slug.isEmpty() ? tr("the new slug") : u'@' + slug, m_limits,
        [this](admission::KeyLimits limits, const auto &reply) {
            m_limits = std::move(limits);
            QStringList words;
            if (m_limits.budget)
                words += limitWords(*m_limits.budget, m_limits.budget->limit) + u' '
                    + periodWords(m_limits.budget->period);
            if (!m_limits.rates.empty() || m_limits.concurrency)
                words += limitLines(m_limits);
            m_limitWords->setText(words.isEmpty() ? tr("none") : words.join(u", "_s));
            reply({});
        },
        this);
    dialog->open();
}

bool NewSlugDialog::isReady() const
{
    const QString slug = m_slug->text().trimmed();
    return isFilled() && !slug.isEmpty() && m_control->checkSlug(slug).isEmpty();
}

bool NewSlugDialog::hasEdits() const
{
    return m_ownSlug || !note().isEmpty() || expires().isValid() || !models().isEmpty() || !m_limits.empty();
}

void NewSlugDialog::act()
{
    if (!m_control)
        return;
    control::NewVirtualKey key{.slug = m_slug->text().trimmed(),
                               .account = account(),
                               .note = note(),
                               .expires = expires(),
                               .models = models(),
                               .limits = m_limits};
    m_control->addVirtualKey(
        std::move(key),
        [dialog = QPointer(this), slug = m_slug->text().trimmed()](const Result<VirtualKeyId> &made) {
            if (!dialog)
                return;
            if (!made) {
                dialog->onFailed(made.error());
                return;
            }
            emit dialog->made(slug);
            dialog->accept();
        });
}

EditSlugDialog::EditSlugDialog(control::Control &control, const control::VirtualKey &key, Begin begin,
                               QWidget *parent)
    : SlugDialog(control, key, parent)
{
    setWindowTitle(tr("Edit @%1").arg(key.slug));
    createFields(nullptr, !key.first);
    finish(tr("Save"));
    if (begin == Begin::WithAccount)
        accountBox()->setFocus();
    else
        findChild<QLineEdit *>(u"note"_s)->setFocus();
}

control::VirtualKeyEdit EditSlugDialog::edit() const
{
    control::VirtualKeyEdit edit;
    if (account() != m_key.account)
        edit.account = account();
    if (note() != m_key.note)
        edit.note = note();
    if (expires() != m_key.expires)
        edit.expires = expires();
    if (models() != m_key.models)
        edit.models = models();
    return edit;
}

bool EditSlugDialog::hasEdits() const
{
    const control::VirtualKeyEdit now = edit();
    return now.account || now.note || now.expires || now.models;
}

bool EditSlugDialog::isReady() const
{
    return isFilled() && hasEdits();
}

void EditSlugDialog::act()
{
    if (m_control)
        m_control->editVirtualKey(m_key.id, edit(), reply());
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/modeldialogs.h"

#include "core/base/money.h"
#include "ui/catalog/modeltablemodel.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formgrid.h"

#include <QCoreApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr qsizetype kMostNamed = 12;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ModelDialogs)
};

QString someOf(const QStringList &names)
{
    if (names.size() <= kMostNamed)
        return names.join(u", "_s);
    return Words::tr("%1 and %2 more")
        .arg(names.first(kMostNamed).join(u", "_s), format::count(names.size() - kMostNamed));
}

QString line(const QString &lead, const QStringList &names)
{
    return names.isEmpty() ? QString()
                           : u"%1 (%2): %3"_s.arg(lead, format::count(names.size()), someOf(names));
}

} // namespace

std::optional<qint64> dollarsPerMillion(const QString &text)
{
    const auto price = parseUsd(text.trimmed().replace(u',', u'.').toStdString());
    return price && price->value >= 0 ? std::optional<qint64>(price->value) : std::nullopt;
}

QString typedPrice(std::optional<qint64> nanoUsd)
{
    constexpr qint64 kUsd = 1'000'000'000;
    if (!nanoUsd)
        return {};
    QString fraction = QString::number(*nanoUsd % kUsd).rightJustified(9, u'0');
    while (fraction.endsWith(u'0'))
        fraction.chop(1);
    const QString whole = QString::number(*nanoUsd / kUsd);
    return fraction.isEmpty() ? whole : whole + u'.' + fraction;
}

ModelDialog::ModelDialog(control::Control &control, const control::ModelInfo &model, QWidget *parent)
    : FormDialog(parent)
    , m_control(&control)
    , m_account(model.account)
    , m_model(model)
    , m_isNew(false)
{
    setWindowTitle(tr("Price of @%1/%2").arg(model.slug, model.id));
    createFields();
    finish(tr("Save"));
}

ModelDialog::ModelDialog(control::Control &control, const control::Account &account, QWidget *parent)
    : FormDialog(parent)
    , m_control(&control)
    , m_account(account.id)
    , m_model({.slug = account.slug})
    , m_isNew(true)
{
    setWindowTitle(tr("Add a model to @%1").arg(account.slug));
    createFields();
    finish(tr("Add"));
}

void ModelDialog::createFields()
{
    auto *grid = formGrid(this);
    const auto add
        = [&](QLineEdit *&field, const QString &objectName, const QString &name, const QString &text) {
              field = new QLineEdit(text, this);
              field->setObjectName(objectName);
              field->setAccessibleName(name);
              addFormRow(grid, grid->rowCount(), name, field);
              connect(field, &QLineEdit::textChanged, this, [this] { updateButtons(); });
          };
    const bool own = m_model.ownPrice;
    if (m_isNew) {
        add(m_name, u"modelName"_s, tr("Name in calls"), {});
        m_name->setPlaceholderText(tr("my-model"));
        add(m_context, u"modelContext"_s, tr("Context, tokens"), {});
    }
    add(m_in, u"priceIn"_s, tr("Input, $ per million"), own ? typedPrice(m_model.in) : QString());
    add(m_out, u"priceOut"_s, tr("Output, $ per million"), own ? typedPrice(m_model.out) : QString());
    add(m_cached, u"priceCached"_s, tr("Cached input"), own ? typedPrice(m_model.cached) : QString());
    add(m_cacheWrite, u"priceCacheWrite"_s, tr("Written to the cache"),
        own ? typedPrice(m_model.cacheWrite) : QString());
    add(m_source, u"priceSource"_s, tr("Source"), m_model.priceSource);
    m_source->setPlaceholderText(tr("contract of May"));
    if (!own && m_model.in && m_model.out) {
        m_in->setPlaceholderText(typedPrice(m_model.in));
        m_out->setPlaceholderText(typedPrice(m_model.out));
        m_cached->setPlaceholderText(typedPrice(m_model.cached));
    }
    fields()->addLayout(grid);
    fields()->addWidget(formNote(
        m_isNew ? tr("Without prices its cost is shown as unknown. What is left empty of the cache is "
                     "priced as input.")
                : tr("Calls from now on cost this. Empty, input and output are priced by the built-in "
                     "list again; what is left empty of the cache is priced as input."),
        this));
}

bool ModelDialog::hasPrice() const
{
    return !m_in->text().trimmed().isEmpty() || !m_out->text().trimmed().isEmpty();
}

bool ModelDialog::isReady() const
{
    const auto fine = [](const QLineEdit *field) {
        return field->text().trimmed().isEmpty() || dollarsPerMillion(field->text());
    };
    if (m_isNew && m_name->text().trimmed().isEmpty())
        return false;
    if (m_context && !m_context->text().trimmed().isEmpty()) {
        bool understood = false;
        if (m_context->text().trimmed().toLongLong(&understood) < 0 || !understood)
            return false;
    }
    const bool both = !hasPrice() || (dollarsPerMillion(m_in->text()) && dollarsPerMillion(m_out->text()));
    return both && fine(m_cached) && fine(m_cacheWrite);
}

bool ModelDialog::hasEdits() const
{
    const auto fields = findChildren<QLineEdit *>();
    return std::ranges::any_of(fields, [](const QLineEdit *field) { return field->isModified(); });
}

control::ModelEdit ModelDialog::edit() const
{
    control::ModelEdit edit;
    if (m_context && !m_context->text().trimmed().isEmpty())
        edit.context = m_context->text().trimmed().toLongLong();
    std::optional<control::OwnPrice> price;
    if (hasPrice()) {
        price = {.in = dollarsPerMillion(m_in->text()).value_or(0),
                 .out = dollarsPerMillion(m_out->text()).value_or(0),
                 .cached = dollarsPerMillion(m_cached->text()),
                 .cacheWrite = dollarsPerMillion(m_cacheWrite->text()),
                 .source = m_source->text().trimmed()};
    }
    if (price || m_model.ownPrice)
        edit.price = price;
    return edit;
}

void ModelDialog::act()
{
    if (!m_control)
        return;
    if (m_isNew)
        m_control->addModel(m_account, m_name->text().trimmed(), edit(), reply());
    else
        m_control->editModel(m_account, m_model.id, edit(), reply());
}

QString syncWords(const control::ModelSync &sync)
{
    QStringList lines{Words::tr("Models listed: %1.").arg(format::count(std::ssize(sync.models)))};
    if (sync.first)
        lines += Words::tr("None were accepted before.");
    else if (sync.isSame())
        lines += Words::tr("Nothing has changed since the list was accepted.");
    QStringList changed;
    for (const auto &one : sync.changed)
        changed += Words::tr("%1: context %2 instead of %3")
                       .arg(one.id, contextText(one.now), contextText(one.before));
    if (!sync.first)
        lines += line(Words::tr("New"), sync.added);
    lines += line(Words::tr("Gone"), sync.removed);
    lines += line(Words::tr("Changed"), changed);
    QStringList broken;
    for (const auto &one : sync.breaks)
        broken += one.pointer.isEmpty()
            ? Words::tr("%1 names %2").arg(one.config, one.model)
            : Words::tr("%1 at %2 names %3").arg(one.config, one.pointer, one.model);
    lines += line(Words::tr("Configs that would break"), broken);
    lines.removeAll(QString());
    return lines.join(u'\n');
}

SyncDialog::SyncDialog(control::Control &control, const control::Account &account, QWidget *parent)
    : FormDialog(parent)
    , m_control(&control)
    , m_account(account.id)
    , m_words(new PlainLabel(tr("Asking the provider for its list..."), this))
{
    setWindowTitle(tr("Sync the models of @%1").arg(account.slug));
    m_words->setObjectName(u"syncWords"_s);
    m_words->setWordWrap(true);
    m_words->setSelectable();
    fields()->addWidget(m_words);
    finish(tr("Accept the list"));
    m_control->compareModels(m_account, [dialog = QPointer(this)](Result<control::ModelSync> sync) {
        if (!dialog)
            return;
        if (sync)
            dialog->show(*std::move(sync));
        else
            dialog->m_words->setText(QString::fromStdString(sync.error().message));
    });
}

void SyncDialog::show(control::ModelSync sync)
{
    m_words->setText(syncWords(sync));
    m_sync = std::move(sync);
    updateButtons();
}

void SyncDialog::act()
{
    if (m_control && m_sync)
        m_control->acceptModels(m_account, *m_sync, reply());
}

} // namespace portolan::ui

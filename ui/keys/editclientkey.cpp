// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/editclientkey.h"

#include "ui/keys/choicelist.h"
#include "ui/keys/expiryfield.h"
#include "ui/keys/tokendialog.h"
#include "ui/widgets/formgrid.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kLongestName = 80;
constexpr auto kUse = "use"_L1;
constexpr auto kAdmin = "admin"_L1;

} // namespace

EditClientKeyDialog::EditClientKeyDialog(control::Control &control, control::ClientKeyInfo key,
                                         QWidget *parent)
    : FormDialog(parent)
    , m_control(&control)
    , m_key(std::move(key))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Edit %1").arg(m_key.name));
    setMinimumWidth(Metrics().px(580));
    auto *tabs = new QTabBar(this);
    tabs->setObjectName(u"editTabs"_s);
    tabs->setExpanding(false);
    tabs->setDrawBase(false);
    tabs->setAccessibleName(tr("Parts of the key"));
    auto *pages = new QStackedWidget(this);
    const auto add = [&](const QString &title, QWidget *page) {
        tabs->addTab(title);
        pages->addWidget(page);
    };
    add(tr("General"), createGeneral());
    add(tr("What it may call"), createAllowed());
    add(tr("Metadata"), createMetadata());
    connect(tabs, &QTabBar::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    fields()->addWidget(tabs);
    fields()->addWidget(pages);
    m_fault = formNote({}, this);
    m_fault->setRole(Role::Error);
    m_fault->setObjectName(u"fault"_s);
    fields()->addWidget(m_fault);
    finish(tr("Save"));
    m_name->setFocus();
}

QWidget *EditClientKeyDialog::createGeneral()
{
    auto *page = new QWidget(this);
    QGridLayout *grid = formGrid(page);
    m_name = new QLineEdit(m_key.name, page);
    m_name->setObjectName(u"name"_s);
    m_name->setMaxLength(kLongestName);
    addFormRow(grid, 0, tr("Name"), m_name);
    m_note = new QLineEdit(m_key.note, page);
    m_note->setObjectName(u"note"_s);
    addFormRow(grid, 1, tr("Note"), m_note);
    m_config = createConfigChoice(*m_control, m_key.defaultConfig, page);
    addFormRow(grid, 2, tr("Default config"), m_config);
    m_override = new QCheckBox(tr("A request may name another config"), page);
    m_override->setChecked(m_key.allowConfigOverride);
    grid->addWidget(m_override, 3, 1);
    m_expires = new ExpiryField(m_key.expires, page);
    addFormRow(grid, 4, tr("Expires"), m_expires);
    m_use = new QCheckBox(tr("It may call models"), page);
    m_use->setChecked(m_key.scopes.contains(kUse));
    m_admin = new QCheckBox(tr("It may change accounts, keys and configs over the admin API"), page);
    m_admin->setObjectName(u"admin"_s);
    m_admin->setChecked(m_key.scopes.contains(kAdmin));
    addFormRow(grid, 5, tr("Rights"), m_use);
    m_use->setAccessibleName(m_use->text());
    grid->addWidget(m_admin, 6, 1);
    QStringList others = m_key.scopes;
    others.removeAll(kUse);
    others.removeAll(kAdmin);
    if (!others.isEmpty())
        grid->addWidget(formNote(tr("It also has %1.").arg(others.join(u", "_s)), page), 7, 1);
    grid->setRowStretch(8, 1);
    for (QLineEdit *line : {m_name, m_note})
        connect(line, &QLineEdit::textEdited, this, [this] { updateButtons(); });
    for (QCheckBox *box : {m_override, m_use, m_admin})
        connect(box, &QCheckBox::toggled, this, [this] { updateButtons(); });
    connect(m_config, &QComboBox::currentIndexChanged, this, [this] { updateButtons(); });
    connect(m_expires, &ExpiryField::edited, this, [this] { updateButtons(); });
    return page;
}

QWidget *EditClientKeyDialog::createAllowed()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kPanel));
    m_slugs = new ChoiceList(
        {.all = tr("Every virtual key"), .some = tr("Only these virtual keys"), .search = tr("Search slugs")},
        ChoiceList::Others::Refused, page);
    m_slugs->setObjectName(u"slugs"_s);
    m_models = new ChoiceList(
        {.all = tr("Every model"),
         .some = tr("Only these models"),
         .search = tr("Search models, or type @slug/model-id or a model's id and press Enter")},
        ChoiceList::Others::Typed, page);
    m_models->setObjectName(u"models"_s);
    QStringList slugs;
    for (const control::VirtualKey &key : m_control->virtualKeys())
        slugs += key.slug;
    QStringList models;
    for (const control::ModelInfo &model : m_control->models())
        models += u'@' + model.slug + u'/' + model.id;
    m_slugs->setKnown(slugs);
    m_slugs->setChosen(m_key.slugs);
    m_models->setKnown(models);
    m_models->setChosen(m_key.models);
    for (ChoiceList *list : {m_slugs, m_models}) {
        column->addWidget(list);
        connect(list, &ChoiceList::edited, this, [this] { updateButtons(); });
    }
    column->addStretch();
    return page;
}

QWidget *EditClientKeyDialog::createMetadata()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->addWidget(formNote(tr("Stands in the log of each request of this key that says nothing else. One "
                                  "name=value in a line."),
                               page));
    m_metadata = new QPlainTextEdit(page);
    m_metadata->setObjectName(u"metadata"_s);
    m_metadata->setTabChangesFocus(true);
    m_metadata->setAccessibleName(tr("Metadata, one name=value in a line"));
    setFixedFont(m_metadata, TextSize::Data);
    QStringList lines;
    for (auto it = m_key.metadata.cbegin(); it != m_key.metadata.cend(); ++it)
        lines += it.key() + u'=' + it.value();
    m_metadata->setPlainText(lines.join(u'\n'));
    column->addWidget(m_metadata);
    connect(m_metadata, &QPlainTextEdit::textChanged, this, [this] { updateButtons(); });
    return page;
}

QStringList EditClientKeyDialog::scopes() const
{
    QStringList scopes = m_key.scopes;
    const auto set = [&](QLatin1StringView scope, const QCheckBox *box) {
        if (!box->isChecked())
            scopes.removeAll(scope);
        else if (!scopes.contains(scope))
            scopes += scope;
    };
    set(kUse, m_use);
    set(kAdmin, m_admin);
    return scopes;
}

std::optional<QMap<QString, QString>> EditClientKeyDialog::metadata() const
{
    QMap<QString, QString> out;
    for (const QString &line : m_metadata->toPlainText().split(u'\n', Qt::SkipEmptyParts)) {
        const auto border = line.indexOf(u'=');
        const QString name = line.left(border).trimmed();
        if (border < 0 || name.isEmpty() || out.contains(name))
            return std::nullopt;
        out.insert(name, line.mid(border + 1).trimmed());
    }
    return out;
}

control::ClientKeyEdit EditClientKeyDialog::edit() const
{
    control::ClientKeyEdit edit;
    const auto take = [](auto &into, const auto &now, const auto &before) {
        if (now != before)
            into = now;
    };
    take(edit.name, m_name->text().trimmed(), m_key.name);
    take(edit.note, m_note->text().trimmed(), m_key.note);
    take(edit.scopes, scopes(), m_key.scopes);
    take(edit.expires, m_expires->moment(), m_key.expires);
    take(edit.config, m_config->currentData().toString(), m_key.defaultConfig);
    take(edit.allowConfigOverride, m_override->isChecked(), m_key.allowConfigOverride);
    take(edit.slugs, m_slugs->chosen(), m_key.slugs);
    take(edit.models, m_models->chosen(), m_key.models);
    take(edit.metadata, metadata().value_or(m_key.metadata), m_key.metadata);
    return edit;
}

bool EditClientKeyDialog::hasEdits() const
{
    const control::ClientKeyEdit now = edit();
    return now.name || now.note || now.scopes || now.expires || now.config || now.allowConfigOverride
        || now.slugs || now.models || now.metadata || !metadata() || !m_slugs->isReady()
        || !m_models->isReady();
}

bool EditClientKeyDialog::isReady() const
{
    return m_fault->text().isEmpty() && hasEdits();
}

void EditClientKeyDialog::updateButtons()
{
    if (!m_fault)
        return;
    QString fault;
    if (m_name->text().trimmed().isEmpty())
        fault = tr("Give the key a name.");
    else if (!m_slugs->isReady() || !m_models->isReady())
        fault = tr("Tick what it may call, or let it call everything.");
    else if (!metadata())
        fault = tr("Write each line of metadata as name=value, each name once.");
    m_fault->setText(fault);
    m_fault->setVisible(!fault.isEmpty());
    FormDialog::updateButtons();
}

void EditClientKeyDialog::act()
{
    if (m_control)
        m_control->editClientKey(m_key.id, edit(), reply());
}

} // namespace portolan::ui

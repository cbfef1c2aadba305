// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/credentialpicker.h"

#include "ui/catalog/credentialfield.h"
#include "ui/catalog/keyfilefield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formgrid.h"

#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <string>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using catalog::CredentialForm;

namespace {

QString titleOf(CredentialForm form)
{
    switch (form) {
    case CredentialForm::AwsKeys: return CredentialPicker::tr("Access keys");
    case CredentialForm::AwsProfile: return CredentialPicker::tr("Profile in ~/.aws");
    case CredentialForm::ServiceAccount: return CredentialPicker::tr("Service account");
    case CredentialForm::Key:
    case CredentialForm::None: break;
    }
    return CredentialPicker::tr("API key");
}

/// The lines that the core reads AWS keys from; null unless the first two are there.
SharedSecret awsLines(CredentialField &id, CredentialField &secret, CredentialField &token)
{
    const SharedSecret parts[] = {id.held(), secret.held(), token.held()};
    if (!parts[0] || !parts[1])
        return {};
    std::size_t size = 0;
    for (const SharedSecret &part : parts)
        size += part ? part->size() + 1 : 0;
    std::string lines;
    lines.reserve(size); // grows nowhere else: what it leaves is wiped by take()
    for (const SharedSecret &part : parts) {
        if (part)
            lines.append(lines.empty() ? "" : "\n").append(part->view());
    }
    return std::make_shared<const SecretBytes>(SecretBytes::take(lines));
}

} // namespace

CredentialPicker::CredentialPicker(control::Control &control, Settings settings, QWidget *parent)
    : QWidget(parent)
    , m_control(&control)
    , m_settings(std::move(settings))
    , m_note(formNote({}, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kGroup));
    auto *under = new QWidget(this);
    QGridLayout *grid = formGrid(under);
    grid->addWidget(new QWidget(under), 0, 0); // an empty column would lose its spacing
    grid->addWidget(m_note, 0, 1);
    column->addWidget(under);
}

void CredentialPicker::ask(const ProviderKind &kind, const QString &profile)
{
    m_kind = kind;
    m_pages.clear();
    delete m_content;
    m_choice = nullptr;
    m_key = m_awsId = m_awsSecret = m_awsToken = nullptr;
    m_profile = nullptr;
    m_file = nullptr;
    m_content = new QWidget(this);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kGroup));
    QStringList titles;
    for (const CredentialForm form : kind.form.credentials) {
        if (form == CredentialForm::None)
            continue;
        addPage(form);
        titles += titleOf(form);
    }
    if (titles.size() > 1) {
        auto *line = new QWidget(m_content);
        QGridLayout *grid = formGrid(line);
        m_choice = new SegmentedControl(tr("Credential"), titles, line);
        m_choice->setObjectName(u"credentialForm"_s);
        grid->addWidget(new PlainLabel(tr("Credential"), line), 0, 0);
        grid->addWidget(m_choice, 0, 1, Qt::AlignLeft);
        column->addWidget(line);
        connect(m_choice, &SegmentedControl::currentChanged, this, &CredentialPicker::choose);
    }
    for (const Page &page : m_pages)
        column->addWidget(page.widget);
    static_cast<QVBoxLayout *>(layout())->insertWidget(0, m_content);
    m_content->show(); // now, not with the next turn of the event loop
    setVisible(!m_pages.empty());
    int first = 0;
    if (m_profile && !profile.isEmpty()) {
        m_profile->setEditText(profile);
        first = int(std::ranges::find(m_pages, CredentialForm::AwsProfile, &Page::form) - m_pages.begin());
    }
    if (m_choice)
        m_choice->setCurrent(first);
    choose(first);
}

void CredentialPicker::addPage(CredentialForm form)
{
    auto *page = new QWidget(m_content);
    m_pages.push_back({.form = form, .widget = page});
    switch (form) {
    case CredentialForm::AwsKeys: addAwsKeys(page); break;
    case CredentialForm::AwsProfile: addProfile(page); break;
    case CredentialForm::ServiceAccount: addKeyFile(page); break;
    case CredentialForm::Key: addKey(page); break;
    case CredentialForm::None: break;
    }
}

CredentialField *CredentialPicker::addField(QGridLayout *grid, const QString &name, const QString &object)
{
    auto *field = new CredentialField(grid->parentWidget());
    field->setObjectName(object);
    addFormRow(grid, grid->count() / 2, name, field);
    connect(field, &CredentialField::changed, this, &CredentialPicker::edited);
    return field;
}

void CredentialPicker::addKey(QWidget *page)
{
    m_key
        = addField(formGrid(page), m_kind.needs_key ? tr("API key") : tr("API key, if any"), u"credential"_s);
}

void CredentialPicker::addAwsKeys(QWidget *page)
{
    QGridLayout *grid = formGrid(page);
    m_awsId = addField(grid, tr("Access key ID"), u"awsId"_s);
    m_awsSecret = addField(grid, tr("Secret access key"), u"awsSecret"_s);
    m_awsToken = addField(grid, tr("Session token"), u"awsToken"_s);
    m_awsToken->setPlaceholderText(tr("only with temporary keys"));
}

void CredentialPicker::addProfile(QWidget *page)
{
    m_profile = new QComboBox(page);
    m_profile->setObjectName(u"awsProfile"_s);
    m_profile->setEditable(true);
    m_profile->setInsertPolicy(QComboBox::NoInsert);
    m_profile->lineEdit()->setPlaceholderText(u"default"_s);
    m_profile->lineEdit()->setMaxLength(128);
    addFormRow(formGrid(page), 0, tr("Profile"), m_profile);
    connect(m_profile, &QComboBox::editTextChanged, this, &CredentialPicker::edited);
    m_control->findAwsProfiles([box = QPointer(m_profile)](const Result<QStringList> &names) {
        if (!box || !names)
            return;
        const QString typed = box->currentText();
        box->addItems(*names);
        if (!typed.isEmpty())
            box->setEditText(typed);
    });
}

void CredentialPicker::addKeyFile(QWidget *page)
{
    m_file = new KeyFileField(
        [this](const SharedSecret &content) {
            return m_control->describeCredential(
                {.provider = m_kind.id, .credential = content, .settings = m_settings()});
        },
        page);
    m_file->setObjectName(u"keyFile"_s);
    addFormRow(formGrid(page), 0, tr("Service account"), m_file);
    connect(m_file, &KeyFileField::changed, this, &CredentialPicker::edited);
}

void CredentialPicker::choose(int page)
{
    for (int i = 0; i < int(m_pages.size()); ++i)
        m_pages[std::size_t(i)].widget->setVisible(i == page);
    showNote();
    emit edited();
}

void CredentialPicker::showNote()
{
    if (m_pages.empty())
        return;
    const QString home = m_control->masterKeyHome();
    switch (form()) {
    case CredentialForm::AwsProfile:
        m_note->setText(tr("Nothing is stored: the profile's keys are read from its file, anew every five "
                           "minutes. A login or a program that it names is not run."));
        break;
    case CredentialForm::ServiceAccount:
        m_note->setText(tr("What is in the file is sealed; the key to it is kept %1. The file itself is not "
                           "needed any more.")
                            .arg(home));
        break;
    default:
        m_note->setText(tr("It is sealed; the key to it is kept %1. Later only its last four characters are "
                           "shown.")
                            .arg(home));
    }
}

CredentialForm CredentialPicker::form() const
{
    if (m_pages.empty())
        return CredentialForm::None;
    return m_pages[std::size_t(m_choice ? m_choice->current() : 0)].form;
}

void CredentialPicker::hold(SharedSecret secret)
{
    if (!m_key)
        return;
    const auto at = std::ranges::find(m_pages, CredentialForm::Key, &Page::form) - m_pages.begin();
    if (m_choice)
        m_choice->setCurrent(int(at));
    m_key->hold(std::move(secret));
}

SharedSecret CredentialPicker::credential()
{
    switch (form()) {
    case CredentialForm::Key: return m_key->held();
    case CredentialForm::AwsKeys: return awsLines(*m_awsId, *m_awsSecret, *m_awsToken);
    case CredentialForm::ServiceAccount: return m_file->held();
    case CredentialForm::AwsProfile:
    case CredentialForm::None: break;
    }
    return {};
}

QString CredentialPicker::profile() const
{
    return form() == CredentialForm::AwsProfile ? m_profile->currentText().trimmed() : QString();
}

bool CredentialPicker::isEmpty() const
{
    switch (form()) {
    case CredentialForm::Key: return m_key->isEmpty();
    case CredentialForm::AwsKeys:
        return m_awsId->isEmpty() && m_awsSecret->isEmpty() && m_awsToken->isEmpty();
    case CredentialForm::ServiceAccount: return !m_file->held();
    case CredentialForm::AwsProfile: return profile().isEmpty();
    case CredentialForm::None: break;
    }
    return true;
}

QString CredentialPicker::fault() const
{
    if (form() == CredentialForm::AwsKeys && !isEmpty()) {
        if (m_awsId->isEmpty())
            return tr("The access key ID is missing.");
        return m_awsSecret->isEmpty() ? tr("The secret access key is missing.") : QString();
    }
    if (form() == CredentialForm::ServiceAccount)
        return m_file->fault();
    if (form() == CredentialForm::AwsProfile) {
        const catalog::AccountField *field = m_kind.form.field("profile");
        const std::string name = profile().toStdString();
        return name.empty() ? tr("Name the profile.")
                            : QString::fromStdString(catalog::faultOf(*field, name));
    }
    return {};
}

void CredentialPicker::focusFirst()
{
    switch (form()) {
    case CredentialForm::Key: m_key->setFocus(); break;
    case CredentialForm::AwsKeys: m_awsId->setFocus(); break;
    case CredentialForm::ServiceAccount: m_file->setFocus(); break;
    case CredentialForm::AwsProfile: m_profile->setFocus(); break;
    case CredentialForm::None: break;
    }
}

} // namespace portolan::ui

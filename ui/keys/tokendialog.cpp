// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/tokendialog.h"

#include "ui/theme/style.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formgrid.h"
#include "ui/widgets/tokenfield.h"
#include "ui/widgets/tokenpart.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <array>
#include <chrono>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kLongestName = 80;
constexpr std::array<std::chrono::milliseconds, 3> kGraces{std::chrono::hours(0), std::chrono::hours(1),
                                                           std::chrono::hours(24)};

} // namespace

QComboBox *createConfigChoice(const control::Control &control, const QString &chosen, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setObjectName(u"config"_s);
    box->addItem(TokenDialog::tr("None: requests say themselves where they go"), QString());
    for (const control::ConfigInfo &config : control.configs())
        if (!config.archived || config.slug == chosen)
            box->addItem(config.name, config.slug);
    box->setCurrentIndex(std::max(0, box->findData(chosen)));
    return box;
}

TokenDialog::TokenDialog(control::Control &control, QWidget *parent)
    : FormDialog(parent)
    , m_control(&control)
    , m_form(new QWidget(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(Metrics().px(560));
    fields()->addWidget(m_form);
}

control::Reply<control::CreatedKey> TokenDialog::tokenReply()
{
    return [dialog = QPointer(this)](Result<control::CreatedKey> made) {
        if (!dialog)
            return;
        if (!made) {
            dialog->onFailed(made.error());
            return;
        }
        dialog->showToken(*made);
        emit dialog->made(made->info.id);
    };
}

void TokenDialog::showToken(const control::CreatedKey &key)
{
    m_form->hide();
    auto *heading = new PlainLabel(tr("Client key %1").arg(key.info.name), this);
    heading->setSize(TextSize::Heading, Weight::Strong);
    auto *part = new TokenPart(key.token, m_control ? m_control->gateway().baseUrl : QString(), this);
    m_token = part->field();
    fields()->addWidget(heading);
    fields()->addWidget(part);
    for (int i = 0; i < buttons()->count(); ++i)
        if (QWidget *button = buttons()->itemAt(i)->widget())
            button->hide();
    auto *done = new QPushButton(tr("Done"), this);
    done->setObjectName(u"done"_s);
    done->setDefault(true);
    setMainAction(done);
    buttons()->addWidget(done);
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
    m_token->setFocus();
}

void TokenDialog::reject()
{
    if (!m_token || m_token->wasCopied()) {
        FormDialog::reject();
        return;
    }
    QDialog *question = ask(this, tr("Close without a copy of the token?"),
                            tr("It cannot be seen again. Rotating the key would make another one."),
                            {{.text = tr("Close"), .act = [this] { QDialog::reject(); }}});
    question->setObjectName(u"throwAway"_s);
}

void TokenDialog::done(int result)
{
    if (m_token)
        m_token->forget();
    QDialog::done(result);
}

NewClientKeyDialog::NewClientKeyDialog(control::Control &control, QWidget *parent)
    : TokenDialog(control, parent)
{
    setWindowTitle(tr("New client key"));
    QGridLayout *grid = formGrid(form());
    m_name = new QLineEdit(form());
    m_name->setObjectName(u"name"_s);
    m_name->setMaxLength(kLongestName);
    m_name->setPlaceholderText(tr("The program that will use it: web-app, editor, ci"));
    addFormRow(grid, 0, tr("Name"), m_name);
    m_config = createConfigChoice(control, {}, form());
    if (m_config->count() > 1) {
        addFormRow(grid, 1, tr("Default config"), m_config);
        grid->addWidget(
            formNote(tr("Routes the requests of programs that can only set an address and a key."), form()),
            2, 1);
    } else {
        m_config->hide();
    }
    finish(tr("Make the key"));
    connect(m_name, &QLineEdit::textChanged, this, [this] { updateButtons(); });
    m_name->setFocus();
}

bool NewClientKeyDialog::isReady() const
{
    return !m_name->text().trimmed().isEmpty();
}

void NewClientKeyDialog::act()
{
    if (!m_control)
        return;
    control::NewClientKey key{.name = m_name->text().trimmed(), .scopes = {u"use"_s}};
    key.defaults.config = m_config->currentData().toString();
    m_control->createClientKey(std::move(key), tokenReply());
}

RotateKeyDialog::RotateKeyDialog(control::Control &control, const control::ClientKeyInfo &key,
                                 QWidget *parent)
    : TokenDialog(control, parent)
    , m_key(key.id)
{
    setWindowTitle(tr("Rotate %1").arg(key.name));
    QGridLayout *grid = formGrid(form());
    m_grace = new SegmentedControl(tr("The old token stays valid"),
                                   {tr("not at all"), tr("for 1 hour"), tr("for 24 hours")}, form());
    m_grace->setObjectName(u"grace"_s);
    m_grace->setCurrent(1);
    const QString name = m_grace->accessibleName();
    addFormRow(grid, 0, tr("The old token stays valid"), m_grace);
    m_grace->setAccessibleName(name);
    grid->addWidget(
        formNote(tr("The key gets another token. Its name, limits and logs stay as they are."), form()), 1,
        1);
    finish(tr("Rotate"));
}

void RotateKeyDialog::act()
{
    if (m_control)
        m_control->rotateClientKey(m_key, kGraces[std::size_t(m_grace->current())], tokenReply());
}

} // namespace portolan::ui

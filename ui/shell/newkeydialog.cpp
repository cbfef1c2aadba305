// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/newkeydialog.h"

#include "ui/theme/style.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tokenfield.h"
#include "ui/widgets/tokenpart.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kLongestName = 80;

} // namespace

NewKeyDialog::NewKeyDialog(control::Control &control, QWidget *parent)
    : QDialog(parent)
    , m_control(control)
    , m_pages(new QStackedWidget(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Make a client key"));
    setMinimumWidth(Metrics().px(560));
    m_pages->addWidget(createNamePage());
    auto *column = new QVBoxLayout(this);
    const int margin = Metrics().px(space::kCard);
    column->setContentsMargins(margin, margin, margin, margin);
    column->addWidget(m_pages);
}

QWidget *NewKeyDialog::createNamePage()
{
    auto *page = new QWidget(m_pages);
    m_error = new Banner(page);
    m_name = new QLineEdit(page);
    m_name->setMaxLength(kLongestName);
    m_name->setPlaceholderText(tr("The program that will use it: web-app, editor, ci"));
    m_make = new QPushButton(tr("Make the key"), page);
    m_make->setDefault(true);
    m_make->setEnabled(false);
    setMainAction(m_make);
    auto *cancel = new QPushButton(tr("Cancel"), page);

    auto *form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    auto *foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(m_make);
    foot->addWidget(cancel);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics().px(space::kPanel));
    column->addWidget(m_error);
    column->addLayout(form);
    column->addStretch(1);
    column->addLayout(foot);

    connect(m_name, &QLineEdit::textChanged, this,
            [this](const QString &name) { m_make->setEnabled(!name.trimmed().isEmpty()); });
    connect(m_make, &QPushButton::clicked, this, &NewKeyDialog::make);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    return page;
}

void NewKeyDialog::make()
{
    m_make->setEnabled(false);
    m_error->clear();
    m_control.createClientKey(
        m_name->text().trimmed(), {u"use"_s}, [self = QPointer(this)](Result<control::CreatedKey> made) {
            if (!self)
                return;
            if (made) {
                self->showToken(*made);
                return;
            }
            self->m_make->setEnabled(true);
            self->m_error->say(Banner::Kind::Error, QString::fromStdString(made.error().message));
        });
}

void NewKeyDialog::showToken(const control::CreatedKey &key)
{
    auto *page = new QWidget(m_pages);
    auto *heading = new PlainLabel(tr("Client key %1").arg(key.info.name), page);
    heading->setSize(TextSize::Heading, Weight::Strong);
    auto *token = new TokenPart(key.token, m_control.gateway().baseUrl, page);
    m_token = token->field();
    auto *done = new QPushButton(tr("Done"), page);
    setMainAction(done);
    connect(done, &QPushButton::clicked, this, &QDialog::accept);

    auto *foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(done);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics().px(space::kPanel));
    column->addWidget(heading);
    column->addWidget(token);
    column->addLayout(foot);
    m_pages->addWidget(page);
    m_pages->setCurrentWidget(page);
    m_token->setFocus();
}

void NewKeyDialog::done(int result)
{
    if (m_token)
        m_token->forget();
    QDialog::done(result);
}

} // namespace portolan::ui

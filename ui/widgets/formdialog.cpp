// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/formdialog.h"

#include "ui/theme/style.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/fit.h"

#include <QEvent>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

FormDialog::FormDialog(QWidget *parent)
    : QDialog(parent)
{
    const Metrics metrics;
    setMinimumWidth(metrics.px(520));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics.px(18), metrics.px(space::kCard), metrics.px(18), metrics.px(14));
    column->setSpacing(metrics.px(space::kPanel));
    m_error = new Banner(this);
    column->addWidget(m_error);
    m_fields = new QVBoxLayout;
    m_fields->setSpacing(metrics.px(space::kPanel));
    column->addLayout(m_fields);
}

void FormDialog::finish(const QString &action)
{
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->addStretch();
    column->addSpacing(Metrics().px(space::kTight));
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(Metrics().px(space::kSmall));
    m_buttons->addStretch();
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_main = new QPushButton(action, this);
    m_main->setObjectName(u"main"_s);
    m_main->setDefault(true);
    setMainAction(m_main);
    m_buttons->addWidget(cancel);
    m_buttons->addWidget(m_main);
    column->addLayout(m_buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_main, &QPushButton::clicked, this, [this] {
        m_acting = true;
        updateButtons();
        act();
    });
    updateButtons();
}

void FormDialog::reject()
{
    if (!hasEdits() || m_acting) {
        QDialog::reject();
        return;
    }
    QDialog *question = ask(this, tr("Throw away what you changed?"), tr("Nothing of it has been saved."),
                            {{.text = tr("Throw away"), .act = [this] { QDialog::reject(); }}});
    question->setObjectName(u"throwAway"_s);
}

bool FormDialog::event(QEvent *event)
{
    const bool handled = QDialog::event(event);
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::Show)
        fitHeight();
    return handled;
}

void FormDialog::fitHeight()
{
    const int needed = heightAt(*layout(), width());
    if (needed == minimumHeight())
        return;
    setMinimumHeight(needed);
    resize(width(), needed);
}

void FormDialog::updateButtons()
{
    if (m_main)
        m_main->setEnabled(!m_acting && isReady());
}

std::function<void(const Result<> &)> FormDialog::reply()
{
    return [dialog = QPointer(this)](const Result<> &done) {
        if (!dialog)
            return;
        if (done) {
            dialog->m_acting = false;
            dialog->accept();
        } else {
            dialog->onFailed(done.error());
        }
    };
}

void FormDialog::onFailed(const Error &error)
{
    m_acting = false;
    m_error->say(Banner::Kind::Error, QString::fromStdString(error.message));
    updateButtons();
}

} // namespace portolan::ui

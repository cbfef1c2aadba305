// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ask.h"

#include "ui/theme/style.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace portolan::ui {

QDialog *ask(QWidget *over, const QString &title, const QString &text, std::vector<Answer> answers)
{
    const Metrics metrics;
    auto *dialog = new QDialog(over);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto *heading = new PlainLabel(title, dialog);
    heading->setSize(TextSize::Heading, Weight::Strong);
    auto *body = new PlainLabel(text, dialog);
    body->setWordWrap(true);
    body->setMinimumWidth(metrics.px(380));

    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    for (Answer &answer : answers) {
        auto *button = new QPushButton(answer.text, dialog);
        button->setAutoDefault(answer.main);
        button->setDefault(answer.main);
        if (answer.main)
            setMainAction(button);
        QObject::connect(button, &QPushButton::clicked, dialog, [dialog, act = std::move(answer.act)] {
            dialog->close();
            act();
        });
        buttons->addWidget(button);
    }
    auto *cancel = new QPushButton(QCoreApplication::translate("portolan::ui::ask", "Cancel"), dialog);
    cancel->setAutoDefault(false);
    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::close);
    buttons->addWidget(cancel);

    auto *column = new QVBoxLayout(dialog);
    const int margin = metrics.px(space::kCard);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(metrics.px(space::kPanel));
    column->addWidget(heading);
    column->addWidget(body);
    column->addLayout(buttons);
    dialog->open();
    return dialog;
}

} // namespace portolan::ui

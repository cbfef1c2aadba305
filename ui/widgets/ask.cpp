// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ask.h"

#include "ui/theme/style.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

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

    // Cancel first, the main one last: the order of all our dialogs.
    if (const auto main = std::ranges::find(answers, true, &Answer::main); main != answers.end())
        std::rotate(main, main + 1, answers.end());
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics.px(space::kSmall));
    buttons->addStretch(1);
    auto *cancel = new QPushButton(QCoreApplication::translate("portolan::ui::ask", "Cancel"), dialog);
    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::close);
    buttons->addWidget(cancel);
    for (Answer &answer : answers) {
        auto *button = new QPushButton(answer.text, dialog);
        button->setDefault(answer.main);
        if (answer.main)
            setMainAction(button);
        QObject::connect(button, &QPushButton::clicked, dialog, [dialog, act = std::move(answer.act)] {
            dialog->close();
            act();
        });
        buttons->addWidget(button);
    }

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

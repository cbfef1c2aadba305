// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/aboutpage.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QPushButton>

namespace portolan::ui {

AboutPage::AboutPage(const std::vector<control::Version> &versions, const QString &masterKeyHome,
                     const QString &dataDirectory, QWidget *parent)
    : QWidget(parent)
{
    const Metrics metrics;
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, metrics.px(space::kPanel), 0, 0);
    grid->setHorizontalSpacing(metrics.px(space::kWide));
    grid->setVerticalSpacing(metrics.px(space::kGroup));
    grid->setColumnStretch(1, 1);
    const auto add = [&](const QString &name, const QString &value) {
        auto *label = new PlainLabel(name, this);
        label->setRole(Role::TextMuted);
        auto *text = new PlainLabel(value, this);
        text->setSelectable();
        text->setWordWrap(true);
        const int row = grid->rowCount();
        grid->addWidget(label, row, 0, Qt::AlignTop);
        grid->addWidget(text, row, 1);
        m_report += name + QStringLiteral(": ") + value + u'\n';
    };
    for (const control::Version &version : versions)
        add(version.name, version.version);
    add(tr("Licence"),
        tr("GPL-3.0-or-later. Built with the window, the program is under GPL-3.0, as Qt Charts is."));
    add(tr("Master key"), masterKeyHome);
    add(tr("Data"), dataDirectory);

    auto *copy = new QPushButton(lineIcon(Icon::Copy), tr("Copy for a report"), this);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_report); });
    const int row = grid->rowCount();
    grid->setRowMinimumHeight(row, metrics.px(space::kGroup)); // apart from the facts
    grid->addWidget(copy, row + 1, 0, 1, 2, Qt::AlignLeft);
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/headerstab.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plaintext.h"

#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

HeadersTab::HeadersTab(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    m_tree = new QTreeWidget(this);
    m_tree->setObjectName(u"headers"_s);
    m_tree->setAccessibleName(tr("Header lines"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderLabels({tr("Header"), tr("Value")});
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(Metrics().px(space::kCard));
    m_tree->header()->resizeSection(0, Metrics().px(280));
    column->addWidget(m_tree, 1);
    m_message = new PlainLabel(this);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_settings = new QPushButton(tr("Storage settings"), this);
    column->addWidget(m_message, 1);
    column->addWidget(m_settings, 0, Qt::AlignHCenter | Qt::AlignTop);
    connect(m_settings, &QPushButton::clicked, this, &HeadersTab::storageSettingsRequested);
}

void HeadersTab::addGroup(const QString &title, const trace::Pairs &lines)
{
    if (lines.empty())
        return;
    auto *group = new QTreeWidgetItem(m_tree, {title});
    group->setFirstColumnSpanned(true);
    group->setFont(0, scaledFont(font(), TextSize::Data, Weight::Strong));
    group->setSizeHint(0, {0, Metrics().row()});
    for (const auto &[name, value] : lines) {
        auto *line = new QTreeWidgetItem(group, {shown(name), shown(value)});
        line->setFont(0, scaledFont(font(), TextSize::Data));
        line->setSizeHint(0, {0, Metrics().row()});
        line->setFont(1, fixedFont(TextSize::Data));
    }
    group->setExpanded(true);
}

void HeadersTab::setRecord(const trace::Record &record, bool active)
{
    m_tree->clear();
    addGroup(tr("Client to Portolan"), record.request_headers);
    for (std::size_t i = 0; i < record.attempts.size(); ++i) {
        const trace::Attempt &attempt = record.attempts[i];
        const QString host = shown(attempt.host);
        addGroup(tr("Portolan to %1, attempt %2").arg(host).arg(i + 1), attempt.request_headers);
        addGroup(tr("%1 to Portolan, attempt %2").arg(host).arg(i + 1), attempt.response_headers);
    }
    addGroup(tr("Portolan to client"), record.response_headers);
    const bool any = m_tree->topLevelItemCount() > 0;
    const bool off = record.capture == trace::CaptureLevel::Off;
    m_tree->setVisible(any);
    m_message->setVisible(!any);
    m_settings->setVisible(!any && off && !active);
    m_message->setText(active    ? tr("Headers are shown when the request has ended.")
                           : off ? tr("Headers of this request were not stored: recording was off.")
                                 : tr("No headers were recorded."));
}

} // namespace portolan::ui

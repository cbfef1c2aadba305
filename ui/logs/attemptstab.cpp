// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/attemptstab.h"

#include "ui/logs/attemptdelegate.h"
#include "ui/logs/attemptmodel.h"
#include "ui/logs/waterfallview.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QSplitter>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

AttemptsTab::AttemptsTab(QWidget *parent)
    : QWidget(parent)
    , m_model(new AttemptModel(this))
{
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(createList());
    m_waterfall = new WaterfallView(m_model, m_list, splitter);
    splitter->addWidget(m_waterfall);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({Metrics().px(560), Metrics().px(640)});
    splitter->setChildrenCollapsible(false);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(splitter, 1);
    column->addWidget(new WaterfallLegend(this));
    column->addWidget(createSaid());

    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, m_waterfall, &WaterfallView::setScroll);
    connect(m_waterfall, &WaterfallView::lineClicked, this, &AttemptsTab::select);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &AttemptsTab::showSelected);
}

QWidget *AttemptsTab::createList()
{
    const Metrics metrics;
    m_list = new QTreeView(this);
    m_list->setObjectName(u"attempts"_s);
    m_list->setAccessibleName(tr("Attempts"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new AttemptDelegate(m_list));
    m_list->setRootIsDecorated(false);
    m_list->setIndentation(0);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QHeaderView *header = m_list->header();
    header->setStretchLastSection(false);
    header->setSectionsMovable(false);
    header->setSectionResizeMode(AttemptModel::What, QHeaderView::Stretch);
    header->resizeSection(AttemptModel::Number, metrics.px(30));
    header->resizeSection(AttemptModel::Target, metrics.px(256));
    header->resizeSection(AttemptModel::Status, metrics.px(62));
    header->resizeSection(AttemptModel::Duration, metrics.px(76));
    return m_list;
}

QWidget *AttemptsTab::createSaid()
{
    const Metrics metrics;
    auto *strip = new QWidget(this);
    auto *column = new QVBoxLayout(strip);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(new Rule(Qt::Horizontal, strip));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kSmall), metrics.px(space::kPanel),
                            metrics.px(space::kSmall));
    row->setSpacing(metrics.px(space::kPanel));
    m_saidWho = new PlainLabel(strip);
    m_saidWho->setSize(TextSize::Data, Weight::Strong);
    m_saidLead = new PlainLabel(strip);
    m_saidLead->setSize(TextSize::Data);
    m_saidLead->setRole(Role::TextMuted);
    m_said = new PlainLabel(strip);
    m_said->setObjectName(u"providerSaid"_s);
    m_said->setFixed(TextSize::Data);
    m_said->setWordWrap(true);
    m_said->setSelectable();
    m_facts = new PlainLabel(strip);
    m_facts->setSize(TextSize::Data);
    m_facts->setRole(Role::TextMuted);
    row->addWidget(m_saidWho, 0, Qt::AlignTop);
    row->addWidget(m_saidLead, 0, Qt::AlignTop);
    row->addWidget(m_said, 1);
    row->addWidget(m_facts, 0, Qt::AlignTop);
    column->addLayout(row);
    return strip;
}

void AttemptsTab::setRecord(const trace::Record &record, std::int64_t total_us)
{
    const bool same = record.id == m_shown;
    const int before = m_list->currentIndex().row();
    m_shown = record.id;
    std::vector<trace::Attempt> attempts = record.attempts;
    // What is not streamed comes as a whole: it has no first token that would say more than its head does.
    for (trace::Attempt &attempt : attempts)
        attempt.first_token_us = record.stream ? attempt.first_token_us : -1;
    m_model->setAttempts(std::move(attempts), total_us);
    std::int64_t last = total_us;
    for (const trace::Attempt &attempt : record.attempts)
        last = std::max(last, attempt.end_us);
    m_waterfall->setTotal(last);
    m_waterfall->setLines(m_list->header()->height(), m_list->sizeHintForRow(0));

    int chosen = 0;
    for (int i = 0; i < int(record.attempts.size()); ++i) {
        if (!record.attempts[std::size_t(i)].error_code.empty())
            chosen = i;
    }
    select(same && before >= 0 && before < m_model->rowCount() ? before : m_model->lineOfAttempt(chosen));
}

void AttemptsTab::select(int line)
{
    m_list->setCurrentIndex(m_model->index(line, AttemptModel::Target));
    showSelected();
}

void AttemptsTab::showSelected()
{
    const int line = m_list->currentIndex().row();
    m_waterfall->setSelectedLine(line);
    m_waterfall->setLines(m_list->header()->height(), m_list->sizeHintForRow(0));
    if (line < 0) {
        m_saidWho->setText(tr("No attempt was made."));
        for (PlainLabel *label : {m_saidLead, m_said, m_facts})
            label->setText(QString());
        return;
    }
    const int number = m_model->lines()[std::size_t(line)].attempt;
    const trace::Attempt &attempt = m_model->attempts()[std::size_t(number)];
    m_saidWho->setText(tr("Attempt %1").arg(number + 1));
    const QString said = QString::fromStdString(attempt.error_message);
    if (!said.isEmpty()) {
        m_saidLead->setText(attempt.status > 0 ? tr("The provider said") : tr("What failed"));
        m_said->setText(attempt.status > 0 ? u'"' + said + u'"' : said);
    } else {
        m_saidLead->setText(attempt.chosen_by.empty() ? QString() : tr("Chosen by"));
        m_said->setText(QString::fromStdString(attempt.chosen_by));
    }
    QStringList facts;
    if (!attempt.host.empty())
        facts += QString::fromStdString(attempt.host);
    if (attempt.reused_connection)
        facts += tr("connection reused");
    for (const auto &[name, value] : attempt.response_headers) {
        if (QString::fromStdString(name).compare(u"retry-after"_s, Qt::CaseInsensitive) == 0)
            facts += u"retry-after: "_s + QString::fromStdString(value);
    }
    m_facts->setText(facts.join(u"   "_s));
}

} // namespace portolan::ui

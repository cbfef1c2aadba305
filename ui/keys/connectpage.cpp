// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/connectpage.h"

#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/codeblock.h"
#include "ui/widgets/formgrid.h"

#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kListAt100 = 180;
constexpr int kTextAt100 = 760;
constexpr auto kPracticeModel = "@practice/echo"_L1;

QWidget *createExplained(const GuideStep &step, QWidget *parent)
{
    auto *part = new QWidget(parent);
    QGridLayout *grid = formGrid(part);
    int row = 0;
    for (const auto &[name, why] : step.explained) {
        auto *label = new PlainLabel(name, part);
        label->setFixed(TextSize::Data);
        grid->addWidget(label, row, 0, Qt::AlignTop);
        grid->addWidget(formNote(why, part), row++, 1, Qt::AlignTop);
    }
    return part;
}

QWidget *createGuide(const Guide &guide, QWidget *parent)
{
    const Metrics metrics;
    auto *page = new QWidget(parent);
    page->setMaximumWidth(metrics.px(kTextAt100));
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(metrics.px(space::kCard), metrics.px(space::kPanel), metrics.px(space::kCard),
                               metrics.px(space::kPanel));
    column->setSpacing(metrics.px(space::kSmall));
    auto *heading = new PlainLabel(guide.name, page);
    heading->setSize(TextSize::Title, Weight::Strong);
    column->addWidget(heading);
    auto *intro = new PlainLabel(guide.intro, page);
    intro->setObjectName(u"intro"_s);
    intro->setWordWrap(true);
    column->addWidget(intro);
    for (const GuideStep &step : guide.steps) {
        auto *where = new PlainLabel(step.where, page);
        where->setSize(TextSize::Body, Weight::Strong);
        column->addSpacing(metrics.px(space::kTight));
        column->addWidget(where);
        auto *code = new CodeBlock(ConnectPage::tr("%1: %2").arg(guide.name, step.where),
                                   ConnectPage::tr("Copy: %1").arg(step.where), page);
        code->setText(step.text);
        column->addWidget(code);
        if (!step.explained.empty())
            column->addWidget(createExplained(step, page));
    }
    column->addStretch();
    return page;
}

} // namespace

ConnectPage::ConnectPage(control::Control &control, QWidget *parent)
    : QWidget(parent)
    , m_control(&control)
{
    const Metrics metrics;
    m_programs = new QListWidget(this);
    m_programs->setObjectName(u"programs"_s);
    m_programs->setAccessibleName(tr("Programs"));
    m_programs->setFrameShape(QFrame::NoFrame);
    m_programs->setFixedWidth(metrics.px(kListAt100));
    m_programs->setSpacing(1);
    setFillRole(m_programs, Role::Window);
    for (const Guide &guide : guides({})) {
        const bool possible = !guide.steps.empty();
        const QIcon icon = lineIcon(possible ? Icon::Link : Icon::CircleSlash, Role::TextMuted);
        (new QListWidgetItem(icon, guide.name, m_programs))->setData(Qt::UserRole, guide.id);
    }
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(u"guide"_s);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::StrongFocus); // to be scrolled by keys
    m_scroll->setAccessibleName(tr("How to connect it"));
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_programs);
    row->addWidget(new Rule(Qt::Vertical, this));
    row->addWidget(m_scroll, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(createTarget());
    column->addWidget(new Rule(Qt::Horizontal, this));
    column->addLayout(row, 1);
    setFocusProxy(m_programs);
    connect(m_programs, &QListWidget::currentRowChanged, this, &ConnectPage::showGuide);
    connect(m_model, &QComboBox::currentTextChanged, this, &ConnectPage::showGuide);
    connect(&control, &control::Control::gatewayChanged, this, &ConnectPage::refresh);
    m_programs->setCurrentRow(0);
}

QWidget *ConnectPage::createTarget()
{
    const Metrics metrics;
    auto *part = new QWidget(this);
    auto *row = new QHBoxLayout(part);
    row->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kGroup), metrics.px(space::kPanel),
                            metrics.px(space::kGroup));
    row->setSpacing(metrics.px(space::kSmall));
    auto *address = new PlainLabel(tr("Address"), part);
    m_address = new CopyField(tr("Address of the gateway"), part);
    m_address->setMinimumWidth(metrics.px(190));
    m_address->setMaximumWidth(metrics.px(360));
    m_stopped = formNote(tr("The gateway is stopped."), part);
    m_stopped->setObjectName(u"stopped"_s);
    m_stopped->setWordWrap(false);
    auto *model = new PlainLabel(tr("Model"), part);
    m_model = new QComboBox(part);
    m_model->setObjectName(u"model"_s);
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    m_model->setMinimumWidth(metrics.px(150));
    m_model->setMaximumWidth(metrics.px(360));
    m_model->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_model->setAccessibleName(tr("Model in what follows"));
    m_model->completer()->setFilterMode(Qt::MatchContains);
    m_model->completer()->setCompletionMode(QCompleter::PopupCompletion);
    model->setBuddy(m_model);
    auto *key = new QPushButton(lineIcon(Icon::Key, Role::TextMuted), tr("New client key..."), part);
    row->addWidget(address);
    row->addWidget(m_address, 1);
    row->addWidget(m_stopped);
    row->addSpacing(metrics.px(space::kSmall));
    row->addWidget(model);
    row->addWidget(m_model, 1);
    row->addStretch();
    row->addWidget(key);
    connect(key, &QPushButton::clicked, this, &ConnectPage::newKey);
    return part;
}

QString ConnectPage::baseUrl() const
{
    if (!m_control)
        return {};
    if (const QString &url = m_control->gateway().baseUrl; !url.isEmpty())
        return url;
    const control::Settings &settings = m_control->settings();
    const bool six = settings.listenAddress.contains(u':');
    return (six ? u"http://[%1]:%2/v1"_s : u"http://%1:%2/v1"_s)
        .arg(settings.listenAddress)
        .arg(settings.port);
}

void ConnectPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    offerModels();
    refresh();
}

void ConnectPage::offerModels()
{
    if (!m_control)
        return;
    QStringList names;
    for (const control::ModelInfo &model : m_control->models())
        if (model.enabled)
            names += u'@' + model.slug + u'/' + model.id;
    if (names.size() == m_model->count())
        return; // nothing came or went
    const QString typed = m_model->currentText();
    const bool own = !typed.isEmpty() && typed != kPracticeModel;
    const QSignalBlocker quiet(m_model);
    m_model->clear();
    m_model->addItems(names);
    const auto real
        = std::ranges::find_if_not(names, [](const QString &name) { return name.startsWith(u"@practice/"); });
    m_model->setCurrentText(own ? typed : real != names.end() ? *real : QString(kPracticeModel));
    m_model->lineEdit()->setCursorPosition(0); // a long name is known by its slug
}

void ConnectPage::refresh()
{
    if (!m_control || !isVisible())
        return;
    m_address->setText(baseUrl());
    m_stopped->setVisible(m_control->gateway().state != control::GatewayStatus::State::Running);
    showGuide();
}

void ConnectPage::showGuide()
{
    const QListWidgetItem *chosen = m_programs->currentItem();
    if (!chosen)
        return;
    const QString program = chosen->data(Qt::UserRole).toString();
    const GuideTarget target{.baseUrl = baseUrl(), .model = m_model->currentText()};
    const QString wanted = program + u'\n' + target.baseUrl + u'\n' + target.model;
    if (std::exchange(m_shown, wanted) == wanted)
        return;
    for (const Guide &guide : guides(target)) {
        if (guide.id != program)
            continue;
        m_scroll->setWidget(createGuide(guide, m_scroll)); // the one before goes
        setFillRole(m_scroll->viewport(), Role::Window);
    }
}

void ConnectPage::choose(const QString &program)
{
    for (int row = 0; row < m_programs->count(); ++row)
        if (m_programs->item(row)->data(Qt::UserRole).toString() == program)
            m_programs->setCurrentRow(row);
}

} // namespace portolan::ui

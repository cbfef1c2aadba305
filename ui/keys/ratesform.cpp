// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/ratesform.h"

#include "ui/keys/budgetform.h"
#include "ui/keys/limitwords.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formgrid.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using admission::RateLimit;

namespace {

constexpr int kSpans = 5;
constexpr std::size_t kMostLines = 2 * kSpans; // one of each unit and span
constexpr int kMostAtOnce = 100'000;

std::unexpected<Error> fault(const QString &text)
{
    return fail({.code = "keys.bad_field", .message = text.toStdString()});
}

bool isSameKind(const RateLimit &a, const RateLimit &b)
{
    return a.unit == b.unit && a.per == b.per;
}

} // namespace

RatesForm::RatesForm(const std::vector<RateLimit> &rates, std::optional<int> concurrency, QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout)
    , m_add(new QPushButton(lineIcon(Icon::Plus, Role::TextMuted), tr("Add a rate limit"), this))
    , m_meaning(formNote({}, this))
{
    const Metrics metrics;
    auto *heading = new PlainLabel(tr("Rates"), this);
    heading->setSize(TextSize::Body, Weight::Strong);
    m_column->setSpacing(metrics.px(space::kGroup));
    m_add->setObjectName(u"addRate"_s);
    m_meaning->setObjectName(u"ratesMeaning"_s);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_add);
    foot->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(metrics.px(space::kGroup));
    column->addWidget(heading);
    column->addLayout(m_column);
    column->addLayout(foot);
    column->addWidget(createConcurrency(concurrency));
    column->addWidget(m_meaning);
    for (const RateLimit &rate : rates)
        addLine(rate);
    connect(m_add, &QPushButton::clicked, this, &RatesForm::addFreeLine);
    onEdited();
}

QWidget *RatesForm::createConcurrency(std::optional<int> concurrency)
{
    auto *widget = new QWidget(this);
    auto *row = new QHBoxLayout(widget);
    row->setContentsMargins({});
    m_limited = new QCheckBox(tr("At most"), widget);
    m_limited->setObjectName(u"concurrency"_s);
    m_limited->setAccessibleName(tr("Limit how many requests run at once"));
    m_limited->setChecked(concurrency.has_value());
    m_most = new QSpinBox(widget);
    m_most->setObjectName(u"atOnce"_s);
    m_most->setRange(0, kMostAtOnce);
    m_most->setValue(concurrency.value_or(4));
    m_most->setEnabled(concurrency.has_value());
    m_most->setAccessibleName(tr("Requests at once"));
    row->addWidget(m_limited);
    row->addWidget(m_most);
    row->addWidget(new PlainLabel(tr("requests run at once"), widget));
    row->addStretch();
    connect(m_limited, &QCheckBox::toggled, this, [this](bool on) {
        m_most->setEnabled(on);
        onEdited();
    });
    connect(m_most, &QSpinBox::valueChanged, this, &RatesForm::onEdited);
    return widget;
}

void RatesForm::addLine(const RateLimit &rate)
{
    const Metrics metrics;
    Line line{.widget = new QWidget(this)};
    auto *row = new QHBoxLayout(line.widget);
    row->setContentsMargins({});
    line.most = new QLineEdit(rate.most > 0 ? shortCount(rate.most) : QString(), line.widget);
    line.most->setObjectName(u"most"_s);
    line.most->setMaximumWidth(metrics.px(110));
    line.most->setPlaceholderText(tr("600"));
    line.most->setAccessibleName(tr("At most"));
    line.unit = new QComboBox(line.widget);
    line.unit->setObjectName(u"rateUnit"_s);
    line.unit->addItems({tr("requests"), tr("tokens")});
    line.unit->setCurrentIndex(int(rate.unit));
    line.unit->setAccessibleName(tr("Of what"));
    line.per = new QComboBox(line.widget);
    line.per->setObjectName(u"per"_s);
    line.per->addItems({tr("in any second"), tr("in any minute"), tr("in any hour"), tr("in any 24 hours"),
                        tr("in any 7 days")});
    line.per->setCurrentIndex(int(rate.per));
    line.per->setAccessibleName(tr("In which span"));
    auto *remove = new IconButton(Icon::Close, tr("Remove this rate limit"), line.widget);
    remove->setObjectName(u"removeRate"_s);
    for (QWidget *part : {static_cast<QWidget *>(line.most), static_cast<QWidget *>(line.unit),
                          static_cast<QWidget *>(line.per), static_cast<QWidget *>(remove)})
        row->addWidget(part);
    row->addStretch();
    connect(line.most, &QLineEdit::textEdited, this, &RatesForm::onEdited);
    connect(line.unit, &QComboBox::currentIndexChanged, this, &RatesForm::onEdited);
    connect(line.per, &QComboBox::currentIndexChanged, this, &RatesForm::onEdited);
    connect(remove, &IconButton::clicked, this, [this, widget = line.widget] { removeLine(widget); });
    // In reading order, though it is made after what stands below.
    QWidget::setTabOrder(m_lines.empty() ? nullptr : m_lines.back().widget, line.most);
    QWidget::setTabOrder(line.most, line.unit);
    QWidget::setTabOrder(line.unit, line.per);
    QWidget::setTabOrder(line.per, remove);
    QWidget::setTabOrder(remove, m_add);
    m_column->addWidget(line.widget);
    m_lines.push_back(line);
}

void RatesForm::addFreeLine()
{
    RateLimit rate{.per = RateLimit::Per::Minute};
    const auto taken = [&](const RateLimit &wanted) {
        return std::ranges::any_of(m_lines, [&](const Line &line) {
            return isSameKind(wanted,
                              {.unit = RateLimit::Unit(line.unit->currentIndex()),
                               .per = RateLimit::Per(line.per->currentIndex())});
        });
    };
    for (std::size_t i = 0; i < kMostLines && taken(rate); ++i)
        rate = {.unit = RateLimit::Unit(i / kSpans), .per = RateLimit::Per(i % kSpans)};
    addLine(rate);
    m_lines.back().most->setFocus();
    onEdited();
}

void RatesForm::removeLine(const QWidget *widget)
{
    const auto at = std::ranges::find(m_lines, widget, &Line::widget);
    if (at == m_lines.end())
        return;
    at->widget->hide();
    at->widget->deleteLater(); // its button is being clicked
    m_lines.erase(at);
    m_add->setFocus();
    onEdited();
}

void RatesForm::onEdited()
{
    m_add->setEnabled(m_lines.size() < kMostLines);
    const auto rates = read();
    // An empty field is not wrong yet, only unfinished.
    const bool unfinished
        = std::ranges::any_of(m_lines, [](const Line &line) { return line.most->text().isEmpty(); });
    m_meaning->setRole(rates || unfinished ? Role::TextMuted : Role::Error);
    if (!rates)
        m_meaning->setText(QString::fromStdString(rates.error().message));
    else if (rates->rates.empty() && !rates->concurrency)
        m_meaning->setText(tr("As many as come, and as fast."));
    else
        m_meaning->setText(tr("What comes beyond gets 429 and is told how long to wait."));
    emit edited();
}

Result<RatesForm::Rates> RatesForm::read() const
{
    Rates out;
    for (const Line &line : m_lines) {
        const auto most = readCount(line.most->text());
        if (!most)
            return fault(tr("Give each rate as a whole number, such as 600, 400k or 2M."));
        const RateLimit rate{.unit = RateLimit::Unit(line.unit->currentIndex()),
                             .per = RateLimit::Per(line.per->currentIndex()),
                             .most = *most};
        if (std::ranges::any_of(out.rates, [&](const RateLimit &other) { return isSameKind(other, rate); }))
            return fault(tr("Two lines limit %1 %2. Keep one of them.")
                             .arg(line.unit->currentText(), line.per->currentText()));
        out.rates.push_back(rate);
    }
    if (m_limited->isChecked())
        out.concurrency = m_most->value();
    return out;
}

} // namespace portolan::ui

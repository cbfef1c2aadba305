// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/budgetform.h"

#include "core/base/money.h"
#include "ui/keys/limitwords.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formgrid.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QDateEdit>
#include <QLineEdit>
#include <QSpinBox>
#include <QTimeZone>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using admission::Budget;
using admission::Period;

namespace {

constexpr int kMostDays = 365;
constexpr int kMostAlerts = 20;
constexpr int kMostPercent = 1'000; // beyond the limit too: a request may pass it

std::unexpected<Error> fault(const QString &text)
{
    return fail({.code = "keys.bad_field", .message = text.toStdString()});
}

/// Without the locale's groups and with a point.
QString plainNumber(QString text)
{
    const QLocale locale = format::locale();
    text.remove(u'$').remove(u' ').remove(QChar::Nbsp).remove(locale.groupSeparator());
    return text.replace(locale.decimalPoint(), u"."_s).trimmed();
}

QString amountText(const Budget &budget)
{
    return budget.unit == Budget::Unit::Cost ? dollars(budget.limit).mid(1) : shortCount(budget.limit);
}

std::optional<qint64> readAmount(const QString &text, Budget::Unit unit)
{
    if (unit == Budget::Unit::Tokens)
        return readCount(text);
    const auto usd = parseUsd(plainNumber(text).toStdString());
    return usd ? std::optional<qint64>(usd->value) : std::nullopt;
}

std::optional<std::vector<int>> readPercents(const QString &text)
{
    std::vector<int> percents;
    for (QString part : text.split(u',', Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const int percent = part.remove(u'%').trimmed().toInt(&isNumber);
        if (!isNumber || percent < 1 || percent > kMostPercent)
            return std::nullopt;
        percents.push_back(percent);
    }
    std::ranges::sort(percents);
    percents.erase(std::ranges::unique(percents).begin(), percents.end());
    return percents.size() <= kMostAlerts ? std::optional(percents) : std::nullopt;
}

QStringList zoneNames()
{
    QStringList names;
    for (const QByteArray &id : QTimeZone::availableTimeZoneIds())
        names += QString::fromLatin1(id);
    return names;
}

QString ownZone()
{
    const QByteArray id = QTimeZone::systemTimeZoneId();
    return QTimeZone::isTimeZoneIdAvailable(id) ? QString::fromLatin1(id) : u"UTC"_s;
}

} // namespace

std::optional<qint64> readCount(const QString &text)
{
    QString plain = plainNumber(text);
    double unit = 1;
    if (plain.endsWith(u'k', Qt::CaseInsensitive))
        unit = 1e3;
    else if (plain.endsWith(u'm', Qt::CaseInsensitive))
        unit = 1e6;
    if (unit > 1)
        plain.chop(1);
    bool isNumber = false;
    const double value = QLocale::c().toDouble(plain, &isNumber) * unit;
    // Beyond 2^53 a double no longer tells neighbours apart.
    if (!isNumber || plain.contains(u'e', Qt::CaseInsensitive) || value < 0 || value > 9e15
        || value != double(qint64(value)))
        return std::nullopt;
    return qint64(value);
}

BudgetForm::BudgetForm(const std::optional<Budget> &given, QWidget *parent)
    : QWidget(parent)
    , m_on(new QCheckBox(tr("Limit what may be spent"), this))
    , m_fields(new QWidget(this))
{
    const Budget budget = given.value_or(
        Budget{.limit = 0, .period = {.kind = Period::Kind::Month, .zone = ownZone().toStdString()}});
    m_on->setObjectName(u"budget"_s);
    m_on->setChecked(given.has_value());
    QGridLayout *grid = formGrid(m_fields);
    auto *amount = new QWidget(m_fields);
    auto *row = new QHBoxLayout(amount);
    row->setContentsMargins({});
    m_limit = new QLineEdit(given ? amountText(budget) : QString(), amount);
    m_limit->setObjectName(u"limit"_s);
    m_limit->setPlaceholderText(tr("50"));
    m_unit = new QComboBox(amount);
    m_unit->setObjectName(u"unit"_s);
    m_unit->addItems({tr("US dollars"), tr("tokens")});
    m_unit->setCurrentIndex(budget.unit == Budget::Unit::Cost ? 0 : 1);
    m_unit->setAccessibleName(tr("Unit of the budget"));
    row->addWidget(m_limit, 1);
    row->addWidget(m_unit);
    addFormRow(grid, 0, tr("At most"), amount)->setBuddy(m_limit);
    m_limit->setAccessibleName(tr("At most"));
    createPeriod(grid, budget.period);
    m_alerts = new QLineEdit(m_fields);
    m_alerts->setObjectName(u"alerts"_s);
    QStringList percents;
    for (const int percent : budget.alert_percents)
        percents += QString::number(percent);
    m_alerts->setText(percents.join(u", "_s));
    m_alerts->setPlaceholderText(tr("never"));
    addFormRow(grid, 5, tr("Tell me at %"), m_alerts);
    m_meaning = formNote({}, m_fields);
    m_meaning->setObjectName(u"meaning"_s);
    grid->addWidget(m_meaning, 6, 1);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_on);
    column->addWidget(m_fields);
    connect(m_on, &QCheckBox::toggled, this, [this](bool on) {
        onEdited();
        if (on)
            m_limit->setFocus();
    });
    for (QLineEdit *line : {m_limit, m_alerts})
        connect(line, &QLineEdit::textEdited, this, &BudgetForm::onEdited);
    for (QComboBox *box : {m_unit, m_period, m_weekday})
        connect(box, &QComboBox::currentIndexChanged, this, &BudgetForm::onEdited);
    connect(m_zone, &QComboBox::currentTextChanged, this, &BudgetForm::onEdited);
    connect(m_count, &QSpinBox::valueChanged, this, &BudgetForm::onEdited);
    connect(m_from, &QDateEdit::dateChanged, this, &BudgetForm::onEdited);
    onEdited();
}

void BudgetForm::createPeriod(QGridLayout *grid, const Period &period)
{
    m_period = new QComboBox(m_fields);
    m_period->setObjectName(u"period"_s);
    m_period->addItems({tr("Never: it holds once and for all"), tr("Every day"), tr("Every week"),
                        tr("Every month"), tr("Every so many days")});
    m_period->setCurrentIndex(int(period.kind));
    addFormRow(grid, 1, tr("Starts anew"), m_period);

    const QLocale locale = format::locale();
    m_weekday = new QComboBox(m_fields);
    m_weekday->setObjectName(u"weekday"_s);
    for (int day = 1; day <= 7; ++day)
        m_weekday->addItem(locale.standaloneDayName(day));
    m_weekday->setCurrentIndex(std::clamp(period.first_weekday, 1, 7) - 1);
    m_weekdayName = addFormRow(grid, 2, tr("Week begins on"), m_weekday);

    m_days = new QWidget(m_fields);
    auto *row = new QHBoxLayout(m_days);
    row->setContentsMargins({});
    m_count = new QSpinBox(m_days);
    m_count->setObjectName(u"days"_s);
    m_count->setRange(1, kMostDays);
    m_count->setValue(period.kind == Period::Kind::Days ? period.days : 30);
    m_count->setSuffix(tr(" days"));
    m_count->setAccessibleName(tr("Length in days"));
    const QDate from = QDate::fromString(QString::fromStdString(period.from), Qt::ISODate);
    m_from = new QDateEdit(from.isValid() ? from : QDate::currentDate(), m_days);
    m_from->setObjectName(u"from"_s);
    m_from->setCalendarPopup(true);
    m_from->setDisplayFormat(u"yyyy-MM-dd"_s);
    m_from->setAccessibleName(tr("First day"));
    row->addWidget(m_count);
    row->addWidget(new PlainLabel(tr("from"), m_days));
    row->addWidget(m_from);
    row->addStretch();
    m_daysName = addFormRow(grid, 3, tr("Length"), m_days);
    m_daysName->setBuddy(m_count);

    m_zone = new QComboBox(m_fields);
    m_zone->setObjectName(u"zone"_s);
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    m_zone->addItems(zoneNames());
    m_zone->setCurrentText(QString::fromStdString(period.zone));
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_zoneName = addFormRow(grid, 4, tr("Time zone"), m_zone);
}

void BudgetForm::showRows()
{
    const auto kind = Period::Kind(m_period->currentIndex());
    const auto show = [](bool shown, QWidget *name, QWidget *field) {
        name->setVisible(shown);
        field->setVisible(shown);
    };
    m_fields->setVisible(m_on->isChecked());
    show(kind == Period::Kind::Week, m_weekdayName, m_weekday);
    show(kind == Period::Kind::Days, m_daysName, m_days);
    show(kind != Period::Kind::Never, m_zoneName, m_zone);
}

void BudgetForm::onEdited()
{
    showRows();
    const auto budget = read();
    const bool good = budget.has_value();
    // An empty field is not wrong yet, only unfinished.
    m_meaning->setRole(good || m_limit->text().isEmpty() ? Role::TextMuted : Role::Error);
    if (!good)
        m_meaning->setText(QString::fromStdString(budget.error().message));
    else if (*budget)
        m_meaning->setText(meaning(**budget));
    emit edited();
}

void BudgetForm::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    onEdited(); // when it starts anew is told from now
}

Period BudgetForm::period() const
{
    Period period{.kind = Period::Kind(m_period->currentIndex())};
    if (period.kind != Period::Kind::Never)
        period.zone = m_zone->currentText().trimmed().toStdString();
    if (period.kind == Period::Kind::Week)
        period.first_weekday = m_weekday->currentIndex() + 1;
    if (period.kind == Period::Kind::Days) {
        period.days = m_count->value();
        period.from = m_from->date().toString(Qt::ISODate).toStdString();
    }
    return period;
}

Result<std::optional<Budget>> BudgetForm::read() const
{
    if (!m_on->isChecked())
        return std::nullopt;
    Budget budget{.unit = m_unit->currentIndex() == 0 ? Budget::Unit::Cost : Budget::Unit::Tokens,
                  .period = period()};
    const auto limit = readAmount(m_limit->text(), budget.unit);
    if (!limit || *limit < 0)
        return fault(budget.unit == Budget::Unit::Cost
                         ? tr("Give a number of dollars, such as 50 or 12.50.")
                         : tr("Give a whole number of tokens, such as 400000, 400k or 2M."));
    budget.limit = *limit;
    if (budget.period.kind != Period::Kind::Never
        && !QTimeZone::isTimeZoneIdAvailable(QByteArray::fromStdString(budget.period.zone)))
        return fault(tr("There is no time zone of this name. Choose one such as Europe/Berlin or UTC."));
    const auto percents = readPercents(m_alerts->text());
    if (!percents)
        return fault(tr("Give percentages as 50, 80, 100."));
    budget.alert_percents = *percents;
    return budget;
}

QString BudgetForm::meaning(const Budget &budget) const
{
    const QString limit = limitWords(budget, budget.limit);
    const QString zone = QString::fromStdString(budget.period.zone);
    QString text;
    switch (budget.period.kind) {
    case Period::Kind::Never: return tr("%1 in total. It never starts anew by itself.").arg(limit);
    case Period::Kind::Day: text = tr("%1 in each day of %2.").arg(limit, zone); break;
    case Period::Kind::Week:
        text = tr("%1 in each week of %2, beginning on %3.").arg(limit, zone, m_weekday->currentText());
        break;
    case Period::Kind::Month: text = tr("%1 in each calendar month of %2.").arg(limit, zone); break;
    case Period::Kind::Days:
        if (budget.period.days == 1) {
            text = tr("%1 in each day of %2.").arg(limit, zone);
            break;
        }
        text = tr("%1 in each span of %n days of %2, counted from %3.", nullptr, budget.period.days)
                   .arg(limit, zone, QString::fromStdString(budget.period.from));
        break;
    }
    const QDateTime now = QDateTime::currentDateTime();
    const QDateTime next = nextReset(budget.period, now);
    if (!next.isValid())
        return text;
    const QString instant = format::locale().toString(next, u"d MMMM yyyy, HH:mm t"_s);
    return text + u' '
        + (budget.period.kind == Period::Kind::Days && next.date() == m_from->date()
               ? tr("The first begins on %1, %2.")
               : tr("The next begins on %1, %2."))
              .arg(instant, inWords(next, now));
}

} // namespace portolan::ui

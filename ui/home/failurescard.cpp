// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/failurescard.h"

#include "ui/theme/metrics.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plaintext.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kRowAt100 = 36;
constexpr std::size_t kMostShown = 5;

QString text(const std::string &foreign)
{
    return shown(std::string_view(foreign));
}

QString modelOf(const trace::RequestRow &row)
{
    if (row.model_asked.starts_with('@') || row.slug.empty())
        return text(row.model_asked);
    return u'@' + text(row.slug) + u'/' + text(row.model_asked);
}

/// A failed stream began with a 200: the number alone would be a riddle in red.
QString statusOf(const trace::RequestRow &row)
{
    if (row.status >= 400)
        return QString::number(row.status);
    return row.outcome == trace::Outcome::Truncated ? FailuresCard::tr("cut off") : u"-"_s;
}

QString causeOf(const trace::RequestRow &row, int times)
{
    const QString cause = text(row.error_message.empty() ? row.error_code : row.error_message);
    return times == 1 ? cause : FailuresCard::tr("%1 times: %2").arg(format::count(times), cause);
}

bool isAboutAccount(const trace::RequestRow &row)
{
    return !row.slug.empty() && row.slug != "practice" // built in: nothing to mend there
        && (row.status == 401 || row.status == 403 || row.status == 502 || row.status == 504);
}

} // namespace

Remedy remedyFor(const trace::RequestRow &row)
{
    if (row.outcome != trace::Outcome::Refused && isAboutAccount(row))
        return {FailuresCard::tr("Open the account"),
                {.panel = u"catalog"_s, .query = u"account:"_s + QString::fromStdString(row.slug)}};
    if (row.status == 404 || row.error_code == "route.unknown_slug")
        return {FailuresCard::tr("Open the catalog"), {.panel = u"catalog"_s}};
    return {FailuresCard::tr("Show the request"), {.panel = u"logs"_s, .id = row.id.value}};
}

std::vector<Failure> foldedFailures(const std::vector<trace::RequestRow> &rows, std::size_t most)
{
    std::vector<Failure> failures;
    for (const trace::RequestRow &row : rows) {
        const auto same = std::ranges::find_if(failures, [&](const Failure &failure) {
            const trace::RequestRow &known = failure.row;
            return known.client_key_name == row.client_key_name && known.model_asked == row.model_asked
                && known.status == row.status && known.error_code == row.error_code
                && known.error_message == row.error_message;
        });
        if (same != failures.end())
            ++same->times;
        else if (failures.size() < most)
            failures.push_back({.row = row});
    }
    return failures;
}

/// One failure, painted; only the remedy is a control. A click elsewhere shows the request.
class FailuresCard::Row : public QWidget
{
public:
    Row(const Failure &failure, bool alternate, FailuresCard *card)
        : QWidget(card)
        , m_card(card)
        , m_id(failure.row.id.value)
        , m_alternate(alternate)
        , m_time(format::when(QDateTime::fromMSecsSinceEpoch(failure.row.started_us / 1000),
                              QDateTime::currentDateTime()))
        , m_key(failure.row.client_key_name.empty() ? u"-"_s : text(failure.row.client_key_name))
        , m_model(failure.row.model_asked.empty() ? u"-"_s : modelOf(failure.row))
        , m_status(statusOf(failure.row))
        , m_cause(causeOf(failure.row, failure.times))
    {
        const Metrics metrics;
        const Remedy remedy = remedyFor(failure.row);
        m_link = new LinkButton(remedy.words, this);
        m_link->setSize(TextSize::Data);
        m_link->setFlush();
        m_link->setAccessibleName(u"%1: %2 %3"_s.arg(remedy.words, m_model, m_cause));
        setTextSize(this, TextSize::Data);
        setCursor(Qt::PointingHandCursor);
        auto *line = new QHBoxLayout(this);
        line->setContentsMargins(0, 0, metrics.px(space::kCard) - 1, 0);
        line->addStretch(1);
        line->addWidget(m_link);
        connect(m_link, &LinkButton::clicked, card, [card, place = remedy.place] { emit card->goTo(place); });
    }

    QSize sizeHint() const override { return {Metrics().px(600), Metrics().px(kRowAt100)}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Metrics metrics;
        const auto of = [this](Role role) { return colour(role, palette()); };
        painter.fillRect(rect(), of(underMouse() ? Role::Hover : m_alternate ? Role::BaseAlt : Role::Base));
        int x = metrics.px(space::kCard) - 1;
        const auto next = [&](int widthAt100) {
            const QRect cell(x, 0, metrics.px(widthAt100 - space::kPanel), height());
            x += metrics.px(widthAt100);
            return cell;
        };
        item::paintText(&painter, next(78), m_time, of(Role::Text));
        item::paintText(&painter, next(104), m_key, of(Role::Text));
        item::paintModelRef(&painter, next(232), m_model, palette());
        const QRect status = next(80);
        const int side = metrics.iconSmall();
        paintIcon(&painter, QRect(status.x(), (height() - side) / 2, side, side), Icon::CircleCross,
                  of(Role::Error));
        item::paintText(&painter, status.adjusted(side + metrics.px(space::kGroup), 0, 0, 0), m_status,
                        of(Role::Error));
        item::paintText(&painter, QRect(x, 0, m_link->x() - x - metrics.px(space::kPanel), height()), m_cause,
                        of(Role::Text));
    }
    void mouseReleaseEvent(QMouseEvent *event) override
    {
        if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
            emit m_card->goTo({.panel = u"logs"_s, .id = m_id});
    }
    void enterEvent(QEnterEvent *) override { update(); }
    void leaveEvent(QEvent *) override { update(); }

private:
    FailuresCard *const m_card;
    const qint64 m_id;
    const bool m_alternate;
    const QString m_time;
    const QString m_key;
    const QString m_model;
    const QString m_status;
    const QString m_cause;
    LinkButton *m_link = nullptr;
};

FailuresCard::FailuresCard(QWidget *parent)
    : Card(tr("Last failed requests"), parent)
{
    setFlushBody();
    auto *all = new LinkButton(tr("All errors in Logs"), this);
    all->setSize(TextSize::Data);
    all->setFlush();
    head()->addWidget(all);
    connect(all, &LinkButton::clicked, this,
            [this] { emit goTo({.panel = u"logs"_s, .query = u"is:error"_s}); });
    body()->setSpacing(0);
    body()->addWidget(new Rule(Qt::Horizontal, this));
    setRows({});
}

void FailuresCard::setRows(const std::vector<trace::RequestRow> &rows)
{
    auto failures = foldedFailures(rows, kMostShown);
    if (m_rows && failures == m_shown)
        return;
    m_shown = std::move(failures);
    delete m_rows;
    m_rows = new QWidget(this);
    auto *column = new QVBoxLayout(m_rows);
    column->setContentsMargins(0, 0, 0, Metrics().px(space::kHair));
    column->setSpacing(0);
    for (size_t i = 0; i < m_shown.size(); ++i)
        column->addWidget(new Row(m_shown[i], i % 2 == 1, this));
    if (rows.empty()) {
        auto *none = new PlainLabel(tr("No request has failed."), m_rows);
        none->setRole(Role::TextMuted);
        none->setContentsMargins(Metrics().px(space::kCard) - 1, Metrics().px(space::kSmall), 0,
                                 Metrics().px(space::kSmall));
        column->addWidget(none);
    }
    body()->addWidget(m_rows);
}

} // namespace portolan::ui

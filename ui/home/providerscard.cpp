// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/providerscard.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plaintext.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr size_t kMostRows = 8;

} // namespace

HealthLook lookOf(const control::AccountHealth &health, const QDateTime &now)
{
    using State = control::AccountHealth::State;
    switch (health.state) {
    case State::Ok: return {Icon::CircleCheck, Role::Ok, ProvidersCard::tr("ok")};
    case State::RateLimited: return {Icon::Triangle, Role::Rescued, ProvidersCard::tr("rate limited")};
    case State::Failing:
        return {Icon::CircleCross, Role::Error,
                health.since.isValid()
                    ? ProvidersCard::tr("failing since %1").arg(format::since(health.since, now))
                    : ProvidersCard::tr("failing")};
    case State::NoKey: return {Icon::Triangle, Role::Warning, ProvidersCard::tr("no key")};
    case State::Disabled: return {Icon::Power, Role::Neutral, ProvidersCard::tr("disabled")};
    case State::Untested: break;
    }
    return {Icon::CircleDashed, Role::Neutral, ProvidersCard::tr("not tested")};
}

HealthLook lookOf(const control::Account &account, const QDateTime &now)
{
    if (!account.enabled || account.breakers.empty())
        return lookOf(account.health, now);
    return {
        Icon::Triangle, Role::Error,
        ProvidersCard::tr("breaker open since %1").arg(format::since(account.breakers.front().since, now))};
}

/// One account: state icon, slug, word and latency. A click or Enter opens it.
class ProvidersCard::Row : public QAbstractButton
{
public:
    Row(const control::Account &account, QWidget *parent)
        : QAbstractButton(parent)
    {
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setTextSize(this, TextSize::Data);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setAccount(account);
    }

    void setAccount(const control::Account &account)
    {
        using State = control::AccountHealth::State;
        const control::AccountHealth &health = account.health;
        m_look = lookOf(account, QDateTime::currentDateTime());
        // How fast it refuses says nothing of how fast it answers.
        m_latency = health.state == State::Ok && account.breakers.empty() && health.latencyMs >= 0
            ? format::duration(qint64(health.latencyMs) * 1000)
            : QString();
        setText(u'@' + account.slug);
        setAccessibleName(u"%1, %2"_s.arg(text(), m_look.word));
        setToolTip(health.reason.isEmpty() ? QString() : plainToolTip(health.reason));
        update();
    }

    QSize sizeHint() const override { return {Metrics().px(200), Metrics().px(27)}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Metrics metrics;
        const auto of = [this](Role role) { return colour(role, palette()); };
        if (underMouse() || isDown())
            painter.fillRect(rect(), of(isDown() ? Role::Pressed : Role::Hover));
        painter.fillRect(QRect(0, 0, width(), 1), of(Role::Line));
        const int side = metrics.iconSmall();
        paintIcon(&painter, QRect(0, (height() - side) / 2, side, side), m_look.icon, of(m_look.role));
        QRect inner = rect().adjusted(side + metrics.px(space::kSmall), 0, 0, 0);
        item::paintText(&painter, inner, m_latency, of(Role::TextMuted), Qt::AlignRight);
        if (!m_latency.isEmpty())
            inner.adjust(0, 0, -metrics.px(58), 0);
        const int word = item::paintText(&painter, inner, m_look.word, of(m_look.role), Qt::AlignRight);
        inner.adjust(0, 0, -word - metrics.px(space::kSmall), 0);
        item::paintText(&painter, inner, text(), of(Role::Text));
        if (hasFocus())
            paintBox(&painter, rect(), {.radius = double(radius::kChip), .focusRing = true}, palette());
    }

    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            click();
        else
            QAbstractButton::keyPressEvent(event);
    }

private:
    HealthLook m_look;
    QString m_latency;
};

ProvidersCard::ProvidersCard(QWidget *parent)
    : Card(tr("Providers"), parent)
{
    auto *add = new LinkButton(tr("Add account"), this);
    add->setSize(TextSize::Data);
    add->setFlush();
    head()->addWidget(add);
    connect(add, &LinkButton::clicked, this,
            [this] { emit goTo({.panel = u"catalog"_s, .query = u"new"_s}); });
}

void ProvidersCard::setAccounts(const std::vector<control::Account> &accounts)
{
    if (m_rows && accounts == m_accounts)
        return;
    // Health changes with every call. The rows stay, and with them focus and hover.
    const bool same = m_rows
        && std::ranges::equal(accounts, m_accounts, {}, &control::Account::slug, &control::Account::slug);
    m_accounts = accounts;
    if (same) {
        const auto rows = m_rows->findChildren<QAbstractButton *>(u"account"_s);
        for (qsizetype i = 0; i < rows.size(); ++i)
            static_cast<Row *>(rows[i])->setAccount(accounts[size_t(i)]);
        return;
    }
    delete m_rows;
    m_rows = new QWidget(this);
    auto *column = new QVBoxLayout(m_rows);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (size_t i = 0; i < accounts.size() && i < kMostRows; ++i) {
        auto *row = new Row(accounts[i], m_rows);
        row->setObjectName(u"account"_s);
        column->addWidget(row);
        connect(row, &QAbstractButton::clicked, this, [this, slug = accounts[i].slug] {
            emit goTo({.panel = u"catalog"_s, .query = u"account:"_s + slug});
        });
    }
    if (accounts.size() > kMostRows) {
        auto *more = new LinkButton(tr("%1 more").arg(accounts.size() - kMostRows), m_rows);
        more->setSize(TextSize::Data);
        column->addWidget(more);
        connect(more, &LinkButton::clicked, this, [this] { emit goTo({.panel = u"catalog"_s}); });
    }
    column->addStretch(1);
    body()->addWidget(m_rows);
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/accountfacts.h"

#include "ui/catalog/providerkindmodel.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plaintext.h"

#include <QGridLayout>
#include <QMenu>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString hostOf(const QString &base_url)
{
    const QUrl url(base_url);
    return url.port() < 0 ? url.host() : url.host() + u':' + QString::number(url.port());
}

QString credentialWords(const control::Account &account)
{
    if (account.builtIn)
        return AccountFacts::tr("none needed");
    if (const QString profile = account.settings.value(kProfileSetting); !profile.isEmpty())
        return AccountFacts::tr("profile %1 in ~/.aws").arg(profile);
    if (account.credential.isEmpty())
        return AccountFacts::tr("none");
    // A short one shows no part of itself.
    return account.credential == u"..."_s ? AccountFacts::tr("sealed")
                                          : AccountFacts::tr("%1, sealed").arg(account.credential);
}

/// "region us-east-1, deployment prod"
QString settingWords(const control::Account &account)
{
    QStringList words;
    for (auto it = account.settings.begin(); it != account.settings.end(); ++it) {
        if (it.key() != kProfileSetting)
            words += QString(it.key()).replace(u'_', u' ') + u' ' + it.value();
    }
    return words.join(u", "_s);
}

QString modelWords(const control::Account &account, int models)
{
    if (!account.enabled)
        return AccountFacts::tr("not offered");
    const QString known = AccountFacts::tr("%1 known").arg(format::count(models));
    if (account.listed < 0)
        return known;
    return AccountFacts::tr("%1, %2 listed %3")
        .arg(known, format::count(account.listed),
             format::since(account.listedAt, QDateTime::currentDateTime()));
}

} // namespace

QString breakerWords(const control::Breaker &breaker, const QDateTime &now)
{
    constexpr qint64 kMinute_s = 60;
    const QString config
        = breaker.configName.isEmpty() ? AccountFacts::tr("a config sent with requests") : breaker.configName;
    const qint64 left_s = (now.msecsTo(breaker.trialAt) + 999) / 1000;
    const QString trial = left_s <= 0 ? AccountFacts::tr("the next call is its trial")
        : left_s < 2 * kMinute_s      ? AccountFacts::tr("trial in %1 s").arg(left_s)
                                      : AccountFacts::tr("trial in %1 min").arg(left_s / kMinute_s);
    return AccountFacts::tr("Breaker of %1, %2 (%3): open since %4, %5.")
        .arg(config, breaker.pointer.isEmpty() ? AccountFacts::tr("its only target") : breaker.pointer,
             breaker.target, format::since(breaker.since, now), trial);
}

AccountFacts::AccountFacts(QMenu *more, QWidget *parent)
    : QWidget(parent)
{
    const Metrics metrics;
    setAccessibleName(tr("Chosen account"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kPanel),
                               metrics.px(space::kPanel), metrics.px(space::kPanel));
    column->setSpacing(metrics.px(space::kSmall));
    auto *head = new QHBoxLayout;
    m_slug = new ElidedLabel(this);
    m_slug->setSize(TextSize::Body, Weight::Strong);
    m_more = new IconButton(Icon::More, tr("More"), this);
    // No setMenu(): it would paint an arrow into the three dots.
    connect(m_more, &IconButton::clicked, this,
            [this, more] { more->popup(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
    head->addWidget(m_slug, 1);
    head->addWidget(m_more);
    column->addLayout(head);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(metrics.px(space::kPanel));
    grid->setVerticalSpacing(metrics.px(space::kTight));
    grid->setColumnStretch(1, 1);
    m_credential = addFact(grid, tr("Credential"));
    m_address = addFact(grid, tr("Address"));
    m_settings = addFact(grid, tr("Settings"));
    m_models = addFact(grid, tr("Models"));
    column->addLayout(grid);
    m_notice = new PlainLabel(this);
    m_notice->setObjectName(u"accountNotice"_s);
    m_notice->setSize(TextSize::Data);
    m_notice->setWordWrap(true);
    m_notice->setSelectable();
    column->addWidget(m_notice);
    m_breakerWords = new PlainLabel(this);
    m_breakerWords->setObjectName(u"breakers"_s);
    m_breakerWords->setSize(TextSize::Data);
    m_breakerWords->setRole(Role::Error);
    m_breakerWords->setWordWrap(true);
    m_breakerWords->setSelectable();
    m_breakerWords->hide();
    column->addWidget(m_breakerWords);
    m_closeBreakers = new QPushButton(this);
    m_closeBreakers->setObjectName(u"closeBreakers"_s);
    m_closeBreakers->setToolTip(plainToolTip(tr("The next request is sent there again at once.")));
    m_closeBreakers->hide();
    column->addWidget(m_closeBreakers, 0, Qt::AlignLeft);
    connect(m_closeBreakers, &QPushButton::clicked, this, &AccountFacts::closeBreakersRequested);
    m_countdown.setInterval(1000);
    connect(&m_countdown, &QTimer::timeout, this, &AccountFacts::sayBreakers);
    auto *row = new QHBoxLayout;
    row->setSpacing(metrics.px(space::kGroup));
    m_test = new QPushButton(tr("Test"), this);
    m_rotate = new QPushButton(tr("Rotate..."), this);
    m_sync = new QPushButton(tr("Sync..."), this);
    m_sync->setToolTip(plainToolTip(tr("Compares the provider's own list of models with the accepted one.")));
    row->addWidget(m_test);
    row->addWidget(m_sync);
    row->addWidget(m_rotate);
    row->addStretch();
    column->addLayout(row);
    connect(m_test, &QPushButton::clicked, this, &AccountFacts::testRequested);
    connect(m_sync, &QPushButton::clicked, this, &AccountFacts::syncRequested);
    connect(m_rotate, &QPushButton::clicked, this, &AccountFacts::rotateRequested);
}

AccountFacts::Fact AccountFacts::addFact(QGridLayout *grid, const QString &name)
{
    const int row = grid->rowCount();
    auto *label = new PlainLabel(name, this);
    label->setSize(TextSize::Data);
    label->setRole(Role::TextMuted);
    auto *value = new PlainLabel(this);
    value->setSize(TextSize::Data);
    value->setWordWrap(true);
    value->setSelectable();
    value->setAccessibleName(name);
    grid->addWidget(label, row, 0, Qt::AlignTop);
    grid->addWidget(value, row, 1);
    return {.name = label, .value = value};
}

void AccountFacts::say(const Fact &fact, const QString &value)
{
    fact.value->setText(value);
    fact.name->setVisible(!value.isEmpty());
    fact.value->setVisible(!value.isEmpty());
}

void AccountFacts::setAccount(const control::Account &account, int models)
{
    m_slug->setText(u'@' + account.slug);
    m_more->setVisible(!account.builtIn);
    m_rotate->setVisible(!account.builtIn);
    m_test->setEnabled(account.enabled);
    m_sync->setVisible(!account.builtIn);
    m_sync->setEnabled(account.enabled);
    say(m_credential, credentialWords(account));
    say(m_address, account.builtIn ? tr("inside this program") : hostOf(account.baseUrl));
    say(m_settings, settingWords(account));
    say(m_models, modelWords(account, models));
    const QString notice = account.notice.isEmpty() ? account.health.reason : account.notice;
    m_notice->setText(notice);
    m_notice->setRole(account.health.state == control::AccountHealth::State::Failing ? Role::Error
                                                                                     : Role::Warning);
    m_notice->setVisible(!notice.isEmpty());
    m_breakers = account.breakers;
    m_breakerWords->setVisible(!m_breakers.empty());
    m_closeBreakers->setVisible(!m_breakers.empty());
    m_closeBreakers->setText(m_breakers.size() > 1 ? tr("Close the breakers now")
                                                   : tr("Close the breaker now"));
    sayBreakers();
}

void AccountFacts::sayBreakers()
{
    constexpr size_t kMostShown = 3;
    const QDateTime now = QDateTime::currentDateTime();
    QStringList lines;
    for (size_t i = 0; i < std::min(m_breakers.size(), kMostShown); ++i)
        lines += breakerWords(m_breakers[i], now);
    if (m_breakers.size() > kMostShown)
        lines += tr("And %n more.", nullptr, int(m_breakers.size() - kMostShown));
    m_breakerWords->setText(lines.join(u'\n'));
    const bool waits = std::ranges::any_of(
        m_breakers, [&](const control::Breaker &breaker) { return breaker.trialAt > now; });
    if (waits != m_countdown.isActive())
        waits ? m_countdown.start() : m_countdown.stop();
}

void AccountFacts::setTest(const QString &words, Role role, bool running)
{
    m_test->setEnabled(!running);
    m_notice->setText(words);
    m_notice->setRole(role);
    m_notice->setVisible(!words.isEmpty());
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/accountfacts.h"

#include "ui/catalog/providerkindmodel.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QMenu>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

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
    auto *row = new QHBoxLayout;
    row->setSpacing(metrics.px(space::kGroup));
    m_test = new QPushButton(tr("Test"), this);
    m_rotate = new QPushButton(tr("Rotate..."), this);
    row->addWidget(m_test);
    row->addWidget(m_rotate);
    row->addStretch();
    column->addLayout(row);
    connect(m_test, &QPushButton::clicked, this, &AccountFacts::testRequested);
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
    say(m_credential, credentialWords(account));
    say(m_address, account.builtIn ? tr("inside this program") : hostOf(account.baseUrl));
    say(m_settings, settingWords(account));
    say(m_models, modelWords(account, models));
    const QString notice = account.notice.isEmpty() ? account.health.reason : account.notice;
    m_notice->setText(notice);
    m_notice->setRole(account.health.state == control::AccountHealth::State::Failing ? Role::Error
                                                                                     : Role::Warning);
    m_notice->setVisible(!notice.isEmpty());
}

void AccountFacts::setTest(const QString &words, Role role, bool running)
{
    m_test->setEnabled(!running);
    m_notice->setText(words);
    m_notice->setRole(role);
    m_notice->setVisible(!words.isEmpty());
}

} // namespace portolan::ui

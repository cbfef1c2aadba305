// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyspanel.h"

#include "ui/keys/clientkeypage.h"
#include "ui/keys/connectpage.h"
#include "ui/keys/limitwords.h"
#include "ui/keys/virtualkeypage.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr std::size_t kMostFindings = 20;

} // namespace

KeysPanel::KeysPanel(control::Control &control, QWidget *parent)
    : Panel(parent)
    , m_control(&control)
    , m_tabs(new QTabBar(this))
    , m_pages(new QStackedWidget(this))
    , m_banner(new Banner(this))
    , m_clients(new ClientKeyPage(control, m_pages))
    , m_virtuals(new VirtualKeyPage(control, m_pages))
    , m_connect(new ConnectPage(control, m_pages))
{
    adopt(m_clients);
    adopt(m_virtuals);
    m_pages->addWidget(m_connect);
    createTabs();
    const Metrics metrics;
    auto *tabs = new QHBoxLayout;
    tabs->setContentsMargins(metrics.px(space::kSmall), metrics.px(space::kTight), metrics.px(space::kSmall),
                             0);
    tabs->addWidget(m_tabs);
    tabs->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(tabs);
    column->addWidget(new Rule(Qt::Horizontal, this));
    column->addWidget(m_banner);
    column->addWidget(m_pages, 1);
    setTabOrder(m_tabs, m_pages);

    connect(m_clients, &ClientKeyPage::connectProgram, this, [this] { m_tabs->setCurrentIndex(Connect); });
    connect(m_connect, &ConnectPage::newKey, this, [this] { visit({.panel = id(), .query = u"new"_s}); });
    connect(&control, &control::Control::clientKeysChanged, this, &KeysPanel::countKeys);
    connect(&control, &control::Control::virtualKeysChanged, this, &KeysPanel::countKeys);
    countKeys();
    showTab(Clients);
}

void KeysPanel::adopt(KeyPage *page)
{
    m_pages->addWidget(page);
    connect(page, &KeyPage::goTo, this, &Panel::goTo);
    connect(page, &KeyPage::toast, this, &Panel::toast);
    connect(page, &KeyPage::stateChanged, this, &Panel::stateChanged);
    connect(page, &KeyPage::failed, this,
            [this](const QString &why) { m_banner->say(Banner::Kind::Error, why); });
    connect(page, &KeyPage::succeeded, m_banner, &Banner::clear);
}

void KeysPanel::createTabs()
{
    m_tabs->setObjectName(u"tabs"_s);
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Parts of Keys"));
    m_tabs->addTab(tr("Client keys"));
    m_tabs->addTab(tr("Virtual keys"));
    m_tabs->addTab(tr("Connect"));
    const auto turn = [this](const QString &text, const QString &key, int by) {
        auto *action = new QAction(text, this);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, [this, by] {
            m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + m_tabs->count()) % m_tabs->count());
            m_pages->currentWidget()->setFocus();
        });
        return action;
    };
    m_nextTab = turn(tr("Next tab"), u"Ctrl+PgDown"_s, 1);
    m_lastTab = turn(tr("Previous tab"), u"Ctrl+PgUp"_s, -1);
    setMenuPlace(m_nextTab, MenuPlace::View);
    setMenuPlace(m_lastTab, MenuPlace::View);
    connect(m_tabs, &QTabBar::currentChanged, this, &KeysPanel::showTab);
}

void KeysPanel::showTab(int tab)
{
    // The tab bar lends the page's commands their keys while it has the focus.
    for (QAction *action : m_tabs->actions())
        m_tabs->removeAction(action);
    m_pages->setCurrentIndex(tab);
    if (const KeyPage *page = currentKeys())
        m_tabs->addActions(page->commands());
    setFocusProxy(m_pages->currentWidget());
    m_banner->clear();
    emit commandsChanged();
    emit stateChanged();
    emit placeChanged();
}

KeyPage *KeysPanel::currentKeys() const
{
    return qobject_cast<KeyPage *>(m_pages->currentWidget());
}

void KeysPanel::countKeys()
{
    // What follows the tabulator is shown muted.
    m_tabs->setTabText(Clients, tr("Client keys") + u'\t' + format::count(m_clients->keys()));
    m_tabs->setTabText(Virtuals, tr("Virtual keys") + u'\t' + format::count(m_virtuals->keys()));
}

QList<QAction *> KeysPanel::commands() const
{
    QList<QAction *> commands;
    if (const KeyPage *page = currentKeys())
        commands = page->commands();
    return commands + QList<QAction *>{m_nextTab, m_lastTab};
}

QString KeysPanel::help() const
{
    return tr(
        "A client key says who calls: each program gets one, with the config its requests take and what "
        "it may spend. A virtual key says what may be called: a slug that leads to an account, with its "
        "own budget and limits. Connect has what to paste into each program.");
}

void KeysPanel::focusFind()
{
    if (KeyPage *page = currentKeys())
        page->focusFind();
    else
        m_connect->setFocus();
}

void KeysPanel::refresh()
{
    if (KeyPage *page = currentKeys())
        page->refresh();
}

void KeysPanel::visit(const Place &place)
{
    const QString what = place.query.section(u':', 0, 0);
    const QString which = place.query.section(u':', 1);
    if (what == "new"_L1 || what == "client"_L1 || what == "clients"_L1) {
        m_tabs->setCurrentIndex(Clients);
        if (what == "new"_L1)
            m_clients->newKey();
        else if (!which.isEmpty())
            m_clients->show(ClientKeyId{which.toLongLong()});
    } else if (what == "new-slug"_L1 || what == "virtual"_L1 || what == "virtuals"_L1) {
        m_tabs->setCurrentIndex(Virtuals);
        if (what == "new-slug"_L1)
            m_virtuals->newSlug();
        else if (!which.isEmpty())
            m_virtuals->show(which);
    } else if (what == "connect"_L1) {
        m_tabs->setCurrentIndex(Connect);
        m_connect->choose(which);
    }
    m_pages->currentWidget()->setFocus();
}

Place KeysPanel::place() const
{
    switch (m_tabs->currentIndex()) {
    case Virtuals: return {.panel = id(), .query = u"virtuals"_s};
    case Connect: return {.panel = id(), .query = u"connect"_s};
    default: return {.panel = id(), .query = u"clients"_s};
    }
}

QJsonObject KeysPanel::saveState() const
{
    return {{u"tab"_s, m_tabs->currentIndex()},
            {u"clients"_s, m_clients->saveState()},
            {u"virtuals"_s, m_virtuals->saveState()}};
}

void KeysPanel::restoreState(const QJsonObject &state)
{
    m_tabs->setCurrentIndex(std::clamp(state[u"tab"_s].toInt(), 0, m_tabs->count() - 1));
    m_clients->restoreState(state[u"clients"_s].toObject());
    m_virtuals->restoreState(state[u"virtuals"_s].toObject());
}

std::vector<Finding> KeysPanel::find(const QString &text) const
{
    std::vector<Finding> found;
    const bool onlySlugs = text.startsWith(u'@');
    const bool onlyKeys = text.startsWith(u"k:");
    const QString wanted = onlySlugs ? text.mid(1) : onlyKeys ? text.mid(2).trimmed() : text;
    if (!m_control || (wanted.isEmpty() && !onlyKeys))
        return found;
    if (!onlySlugs) {
        for (const control::ClientKeyInfo &key : m_control->clientKeys()) {
            if (found.size() == kMostFindings)
                return found;
            if (key.name.contains(wanted, Qt::CaseInsensitive))
                found.push_back({.group = tr("Client keys"),
                                 .icon = Icon::Key,
                                 .text = key.name,
                                 .detail = key.lastFour + u", "_s + lookOf(key.state).word,
                                 .place = {.panel = id(), .query = u"client:%1"_s.arg(key.id.value)}});
        }
    }
    for (const control::VirtualKey &key : m_control->virtualKeys()) {
        if (found.size() == kMostFindings)
            return found;
        if (!key.first && key.slug.contains(wanted, Qt::CaseInsensitive))
            found.push_back({.group = tr("Virtual keys"),
                             .icon = Icon::Key,
                             .text = u'@' + key.slug,
                             .detail = key.providerName + u", "_s + lookOf(key.state).word,
                             .place = {.panel = id(), .query = u"virtual:"_s + key.slug}});
    }
    return found;
}

} // namespace portolan::ui

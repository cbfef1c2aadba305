// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/catalogpanel.h"

#include "ui/catalog/accountdialogs.h"
#include "ui/catalog/accountfacts.h"
#include "ui/catalog/addaccountdialog.h"
#include "ui/catalog/modeldelegate.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// Words of control::ModelInfo::caps, in the order of the chips.
constexpr QLatin1StringView kCaps[] = {"vision"_L1, "tools"_L1, "JSON"_L1, "reasoning"_L1, "embeddings"_L1};

constexpr int kModelWidths[] = {236, 300, 64, 68, 68, 68, 80, 40}; // px at 100 %

} // namespace

CatalogPanel::CatalogPanel(control::Control &control, QWidget *parent)
    : Panel(parent)
    , m_control(&control)
    , m_accounts(new AccountListModel(this))
    , m_models(new ModelTableModel(this))
    , m_found(new ModelFilter(m_models, this))
{
    createActions();
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(createAccounts());
    m_splitter->addWidget(createModels());
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    const Metrics metrics;
    m_splitter->setSizes({metrics.px(240), metrics.px(960)});
    m_banner = new Banner(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_splitter, 1);

    connect(m_control, &control::Control::accountsChanged, this, &CatalogPanel::onAccountsChanged);
    connect(m_control, &control::Control::modelsChanged, this, &CatalogPanel::takeModels);
    connect(m_control, &control::Control::configsChanged, this, &CatalogPanel::takeModels);
    connect(m_splitter, &QSplitter::splitterMoved, this, &Panel::stateChanged);
    setFocusProxy(m_list);
    refresh();
}

CatalogPanel::~CatalogPanel() = default;

QWidget *CatalogPanel::createAccounts()
{
    const Metrics metrics;
    auto *side = new QWidget(this);
    side->setMinimumWidth(metrics.px(200));
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins({});
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kTight), metrics.px(space::kGroup),
                             metrics.px(space::kTight));
    auto *title = new PlainLabel(tr("Provider accounts"), side);
    title->setSize(TextSize::Data, Weight::Strong);
    auto *add = new IconButton(Icon::Plus, tr("Add account (Ctrl+N)"), side);
    add->setObjectName(u"addAccount"_s);
    connect(add, &IconButton::clicked, this, &CatalogPanel::addAccount);
    head->addWidget(title, 1);
    head->addWidget(add);
    column->addLayout(head);
    column->addWidget(new Rule(Qt::Horizontal, side));
    m_list = new QListView(side);
    m_list->setObjectName(u"accounts"_s);
    m_list->setAccessibleName(tr("Provider accounts"));
    m_list->setModel(m_accounts);
    auto *delegate = new TwoLineDelegate(m_list);
    delegate->setRowHeight(56);
    m_list->setItemDelegate(delegate);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list, 1);
    column->addWidget(new Rule(Qt::Horizontal, side));
    m_accountMenu = new QMenu(this);
    m_accountMenu->addActions({m_testAction, m_syncAction, m_addModelAction, m_rotateAction, m_editAction,
                               m_accountLogsAction, m_breakerAction, m_toggleAction, m_removeAction});
    m_facts = new AccountFacts(m_accountMenu, side);
    column->addWidget(m_facts);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &CatalogPanel::showAccount);
    connect(m_list, &QListView::customContextMenuRequested, this,
            [this](const QPoint &at) { m_accountMenu->popup(m_list->viewport()->mapToGlobal(at)); });
    connect(m_facts, &AccountFacts::testRequested, this, &CatalogPanel::testAccount);
    connect(m_facts, &AccountFacts::rotateRequested, this, &CatalogPanel::rotateAccount);
    connect(m_facts, &AccountFacts::syncRequested, this, &CatalogPanel::syncModels);
    connect(m_facts, &AccountFacts::closeBreakersRequested, this, &CatalogPanel::closeBreakers);
    return side;
}

QWidget *CatalogPanel::createModelTools()
{
    const Metrics metrics;
    auto *bar = new QWidget(this);
    bar->setFixedHeight(metrics.toolbar());
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics.px(space::kPanel), 0, metrics.px(space::kPanel), 0);
    row->setSpacing(metrics.px(space::kGroup));
    m_search = new QLineEdit(bar);
    m_search->setObjectName(u"modelSearch"_s);
    m_search->setPlaceholderText(tr("Search models"));
    m_search->setAccessibleName(tr("Search models"));
    m_search->addAction(lineIcon(Icon::Search, Role::TextMuted), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(metrics.px(230));
    row->addWidget(m_search, 1);
    const auto addChip = [&](const QString &word) {
        auto *chip = new QToolButton(bar);
        chip->setText(word);
        chip->setCheckable(true);
        setTextSize(chip, TextSize::Data);
        connect(chip, &QToolButton::toggled, this, &CatalogPanel::applyChips);
        row->addWidget(chip);
        return chip;
    };
    m_onlyAccount = addChip(QString());
    m_onlyAccount->setToolTip(tr("Only models of the chosen account"));
    for (const QLatin1StringView cap : kCaps)
        m_chips += addChip(cap);
    m_count = new PlainLabel(bar);
    m_count->setObjectName(u"modelCount"_s);
    m_count->setSize(TextSize::Data);
    m_count->setRole(Role::TextMuted);
    row->addStretch();
    row->addWidget(m_count);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_found->setSearch(text);
        updateCount();
    });
    return bar;
}

QWidget *CatalogPanel::createModels()
{
    const Metrics metrics;
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(createModelTools());
    column->addWidget(new Rule(Qt::Horizontal, page));
    m_stack = new QStackedWidget(page);
    m_table = new QTableView(m_stack);
    m_table->setObjectName(u"models"_s);
    m_table->setAccessibleName(tr("Models"));
    m_table->setModel(m_found);
    m_table->setItemDelegate(new ModelDelegate(m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    m_table->setMouseTracking(true);
    m_table->viewport()->installEventFilter(this);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(metrics.rowTwoLines());
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    for (int i = 0; i < ModelTableModel::kColumns; ++i)
        header->resizeSection(i, metrics.px(kModelWidths[i]));
    header->setSectionResizeMode(ModelTableModel::Slug, QHeaderView::Stretch);
    connect(header, &QHeaderView::sectionResized, this, [this, header] {
        if (QGuiApplication::mouseButtons().testFlag(Qt::LeftButton) && header->underMouse())
            m_fitting = false; // the person's own widths stay
    });
    m_nothing = new EmptyState(m_stack);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_nothing);
    column->addWidget(m_stack, 1);
    column->addWidget(new Rule(Qt::Horizontal, page));
    m_foot = new PlainLabel(page);
    m_foot->setObjectName(u"prices"_s);
    m_foot->setSize(TextSize::Data);
    m_foot->setRole(Role::TextMuted);
    m_foot->setContentsMargins(metrics.px(space::kPanel), metrics.px(5), metrics.px(space::kPanel),
                               metrics.px(5));
    column->addWidget(m_foot);
    connect(m_table, &QTableView::customContextMenuRequested, this, &CatalogPanel::showModelMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        updateModelActions();
        m_table->viewport()->update(); // the copy mark moves with the current row
    });
    return page;
}

void CatalogPanel::refresh()
{
    takeAccounts();
    takeModels();
}

void CatalogPanel::onAccountsChanged()
{
    takeAccounts();
    // Health changes with every call; the models only with the accounts that offer them and what those list.
    if (offers() != m_modelsOf)
        takeModels();
}

std::vector<CatalogPanel::ModelsOf> CatalogPanel::offers() const
{
    std::vector<ModelsOf> offers;
    for (int row = 0; row < m_accounts->rowCount(); ++row) {
        const control::Account &account = m_accounts->account(row);
        if (account.enabled)
            offers.push_back({.slug = account.slug, .listed = account.listedAt});
    }
    return offers;
}

void CatalogPanel::takeAccounts()
{
    if (!m_control)
        return;
    const AccountId chosen = m_chosen;
    const bool first = !m_list->currentIndex().isValid();
    m_accounts->setAccounts(m_control->accounts());
    const int row = m_accounts->rowOf(chosen);
    if (first || !m_list->currentIndex().isValid())
        m_list->setCurrentIndex(m_accounts->index(std::max(first ? 0 : row, 0)));
    showAccount();
}

void CatalogPanel::takeModels()
{
    if (!m_control)
        return;
    const QString current = currentReference();
    const int scrolled = m_table->verticalScrollBar()->value();
    m_modelsOf = offers();
    m_models->setModels(m_control->models());
    updateFoot();
    for (int row = 0; !current.isEmpty() && row < m_found->rowCount(); ++row) {
        const QModelIndex index = m_found->index(row, 0);
        if (index.data(ModelTableModel::ReferenceRole).toString() == current)
            m_table->setCurrentIndex(index);
    }
    showAccount();
    applyChips();
    updateModelActions();
    m_table->verticalScrollBar()->setValue(scrolled);
}

const control::Account *CatalogPanel::currentAccount() const
{
    const QModelIndex current = m_list->currentIndex();
    return current.isValid() ? &m_accounts->account(current.row()) : nullptr;
}

QString CatalogPanel::currentReference() const
{
    return m_table->currentIndex().data(ModelTableModel::ReferenceRole).toString();
}

void CatalogPanel::showAccount()
{
    const control::Account *account = currentAccount();
    m_facts->setVisible(account != nullptr);
    for (QAction *action : {m_testAction, m_syncAction, m_addModelAction, m_rotateAction, m_editAction,
                            m_toggleAction, m_removeAction})
        action->setEnabled(account && (!account->builtIn || action == m_testAction));
    if (!account)
        return;
    if (m_chosen != account->id) {
        ++m_testGeneration; // a test of the account before says nothing about this one
        m_test.reset();
    }
    m_breakerAction->setEnabled(!account->breakers.empty());
    m_chosen = account->id;
    int models = 0;
    for (int row = 0; row < m_models->rowCount(); ++row)
        models += m_models->model(row).slug == account->slug ? 1 : 0;
    m_facts->setAccount(*account, models);
    if (m_test)
        m_facts->setTest(m_test->words, m_test->role, m_test->running);
    m_onlyAccount->setText(tr("@%1 only").arg(account->slug));
    m_toggleAction->setText(account->enabled ? tr("Disable the account") : tr("Enable the account"));
    if (m_onlyAccount->isChecked())
        applyChips();
}

void CatalogPanel::showTest(Test test)
{
    m_facts->setTest(test.words, test.role, test.running);
    m_test = std::move(test);
}

void CatalogPanel::applyChips()
{
    QStringList caps;
    for (const QToolButton *chip : std::as_const(m_chips)) {
        if (chip->isChecked())
            caps += chip->text();
    }
    const control::Account *account = currentAccount();
    m_found->setCapabilities(caps);
    m_found->setSlug(m_onlyAccount->isChecked() && account ? account->slug : QString());
    updateCount();
}

void CatalogPanel::updateCount()
{
    const int shownRows = m_found->rowCount();
    const int all = m_models->rowCount();
    m_count->setText(tr("%1 of %2 models").arg(format::count(shownRows), format::count(all)));
    if (all == 0) {
        m_nothing->say(tr("No model can be called. Add an account, or enable one."), {},
                       {{.text = tr("Add account"), .go = [this] { addAccount(); }, .main = true}});
    } else if (shownRows == 0) {
        m_nothing->say(tr("No model matches this search."), {},
                       {{.text = tr("Show all models"), .go = [this] { showAllModels(); }, .main = true}});
    }
    m_stack->setCurrentWidget(shownRows > 0 ? static_cast<QWidget *>(m_table) : m_nothing);
}

void CatalogPanel::showAllModels()
{
    m_search->clear();
    m_onlyAccount->setChecked(false);
    for (QToolButton *chip : std::as_const(m_chips))
        chip->setChecked(false);
    m_table->setFocus();
}

void CatalogPanel::updateFoot()
{
    const std::string_view day = m_control->catalog()->asOf();
    QString words
        = tr("Prices of %1 from the built-in list, $ per million tokens. \"~\" is an estimate, \"-\" "
             "not known.")
              .arg(QString::fromUtf8(day.data(), qsizetype(day.size())));
    if (const int own = m_models->ownPrices(); own > 0)
        words += u' ' + tr("%1 with a price of your own.").arg(format::count(own));
    m_foot->setText(words);
}

void CatalogPanel::fitModels()
{
    // The slug repeats the model's name and more, so it gets the larger part of what the numbers leave.
    if (!m_fitting)
        return;
    QHeaderView *header = m_table->horizontalHeader();
    // Of the room there is now: the header hears of it after this.
    int both = m_table->viewport()->width();
    for (int i = ModelTableModel::Context; i < ModelTableModel::kColumns; ++i)
        both -= header->sectionSize(i);
    const Metrics metrics;
    header->resizeSection(ModelTableModel::Model, std::clamp(both * 2 / 5, metrics.px(160), metrics.px(380)));
}

bool CatalogPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport() && event->type() == QEvent::Resize)
        fitModels();
    if (watched == m_table->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const QPoint at = static_cast<QMouseEvent *>(event)->position().toPoint();
        const QModelIndex under = m_table->indexAt(at);
        if (under.column() == ModelTableModel::Slug
            && ModelDelegate::copyMark(m_table->visualRect(under)).contains(at)) {
            m_table->setCurrentIndex(under);
            copyReference();
        }
        if (under.column() == ModelTableModel::On
            && ModelDelegate::checkBox(m_table->visualRect(under)).contains(at)) {
            m_table->setCurrentIndex(under);
            toggleModel();
        }
    }
    return Panel::eventFilter(watched, event);
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/addaccountdialog.h"

#include "ui/catalog/credentialpicker.h"
#include "ui/catalog/kinddelegate.h"
#include "ui/catalog/offerlist.h"
#include "ui/catalog/settingsform.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/icon.h"
#include "ui/theme/roles.h"
#include "ui/theme/style.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formgrid.h"

#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>

using namespace Qt::StringLiterals;

namespace portolan::ui {

AddAccountDialog::AddAccountDialog(control::Control &control, QWidget *parent)
    : QDialog(parent)
    , m_control(&control)
    , m_kinds(new ProviderKindModel(providerKinds(*control.catalog()), this))
    , m_found(new QSortFilterProxyModel(this))
{
    setWindowTitle(tr("Add provider account"));
    const Metrics metrics;
    resize(metrics.px(832), metrics.px(560));
    m_found->setSourceModel(m_kinds);
    m_found->setFilterCaseSensitivity(Qt::CaseInsensitive);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(createKinds());
    row->addWidget(new Rule(Qt::Vertical, this));
    row->addWidget(createForm(), 1);
    column->addLayout(row, 1);
    column->addWidget(new Rule(Qt::Horizontal, this));
    column->addWidget(createFooter());

    m_list->setCurrentIndex(m_found->index(0, 0));
    findOffers();
    m_search->setFocus();
}

AddAccountDialog::~AddAccountDialog() = default;

QWidget *AddAccountDialog::createKinds()
{
    const Metrics metrics;
    auto *side = new QWidget(this);
    setFillRole(side, Role::Base);
    side->setFixedWidth(metrics.px(236));
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, metrics.px(space::kSmall), 0, 0);
    column->setSpacing(metrics.px(space::kSmall));
    m_search = new QLineEdit(side);
    m_search->setObjectName(u"kindSearch"_s);
    m_search->setPlaceholderText(tr("Search %1 kinds").arg(format::count(m_kinds->rowCount())));
    m_search->setAccessibleName(tr("Search the kinds of accounts"));
    m_search->addAction(lineIcon(Icon::Search, Role::TextMuted), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    auto *inset = new QHBoxLayout;
    inset->setContentsMargins(metrics.px(space::kSmall), 0, metrics.px(space::kSmall), 0);
    inset->addWidget(m_search);
    column->addLayout(inset);
    m_list = new QListView(side);
    m_list->setObjectName(u"kinds"_s);
    m_list->setAccessibleName(tr("Kinds of accounts"));
    m_list->setModel(m_found);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setItemDelegate(new KindDelegate(m_list));
    column->addWidget(m_list, 1);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_found->setFilterFixedString(text);
        if (!m_list->currentIndex().isValid())
            m_list->setCurrentIndex(m_found->index(0, 0));
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &AddAccountDialog::chooseKind);
    return side;
}

QWidget *AddAccountDialog::createForm()
{
    const Metrics metrics;
    // Larger letters, longer words and an answer under them must not push the buttons off the screen.
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *form = new QWidget(scroll);
    scroll->setWidget(form);
    setFillRole(form, Role::Window);
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(metrics.px(18), metrics.px(space::kCard), metrics.px(18),
                               metrics.px(space::kPanel));
    column->setSpacing(metrics.px(space::kPanel));
    m_error = new Banner(form);
    m_offers = new OfferList(form);
    column->addWidget(m_error);
    column->addWidget(m_offers);
    column->addWidget(createHead(form));
    column->addWidget(createFields(form));
    m_result = new TestCard(form);
    column->addWidget(m_result);
    column->addStretch();
    connect(m_offers, &OfferList::chosen, this, &AddAccountDialog::takeOffer);
    return scroll;
}

QWidget *AddAccountDialog::createHead(QWidget *form)
{
    auto *head = new QWidget(form);
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kHair));
    m_title = new PlainLabel(head);
    m_title->setSize(TextSize::Title, Weight::Strong);
    m_host = formNote({}, head);
    m_host->setObjectName(u"host"_s);
    column->addWidget(m_title);
    column->addWidget(m_host);
    return head;
}

QWidget *AddAccountDialog::createFields(QWidget *form)
{
    m_fields = new QWidget(form);
    auto *column = new QVBoxLayout(m_fields);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kPanel));
    m_settings = new SettingsForm(m_fields);
    m_credential = new CredentialPicker(*m_control, [this] { return settings(); }, m_fields);
    m_more = new LinkButton(QString(), m_fields);
    m_more->setObjectName(u"more"_s);
    m_more->setFlush(Qt::AlignLeft);
    column->addWidget(m_settings);
    column->addWidget(createAddress(m_fields));
    column->addWidget(m_credential);
    column->addWidget(createSlug(m_fields));
    column->addWidget(m_more, 0, Qt::AlignLeft);
    column->addWidget(createExtra(m_fields));
    connect(m_more, &LinkButton::clicked, this, [this] { setMoreShown(m_extra->isHidden()); });
    connect(m_credential, &CredentialPicker::edited, this, &AddAccountDialog::forgetTest);
    connect(m_address, &QLineEdit::textEdited, this, &AddAccountDialog::forgetTest);
    for (const SettingsForm *settings : {m_settings, m_rare})
        connect(settings, &SettingsForm::edited, this, &AddAccountDialog::forgetTest);
    connect(m_slug, &QLineEdit::textEdited, this, [this] {
        m_slugEdited = true;
        checkSlug();
    });
    return m_fields;
}

QWidget *AddAccountDialog::createAddress(QWidget *form)
{
    m_addressRow = new QWidget(form);
    m_address = new QLineEdit(m_addressRow);
    m_address->setObjectName(u"address"_s);
    addFormRow(formGrid(m_addressRow), 0, tr("Address"), m_address);
    return m_addressRow;
}

QWidget *AddAccountDialog::createSlug(QWidget *form)
{
    const Metrics metrics;
    auto *part = new QWidget(form);
    auto *line = new QWidget(part);
    m_slug = new QLineEdit(line);
    m_slug->setObjectName(u"slug"_s);
    m_slug->setMaxLength(63);
    m_slug->setFixedWidth(metrics.px(220));
    m_slug->setAccessibleName(tr("Slug"));
    m_slugState = new StateLabel(line);
    m_slugNote = formNote({}, part);
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins({});
    row->setSpacing(metrics.px(space::kSmall));
    row->addWidget(new PlainLabel(u"@"_s, line));
    row->addWidget(m_slug);
    row->addWidget(m_slugState);
    row->addStretch();
    line->setFocusProxy(m_slug);
    QGridLayout *grid = formGrid(part);
    addFormRow(grid, 0, tr("Slug"), line)->setBuddy(m_slug);
    grid->addWidget(m_slugNote, 1, 1);
    return part;
}

QWidget *AddAccountDialog::createExtra(QWidget *form)
{
    m_extra = new QWidget(form);
    auto *column = new QVBoxLayout(m_extra);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kPanel));
    auto *line = new QWidget(m_extra);
    m_name = new QLineEdit(line);
    m_name->setObjectName(u"name"_s);
    m_name->setPlaceholderText(tr("shown instead of the slug"));
    addFormRow(formGrid(line), 0, tr("Name"), m_name);
    m_rare = new SettingsForm(m_extra);
    column->addWidget(line);
    column->addWidget(m_rare);
    return m_extra;
}

QWidget *AddAccountDialog::createFooter()
{
    const Metrics metrics;
    auto *footer = new QWidget(this);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(metrics.px(14), metrics.px(10), metrics.px(14), metrics.px(10));
    row->setSpacing(metrics.px(space::kSmall));
    m_test = new QPushButton(tr("Test"), footer);
    m_test->setObjectName(u"test"_s);
    m_testNote = formNote({}, footer);
    auto *cancel = new QPushButton(tr("Cancel"), footer);
    m_save = new QPushButton(tr("Save account"), footer);
    m_save->setObjectName(u"save"_s);
    m_save->setDefault(true);
    setMainAction(m_save);
    row->addWidget(m_test);
    row->addWidget(m_testNote, 1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    connect(m_test, &QPushButton::clicked, this, &AddAccountDialog::test);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &AddAccountDialog::save);
    return footer;
}

} // namespace portolan::ui

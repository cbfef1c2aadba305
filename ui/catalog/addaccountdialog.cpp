// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/addaccountdialog.h"

#include "ui/catalog/credentialfield.h"
#include "ui/catalog/kinddelegate.h"
#include "ui/catalog/offerlist.h"
#include "ui/catalog/settingsform.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/theme/style.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSortFilterProxyModel>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QGridLayout *formGrid(QWidget *on)
{
    const Metrics metrics;
    auto *grid = new QGridLayout(on);
    grid->setContentsMargins({});
    grid->setHorizontalSpacing(metrics.px(space::kPanel));
    grid->setVerticalSpacing(metrics.px(space::kGroup));
    grid->setColumnMinimumWidth(0, metrics.px(92));
    grid->setColumnStretch(1, 1);
    return grid;
}

} // namespace

AddAccountDialog::AddAccountDialog(control::Control &control, QWidget *parent)
    : QDialog(parent)
    , m_control(&control)
    , m_kinds(new ProviderKindModel(providerKinds(*control.catalog()), this))
    , m_found(new QSortFilterProxyModel(this))
{
    setWindowTitle(tr("Add provider account"));
    const Metrics metrics;
    resize(metrics.px(780), metrics.px(500));
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
    side->setFixedWidth(metrics.px(204));
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
    auto *form = new QWidget(this);
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(metrics.px(18), metrics.px(space::kCard), metrics.px(18),
                               metrics.px(space::kPanel));
    column->setSpacing(metrics.px(space::kPanel));
    m_error = new Banner(form);
    m_offers = new OfferList(form);
    column->addWidget(m_error);
    column->addWidget(m_offers);
    column->addWidget(createHead(form));
    m_settings = new SettingsForm(form);
    column->addWidget(m_settings);
    column->addWidget(createFields(form));
    m_more = new LinkButton(QString(), form);
    m_more->setFlush(Qt::AlignLeft);
    m_result = new TestCard(form);
    column->addWidget(m_more, 0, Qt::AlignLeft);
    column->addWidget(createExtra(form));
    column->addWidget(m_result);
    column->addStretch();

    connect(m_offers, &OfferList::chosen, this, &AddAccountDialog::takeOffer);
    connect(m_more, &LinkButton::clicked, this, [this] { setMoreShown(m_extra->isHidden()); });
    connect(m_key, &QLineEdit::editingFinished, this, &AddAccountDialog::holdCredential);
    connect(m_key, &QLineEdit::textEdited, this, &AddAccountDialog::forgetTest);
    connect(m_address, &QLineEdit::textEdited, this, &AddAccountDialog::forgetTest);
    connect(m_settings, &SettingsForm::edited, this, &AddAccountDialog::forgetTest);
    connect(m_slug, &QLineEdit::textEdited, this, [this] {
        m_slugEdited = true;
        checkSlug();
    });
    return form;
}

QWidget *AddAccountDialog::createHead(QWidget *form)
{
    auto *head = new QWidget(form);
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kHair));
    m_title = new PlainLabel(head);
    m_title->setSize(TextSize::Title, Weight::Strong);
    m_host = new PlainLabel(head);
    m_host->setSize(TextSize::Data);
    m_host->setRole(Role::TextMuted);
    m_host->setWordWrap(true);
    column->addWidget(m_title);
    column->addWidget(m_host);
    return head;
}

QWidget *AddAccountDialog::createFields(QWidget *form)
{
    const Metrics metrics;
    auto *fields = new QWidget(form);
    m_key = new CredentialField(fields);
    m_key->setObjectName(u"credential"_s);
    m_keyName = new PlainLabel(tr("API key"), fields);
    m_keyName->setBuddy(m_key);
    m_keyNote = new PlainLabel(fields);
    m_slug = new QLineEdit(fields);
    m_slug->setObjectName(u"slug"_s);
    m_slug->setMaxLength(63);
    m_slug->setFixedWidth(metrics.px(220));
    m_slug->setAccessibleName(tr("Slug"));
    m_slugState = new StateLabel(fields);
    m_slugNote = new PlainLabel(fields);
    for (PlainLabel *note : {m_keyNote, m_slugNote}) {
        note->setSize(TextSize::Data);
        note->setRole(Role::TextMuted);
        note->setWordWrap(true);
    }
    auto *slugLine = new QHBoxLayout;
    slugLine->setSpacing(metrics.px(space::kSmall));
    slugLine->addWidget(new PlainLabel(u"@"_s, fields));
    slugLine->addWidget(m_slug);
    slugLine->addWidget(m_slugState);
    slugLine->addStretch();
    QGridLayout *grid = formGrid(fields);
    grid->addWidget(m_keyName, 0, 0);
    grid->addWidget(m_key, 0, 1);
    grid->addWidget(m_keyNote, 1, 1);
    grid->addWidget(new PlainLabel(tr("Slug"), fields), 2, 0);
    grid->addLayout(slugLine, 2, 1);
    grid->addWidget(m_slugNote, 3, 1);
    return fields;
}

QWidget *AddAccountDialog::createExtra(QWidget *form)
{
    m_extra = new QWidget(form);
    m_address = new QLineEdit(m_extra);
    m_address->setObjectName(u"address"_s);
    m_address->setAccessibleName(tr("Address"));
    m_name = new QLineEdit(m_extra);
    m_name->setPlaceholderText(tr("shown instead of the slug"));
    m_name->setAccessibleName(tr("Name"));
    QGridLayout *grid = formGrid(m_extra);
    grid->addWidget(new PlainLabel(tr("Address"), m_extra), 0, 0);
    grid->addWidget(m_address, 0, 1);
    grid->addWidget(new PlainLabel(tr("Name"), m_extra), 1, 0);
    grid->addWidget(m_name, 1, 1);
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
    auto *note = new PlainLabel(tr("A test sends one cheap call. Saving does not need it."), footer);
    note->setSize(TextSize::Data);
    note->setRole(Role::TextMuted);
    auto *cancel = new QPushButton(tr("Cancel"), footer);
    m_save = new QPushButton(tr("Save account"), footer);
    m_save->setObjectName(u"save"_s);
    m_save->setDefault(true);
    setMainAction(m_save);
    row->addWidget(m_test);
    row->addWidget(note, 1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    connect(m_test, &QPushButton::clicked, this, &AddAccountDialog::test);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &AddAccountDialog::save);
    return footer;
}

} // namespace portolan::ui

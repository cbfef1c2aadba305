// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingspanel.h"

#include "ui/settings/aboutpage.h"
#include "ui/settings/settingrow.h"
#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QUndoCommand>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kListAt100 = 180;
constexpr int kTextAt100 = 760;

Icon iconOf(const QString &page)
{
    if (page == "gateway"_L1)
        return Icon::Route;
    if (page == "storage"_L1)
        return Icon::Disk;
    if (page == "appearance"_L1)
        return Icon::Brush;
    return page == "network"_L1 ? Icon::Globe : Icon::CircleInfo;
}

} // namespace

struct SettingsPanel::Page {
    QString id{};
    QString title{};
    QWidget *widget = nullptr;
    std::vector<SettingRow *> rows{};
    QWidget *extra = nullptr; // shown with the whole page only
};

/// A change that the person made and that holds already: undo and redo ask for the other value.
class SettingsPanel::ChangeCommand : public QUndoCommand
{
public:
    ChangeCommand(SettingsPanel &panel, const SettingField &field, QVariant before, QVariant after)
        : QUndoCommand(SettingsPanel::tr("change of %1").arg(field.title))
        , m_panel(panel)
        , m_key(field.key)
        , m_before(std::move(before))
        , m_after(std::move(after))
    { }

    void undo() override { m_panel.enqueue({.key = m_key, .value = m_before}); }
    void redo() override
    {
        if (std::exchange(m_holds, false))
            return; // pushing the command runs this once, and the change is made
        m_panel.enqueue({.key = m_key, .value = m_after});
    }

private:
    SettingsPanel &m_panel; // owns the stack
    const QString m_key;
    const QVariant m_before;
    const QVariant m_after;
    bool m_holds = true;
};

SettingsPanel::SettingsPanel(control::Control &control, QWidget *parent)
    : Panel(parent)
    , m_control(control)
    , m_search(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget)
    , m_column(new QVBoxLayout(m_content))
    , m_none(new PlainLabel(tr("No setting answers to this."), m_content))
    , m_deleteAll(
          new QAction(lineIcon(Icon::Trash, Role::TextMuted), tr("&Delete the whole history..."), this))
{
    const Metrics metrics;
    const int margin = metrics.px(space::kPanel);
    m_search->setPlaceholderText(tr("Search settings"));
    m_search->setAccessibleName(tr("Search settings"));
    m_search->addAction(lineIcon(Icon::Search, Role::TextMuted), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Pages"));
    m_list->setFixedWidth(metrics.px(kListAt100));
    m_list->setSpacing(1);
    setFillRole(m_list, Role::Window);
    m_none->setRole(Role::TextMuted);
    m_content->setMaximumWidth(metrics.px(kTextAt100));
    m_column->setContentsMargins(margin, metrics.px(space::kSmall), margin, margin);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidget(m_content);

    auto *left = new QVBoxLayout;
    left->setContentsMargins(margin, metrics.px(space::kSmall), margin, 0);
    left->setSpacing(metrics.px(space::kSmall));
    left->addWidget(m_search);
    left->addWidget(m_list, 1);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addLayout(left);
    row->addWidget(new Rule(Qt::Vertical, this));
    row->addSpacing(metrics.px(space::kTight));
    row->addWidget(m_scroll, 1);

    setFocusProxy(m_list);
    createPages();
    connect(m_search, &QLineEdit::textChanged, this, &SettingsPanel::filter);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int at) {
        if (at >= 0 && m_pages[size_t(at)].id != m_current) {
            m_search->clear();
            showPage(m_pages[size_t(at)].id);
            emit placeChanged();
            emit stateChanged();
        }
    });
    connect(m_deleteAll, &QAction::triggered, this, &SettingsPanel::askToDelete);
    connect(&m_control, &control::Control::settingsChanged, this, &SettingsPanel::showSettings);
    connect(&m_control, &control::Control::gatewayChanged, this, &SettingsPanel::showListening);
    showSettings();
    showPage(m_pages.front().id);
}

SettingsPanel::~SettingsPanel() = default;

void SettingsPanel::createPages()
{
    for (const SettingPage &page : settingPages()) {
        std::vector<SettingRow *> rows;
        for (const SettingField &field : page.fields) {
            auto *row = new SettingRow(field, m_content);
            connect(row, &SettingRow::edited, this,
                    [this, key = field.key](const QVariant &value) { edit(key, value); });
            rows.push_back(row);
        }
        addPage(page.id, page.title, std::move(rows), page.id == "storage"_L1 ? createDataPart() : nullptr);
    }
    auto *about = new AboutPage(m_control.versions(), m_control.masterKeyHome(), m_control.dataDirectory(),
                                m_content);
    addPage(u"about"_s, tr("About"), {}, about);
    m_column->addWidget(m_none);
    m_column->addStretch(1);
}

QWidget *SettingsPanel::createDataPart()
{
    auto *part = new QWidget(m_content);
    auto *words = new PlainLabel(tr("Everything is kept in %1.").arg(m_control.dataDirectory()), part);
    words->setWordWrap(true);
    words->setSelectable();
    words->setSize(TextSize::Data);
    words->setRole(Role::TextMuted);
    auto *button = new QPushButton(lineIcon(Icon::Trash), tr("Delete the whole history..."), part);
    connect(button, &QPushButton::clicked, m_deleteAll, &QAction::trigger);
    auto *row = new QHBoxLayout(part);
    row->setContentsMargins(0, Metrics().px(space::kPanel), 0, 0);
    row->addWidget(words, 1);
    row->addWidget(button, 0, Qt::AlignTop);
    return part;
}

void SettingsPanel::addPage(const QString &pageId, const QString &name, std::vector<SettingRow *> rows,
                            QWidget *extra)
{
    auto *widget = new QWidget(m_content);
    auto *heading = new PlainLabel(name, widget);
    heading->setSize(TextSize::Title, Weight::Strong);
    auto *column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, Metrics().px(space::kPanel));
    column->setSpacing(0);
    column->addWidget(heading);
    for (SettingRow *row : rows)
        column->addWidget(row);
    if (extra)
        column->addWidget(extra);
    m_column->addWidget(widget);
    auto *item = new QListWidgetItem(lineIcon(iconOf(pageId), Role::TextMuted), name, m_list);
    item->setSizeHint({0, Metrics().px(28)});
    m_pages.push_back({pageId, name, widget, std::move(rows), extra});
}

void SettingsPanel::showPage(const QString &pageId)
{
    const auto page = std::ranges::find(m_pages, pageId, &Page::id);
    if (page == m_pages.end())
        return;
    m_current = pageId;
    m_list->setCurrentRow(int(page - m_pages.begin()));
    filter();
}

void SettingsPanel::filter()
{
    const QString typed = m_search->text().trimmed();
    bool any = false;
    for (const Page &page : m_pages) {
        bool ofPage = false;
        for (SettingRow *row : page.rows) {
            const bool fits = typed.isEmpty() || row->answers(typed);
            row->setVisible(fits);
            ofPage = ofPage || fits;
        }
        if (page.extra)
            page.extra->setVisible(typed.isEmpty());
        const bool visible = typed.isEmpty() ? page.id == m_current : ofPage;
        page.widget->setVisible(visible);
        any = any || visible;
    }
    m_none->setVisible(!any);
}

void SettingsPanel::showSettings()
{
    for (const Page &page : m_pages)
        for (SettingRow *row : page.rows)
            row->setSettings(m_control.settings());
    showListening();
}

void SettingsPanel::showListening()
{
    using State = control::GatewayStatus::State;
    const control::GatewayStatus &status = m_control.gateway();
    const bool listens = status.state == State::Running || status.state == State::Draining;
    const bool elsewhere = listens && !status.address.endsWith(u":%1"_s.arg(m_control.settings().port));
    QString note;
    if (elsewhere && !status.reason.isEmpty())
        note = tr("Still listening on %1. %2").arg(status.address, status.reason);
    else if (elsewhere)
        note = tr("In this run the gateway listens on %1, as the command line asked.").arg(status.address);
    rowOf(u"gateway/port"_s)->setNote(note);
}

SettingRow *SettingsPanel::rowOf(const QString &key) const
{
    for (const Page &page : m_pages)
        for (SettingRow *row : page.rows)
            if (row->field().key == key)
                return row;
    return nullptr;
}

void SettingsPanel::edit(const QString &key, const QVariant &value)
{
    enqueue({.key = key, .value = value, .isNew = true});
}

void SettingsPanel::enqueue(Change change)
{
    m_queue.push_back(std::move(change));
    if (!m_busy)
        applyNext();
}

void SettingsPanel::applyNext()
{
    if (m_queue.empty())
        return;
    const Change change = m_queue.front();
    m_queue.pop_front();
    const SettingRow *row = rowOf(change.key);
    control::Settings settings = m_control.settings();
    const QVariant before = row->field().read(settings);
    row->field().write(settings, change.value);
    if (row->field().read(settings) == before) {
        applyNext();
        return;
    }
    m_busy = true;
    m_control.changeSettings(settings, [self = QPointer(this), change, before](Result<> result) {
        if (self)
            self->applied(change, before, result);
    });
}

void SettingsPanel::applied(const Change &change, const QVariant &before, const Result<> &result)
{
    m_busy = false;
    SettingRow *row = rowOf(change.key);
    row->setSettings(m_control.settings()); // what was refused goes back to what holds
    row->setError(result ? QString() : QString::fromStdString(result.error().message));
    if (result && change.isNew)
        m_undo.push(new ChangeCommand(*this, row->field(), before, change.value));
    applyNext();
}

QList<QAction *> SettingsPanel::commands() const
{
    return {m_deleteAll};
}

QString SettingsPanel::help() const
{
    return tr("Changes hold at once; Ctrl+Z takes them back. Search finds a setting on any page. What "
              "restarts the gateway "
              "says so; running requests finish first.");
}

void SettingsPanel::focusFind()
{
    m_search->setFocus();
    m_search->selectAll();
}

void SettingsPanel::visit(const Place &place)
{
    m_search->clear();
    showPage(place.query.section(u'/', 0, 0));
    if (SettingRow *row = rowOf(place.query)) {
        m_scroll->ensureWidgetVisible(row);
        row->focusEditor();
    }
}

Place SettingsPanel::place() const
{
    return {.panel = id(), .query = m_current};
}

std::vector<Finding> SettingsPanel::find(const QString &typed) const
{
    std::vector<Finding> found;
    for (const Page &page : m_pages)
        for (const SettingRow *row : page.rows)
            if (row->field().title.contains(typed, Qt::CaseInsensitive))
                found.push_back({.group = title(),
                                 .icon = iconOf(page.id),
                                 .text = row->field().title,
                                 .detail = page.title,
                                 .place = {.panel = id(), .query = row->field().key}});
    return found;
}

QJsonObject SettingsPanel::saveState() const
{
    return {{u"page"_s, m_current}};
}

void SettingsPanel::restoreState(const QJsonObject &state)
{
    showPage(state[u"page"_s].toString());
}

void SettingsPanel::askToDelete()
{
    ask(this, tr("Delete the whole history?"),
        tr("All requests, bodies and sums are deleted from this computer. Accounts, keys and settings stay. "
           "This cannot be "
           "undone."),
        {{.text = tr("Delete"), .act = [this] {
              m_control.removeAllRequests([self = QPointer(this)](Result<> done) {
                  if (self)
                      emit self->toast({.text = done ? tr("The history is deleted.")
                                                     : QString::fromStdString(done.error().message),
                                        .undo = {},
                                        .commit = {}});
              });
          }}});
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/card.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plaintext.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kWidthAt100 = 680;
constexpr int kTopAt100 = 92;
constexpr int kRowAt100 = 30;
constexpr int kHeadingAt100 = 26;
constexpr qsizetype kMostRecent = 20;

/// Rows of the palette: icon, text with the match strong, detail muted, hint in a chip.
class PaletteDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto *model = static_cast<const PaletteModel *>(index.model());
        const PaletteModel::Row &row = model->row(index.row());
        const Metrics metrics;
        const auto of = [&option](Role role) { return colour(role, option.palette); };
        const QRect inner = option.rect.adjusted(metrics.px(15), 0, -metrics.px(15), 0);
        painter->save();
        if (row.heading) {
            painter->setFont(scaledFont(option.font, TextSize::Data));
            item::paintText(painter, inner, row.entry.what.text, of(Role::TextMuted));
            painter->restore();
            return;
        }
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, of(Role::Selection));
        paintRow(painter, option, row, inner);
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto *model = static_cast<const PaletteModel *>(index.model());
        return {option.rect.width(),
                Metrics().px(model->row(index.row()).heading ? kHeadingAt100 : kRowAt100)};
    }

private:
    static void paintRow(QPainter *painter, const QStyleOptionViewItem &option, const PaletteModel::Row &row,
                         QRect inner)
    {
        const Metrics metrics;
        const Finding &what = row.entry.what;
        const auto of = [&option](Role role) { return colour(role, option.palette); };
        const int side = metrics.icon();
        paintIcon(painter, QRect(inner.x(), inner.y() + (inner.height() - side) / 2, side, side), what.icon,
                  of(what.iconRole));
        inner.adjust(side + metrics.px(space::kSmall), 0, 0, 0);
        if (!what.hint.isEmpty()) {
            const QFontMetrics caption(scaledFont(QApplication::font(), TextSize::Caption));
            const int width = caption.horizontalAdvance(shown(what.hint)) + 2 * metrics.px(5);
            const int height = metrics.px(16);
            item::paintChip(painter, {inner.right() - width + 1, inner.y() + (inner.height() - height) / 2},
                            height, what.hint, option.palette);
            inner.adjust(0, 0, -width - metrics.px(space::kSmall), 0);
        }
        inner.adjust(paintMatched(painter, inner, option, row) + metrics.px(space::kSmall), 0, 0, 0);
        painter->setFont(scaledFont(option.font, TextSize::Data));
        item::paintText(painter, inner, what.detail, of(Role::TextMuted));
    }

    static int paintMatched(QPainter *painter, const QRect &rect, const QStyleOptionViewItem &option,
                            const PaletteModel::Row &row)
    {
        const QString &text = row.entry.what.text;
        const QColor ink = colour(Role::Text, option.palette);
        const QFont normal = scaledFont(option.font, TextSize::Body);
        const QFont strong = scaledFont(option.font, TextSize::Body, Weight::Strong);
        int x = 0;
        qsizetype at = 0;
        const auto run = [&](qsizetype to, const QFont &font) {
            if (to <= at || x >= rect.width())
                return;
            painter->setFont(font);
            x += item::paintText(painter, rect.adjusted(x, 0, 0, 0), text.mid(at, to - at), ink);
            at = to;
        };
        for (const Match::Range &range : row.hit.ranges) {
            run(range.from, normal);
            run(range.from + range.length, strong);
        }
        run(text.size(), normal);
        return x;
    }
};

/// "[Up] [Down] move   [Enter] open": keys as chips, with what they do.
class KeyHints : public QWidget
{
public:
    KeyHints(std::vector<std::pair<QStringList, QString>> hints, QWidget *parent)
        : QWidget(parent)
        , m_hints(std::move(hints))
    {
        setTextSize(this, TextSize::Caption);
        QStringList words;
        for (const auto &[keys, does] : m_hints)
            words += keys.join(u", "_s) + u": "_s + does;
        setAccessibleName(words.join(u"; "_s));
    }

    QSize sizeHint() const override { return {run(nullptr), Metrics().px(18)}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        run(&painter);
    }

private:
    /// Paints, or only measures.
    int run(QPainter *painter) const
    {
        const Metrics metrics;
        const QFontMetrics caption(scaledFont(QApplication::font(), TextSize::Caption));
        const int chip = metrics.px(16);
        int x = 0;
        for (const auto &[keys, does] : m_hints) {
            for (const QString &key : keys) {
                if (painter)
                    item::paintChip(painter, {x, (height() - chip) / 2}, chip, key, palette());
                x += caption.horizontalAdvance(key) + 2 * metrics.px(5) + metrics.px(space::kTight);
            }
            if (painter)
                item::paintText(painter, QRect(x, 0, width() - x, height()), does,
                                colour(Role::TextMuted, palette()));
            x += caption.horizontalAdvance(does) + metrics.px(space::kPanel);
        }
        return x;
    }

    const std::vector<std::pair<QStringList, QString>> m_hints;
};

} // namespace

Palette::Palette(QWidget *window, Source source)
    : QFrame(window)
    , m_window(window)
    , m_source(std::move(source))
    , m_model(new PaletteModel(this))
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_hint(new PlainLabel(tr("> commands   # request   @ models"), this))
    , m_count(new PlainLabel(this))
{
    const Metrics metrics;
    setAccessibleName(tr("Search or run a command"));
    m_field->setFrame(false);
    m_field->setAccessibleName(tr("Search or run a command"));
    m_field->setPlaceholderText(tr("Go to, do or find"));
    setTextSize(m_field, TextSize::Heading);
    for (PlainLabel *label : {m_hint, m_count}) {
        label->setSize(TextSize::Caption);
        label->setRole(Role::TextMuted);
    }
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Results"));
    m_list->viewport()->setBackgroundRole(QPalette::Button);

    auto *top = new QHBoxLayout;
    top->setContentsMargins(metrics.px(15), metrics.px(space::kSmall), metrics.px(15),
                            metrics.px(space::kSmall));
    top->setSpacing(metrics.px(space::kSmall));
    top->addWidget(new IconLabel(Icon::Search, Role::TextMuted, 16, this));
    top->addWidget(m_field, 1);
    top->addWidget(m_hint);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(metrics.px(15), metrics.px(space::kGroup), metrics.px(15),
                             metrics.px(space::kGroup));
    auto *keys = new KeyHints({{{tr("Up", "key"), tr("Down", "key")}, tr("move")},
                               {{tr("Enter", "key")}, tr("open")},
                               {{tr("Esc", "key")}, tr("close")}},
                              this);
    foot->addWidget(keys);
    foot->addStretch(1);
    foot->addWidget(m_count);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(1, 1, 1, 1);
    all->setSpacing(0);
    all->addLayout(top);
    all->addWidget(new Rule(Qt::Horizontal, this));
    all->addWidget(m_list, 1);
    all->addWidget(new Rule(Qt::Horizontal, this));
    all->addLayout(foot);

    connect(m_field, &QLineEdit::textChanged, this, &Palette::list);
    connect(m_list, &QListView::clicked, this, &Palette::choose);
    m_field->installEventFilter(this);
    window->installEventFilter(this);
    hide();
}

void Palette::open(const QString &typed)
{
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_field->setText(typed);
    list();
    place();
    show();
    raise();
    m_field->setFocus();
}

void Palette::list()
{
    const QString typed = m_field->text();
    Offer offer = m_source(typed);
    m_model->setEntries(typed, std::move(offer.fixed), std::move(offer.found), m_recent);
    const int results = m_model->results();
    m_hint->setVisible(typed.isEmpty() || !QStringView(u">#@").contains(typed[0]));
    m_count->setText(results == 1 ? tr("1 result") : tr("%n results", nullptr, results));
    const int first = m_model->entryFrom(0, 1);
    if (first >= 0)
        m_list->setCurrentIndex(m_model->index(first));
    m_list->scrollToTop();
    place();
}

void Palette::place()
{
    const Metrics metrics;
    const int width = std::min(metrics.px(kWidthAt100), m_window->width() - 2 * metrics.px(space::kWide));
    const int top = metrics.px(kTopAt100);
    const int frame = sizeHint().height() - m_list->sizeHint().height();
    const int most = std::min(m_window->height() - top - metrics.px(space::kWide), metrics.px(446)) - frame;
    int rows = 0; // whole ones: half a line at the edge reads as a fault
    for (int i = 0; i < m_model->rowCount(); ++i) {
        const int next = metrics.px(m_model->row(i).heading ? kHeadingAt100 : kRowAt100);
        if (rows + next > most)
            break;
        rows += next;
    }
    setGeometry((m_window->width() - width) / 2, top, width, frame + rows);
}

void Palette::step(int by)
{
    const int from = m_list->currentIndex().row() + (by > 0 ? 1 : -1);
    int at = m_model->entryFrom(from, by > 0 ? 1 : -1);
    if (at < 0) // around the end
        at = by > 0 ? m_model->entryFrom(0, 1) : m_model->entryFrom(m_model->rowCount() - 1, -1);
    if (at >= 0)
        m_list->setCurrentIndex(m_model->index(at));
    for (int more = std::abs(by) - 1; more > 0; --more) {
        const int next
            = m_model->entryFrom(m_list->currentIndex().row() + (by > 0 ? 1 : -1), by > 0 ? 1 : -1);
        if (next < 0)
            return;
        m_list->setCurrentIndex(m_model->index(next));
    }
}

void Palette::choose(const QModelIndex &index)
{
    if (!index.isValid() || m_model->row(index.row()).heading)
        return;
    const PaletteEntry entry = m_model->row(index.row()).entry;
    m_recent.removeAll(entry.key);
    m_recent.prepend(entry.key);
    while (m_recent.size() > kMostRecent)
        m_recent.removeLast();
    close(true); // first: what runs now may open something that wants the focus
    emit chosen(entry);
}

void Palette::close(bool giveFocusBack)
{
    hide();
    if (giveFocusBack && m_before && m_before->isVisible())
        m_before->setFocus();
}

bool Palette::handleKey(int key, Qt::KeyboardModifiers modifiers)
{
    constexpr int kPage = 8;
    switch (key) {
    case Qt::Key_Escape: close(true); return true;
    case Qt::Key_Down: step(1); return true;
    case Qt::Key_Up: step(-1); return true;
    case Qt::Key_PageDown: step(kPage); return true;
    case Qt::Key_PageUp: step(-kPage); return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab: return true; // the field is the palette's only stop
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(m_list->currentIndex()); return true;
    case Qt::Key_K:
        if (modifiers == Qt::ControlModifier)
            close(true);
        return modifiers == Qt::ControlModifier;
    default: return false;
    }
}

bool Palette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_window && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_field)
        return false;
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Escape
            || (key->key() == Qt::Key_K && key->modifiers() == Qt::ControlModifier))
            event->accept(); // ours while the palette is open
        return false;
    }
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        return handleKey(key->key(), key->modifiers());
    }
    if (event->type() == QEvent::FocusOut
        && static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason
        && static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason && isVisible())
        close(false);
    return false;
}

void Palette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBox(&painter, rect(),
             {.fill = colour(Role::Raised, palette()),
              .line = colour(Role::LineControl, palette()),
              .radius = double(Metrics().px(radius::kPopup))},
             palette());
}

} // namespace portolan::ui

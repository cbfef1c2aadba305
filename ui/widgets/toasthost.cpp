// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/toasthost.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

namespace portolan::ui {

namespace {

constexpr size_t kMost = 3;

} // namespace

/// One toast on screen.
class ToastHost::Slip : public QFrame
{
public:
    Slip(const Toast &what, ToastHost &host, QWidget *over)
        : QFrame(over)
        , toast(what)
    {
        const Metrics metrics;
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(metrics.px(14), metrics.px(space::kSmall), metrics.px(space::kSmall),
                                metrics.px(space::kSmall));
        row->setSpacing(metrics.px(space::kPanel));
        auto *text = new PlainLabel(toast.text, this);
        row->addWidget(text, 1);
        if (toast.undo) {
            auto *undo = new LinkButton(ToastHost::tr("Undo"), this);
            undo->setObjectName(QStringLiteral("undo"));
            undo->setSize(TextSize::Body, Weight::Strong);
            row->addWidget(undo);
            connect(undo, &LinkButton::clicked, &host, [this, &host] { host.end(this, Ending::Undo); });
        }
        auto *close = new IconButton(Icon::Close, ToastHost::tr("Close this notice"), this);
        row->addWidget(close);
        connect(close, &IconButton::clicked, &host, [this, &host] { host.end(this, Ending::Commit); });
        setAccessibleName(text->text());
        m_away.setSingleShot(true);
        connect(&m_away, &QTimer::timeout, &host, [this, &host] { host.end(this, Ending::Commit); });
        m_away.start(motion::kToastStay);
    }

    const Toast toast;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintBox(&painter, rect(),
                 {.fill = colour(Role::Raised, palette()),
                  .line = colour(Role::LineControl, palette()),
                  .radius = double(Metrics().px(radius::kPopup))},
                 palette());
    }
    void enterEvent(QEnterEvent *) override { m_away.stop(); }
    void leaveEvent(QEvent *) override { m_away.start(motion::kToastStay / 2); }

private:
    QTimer m_away;
};

ToastHost::ToastHost(QWidget *over)
    : QObject(over)
    , m_over(over)
{
    over->installEventFilter(this);
}

ToastHost::~ToastHost()
{
    for (const Slip *slip : m_shown)
        if (slip->toast.commit)
            slip->toast.commit();
}

void ToastHost::show(const Toast &toast)
{
    if (m_shown.size() == kMost)
        end(m_shown.front(), Ending::Commit);
    auto *slip = new Slip(toast, *this, m_over);
    m_shown.push_back(slip);
    place();
    slip->show();
    slip->raise();
    QAccessibleEvent alert(slip, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    emit changed();
}

bool ToastHost::undoLatest()
{
    const auto newest = std::find_if(m_shown.rbegin(), m_shown.rend(),
                                     [](const Slip *slip) { return bool(slip->toast.undo); });
    if (newest == m_shown.rend())
        return false;
    end(*newest, Ending::Undo);
    return true;
}

bool ToastHost::canUndo() const
{
    return std::ranges::any_of(m_shown, [](const Slip *slip) { return bool(slip->toast.undo); });
}

void ToastHost::end(Slip *slip, Ending ending)
{
    if (std::erase(m_shown, slip) == 0)
        return;
    const auto act = ending == Ending::Undo ? slip->toast.undo : slip->toast.commit;
    slip->hide();
    slip->deleteLater();
    place();
    if (act)
        act();
    emit changed();
}

void ToastHost::place()
{
    const Metrics metrics;
    int bottom = m_over->height() - metrics.px(space::kPanel);
    for (auto it = m_shown.rbegin(); it != m_shown.rend(); ++it) {
        Slip *slip = *it;
        const int most = m_over->width() - 2 * metrics.px(space::kWide);
        const QSize size(std::min(slip->sizeHint().width(), most), slip->sizeHint().height());
        slip->setGeometry((m_over->width() - size.width()) / 2, bottom - size.height(), size.width(),
                          size.height());
        bottom -= size.height() + metrics.px(space::kGroup);
    }
}

bool ToastHost::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_over && event->type() == QEvent::Resize)
        place();
    return false;
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tokenfield.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

/// A copy that overwrites itself when it goes.
class Fleeting
{
public:
    explicit Fleeting(const SecretBytes &secret)
        : m_text(QString::fromLatin1(secret.view().data(), qsizetype(secret.size())))
    { }
    ~Fleeting() { m_text.fill(u'\0'); }
    Fleeting(const Fleeting &) = delete;
    Fleeting &operator=(const Fleeting &) = delete;

    [[nodiscard]] const QString &text() const { return m_text; }

private:
    QString m_text;
};

} // namespace

class TokenField::Face : public QWidget
{
public:
    Face(const SharedSecret &token, QWidget *parent)
        : QWidget(parent)
        , m_token(token)
    {
        setFixedFont(this, TextSize::Data);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    QSize sizeHint() const override
    {
        const int letters = m_token ? int(m_token->size()) : 0;
        return {fontMetrics().horizontalAdvance(u'0') * letters + 2 * Metrics().px(space::kSmall),
                Metrics().control()};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintBox(&painter, rect(),
                 {.fill = colour(Role::Base, palette()),
                  .line = colour(Role::LineControl, palette()),
                  .radius = double(Metrics().px(radius::kControl))},
                 palette());
        if (!m_token)
            return;
        const Fleeting token(*m_token);
        const int side = Metrics().px(space::kSmall);
        painter.setPen(colour(Role::Text, palette()));
        painter.drawText(rect().adjusted(side, 0, -side, 0), Qt::AlignVCenter | Qt::TextSingleLine,
                         token.text());
    }

private:
    const SharedSecret &m_token;
};

TokenField::TokenField(QWidget *parent)
    : QWidget(parent)
    , m_face(new Face(m_token, this))
    , m_button(new QPushButton(lineIcon(Icon::Copy), tr("Copy"), this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_face, 1);
    row->addWidget(m_button);
    m_button->setAccessibleName(tr("Copy the token"));
    setFocusProxy(m_button);
    forget();
    connect(m_button, &QPushButton::clicked, this, &TokenField::copy);
}

void TokenField::setToken(SharedSecret token)
{
    m_token = std::move(token);
    m_copied = false;
    m_button->setEnabled(m_token != nullptr);
    m_face->setAccessibleName(m_token ? tr("The token. Copy puts it on the clipboard.") : tr("No token"));
    m_face->updateGeometry();
    m_face->update();
}

void TokenField::forget()
{
    setToken(nullptr);
}

void TokenField::copy()
{
    if (!m_token)
        return;
    const Fleeting token(*m_token);
    auto *data = new QMimeData; // taken over by the clipboard
    data->setText(token.text());
    data->setData(u"x-kde-passwordManagerHint"_s, "secret");
    QGuiApplication::clipboard()->setMimeData(data);
    m_copied = true;
    m_button->setIcon(lineIcon(Icon::Check, Role::Ok));
    emit copied();
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/expiryfield.h"

#include <QCheckBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kProposedMonths = 3;

} // namespace

ExpiryField::ExpiryField(const QDateTime &moment, QWidget *parent)
    : QWidget(parent)
    , m_given(moment)
    , m_on(new QCheckBox(tr("On"), this))
    , m_moment(new QDateTimeEdit(this))
{
    m_on->setObjectName(u"expires"_s);
    m_on->setChecked(moment.isValid());
    m_on->setAccessibleName(tr("It expires"));
    m_moment->setObjectName(u"expiry"_s);
    m_moment->setCalendarPopup(true);
    m_moment->setDisplayFormat(u"yyyy-MM-dd HH:mm"_s);
    m_moment->setAccessibleName(tr("Moment it expires"));
    m_moment->setDateTime(moment.isValid() ? moment.toLocalTime()
                                           : QDate::currentDate().addMonths(kProposedMonths).startOfDay());
    m_moment->setEnabled(moment.isValid());
    m_shown = m_moment->dateTime();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addWidget(m_on);
    row->addWidget(m_moment);
    row->addStretch();
    setFocusProxy(m_on);
    connect(m_on, &QCheckBox::toggled, this, [this](bool on) {
        m_moment->setEnabled(on);
        emit edited();
    });
    connect(m_moment, &QDateTimeEdit::dateTimeChanged, this, &ExpiryField::edited);
}

QDateTime ExpiryField::moment() const
{
    if (!m_on->isChecked())
        return {};
    return m_given.isValid() && m_moment->dateTime() == m_shown ? m_given : m_moment->dateTime();
}

} // namespace portolan::ui

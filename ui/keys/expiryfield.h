// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QWidget>

class QCheckBox;
class QDateTimeEdit;

namespace portolan::ui {

/// When something ends, or never.
class ExpiryField : public QWidget
{
    Q_OBJECT

public:
    explicit ExpiryField(const QDateTime &moment, QWidget *parent = nullptr); ///< invalid: never

    [[nodiscard]] QDateTime moment() const; ///< to the minute; invalid: never

signals:
    void edited();

private:
    const QDateTime m_given;
    QDateTime m_shown; // what the field made of it, which has no seconds
    QCheckBox *m_on = nullptr;
    QDateTimeEdit *m_moment = nullptr;
};

} // namespace portolan::ui

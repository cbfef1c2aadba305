// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/control/types.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QDateEdit;
class QGridLayout;
class QLineEdit;
class QSpinBox;

namespace portolan::ui {

class PlainLabel;

/// A budget as fields, with a sentence below that says what they mean and when it starts anew.
class BudgetForm : public QWidget
{
    Q_OBJECT

public:
    explicit BudgetForm(const std::optional<admission::Budget> &budget, QWidget *parent = nullptr);

    /// What the fields say; nothing when there is to be no budget.
    [[nodiscard]] Result<std::optional<admission::Budget>> read() const;

signals:
    void edited();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void createPeriod(QGridLayout *grid, const admission::Period &period);
    void onEdited();
    void showRows();
    [[nodiscard]] admission::Period period() const;
    [[nodiscard]] QString meaning(const admission::Budget &budget) const;

    QCheckBox *m_on = nullptr;
    QWidget *m_fields = nullptr;
    QLineEdit *m_limit = nullptr;
    QComboBox *m_unit = nullptr;
    QComboBox *m_period = nullptr;
    QComboBox *m_weekday = nullptr;
    QWidget *m_days = nullptr;
    QSpinBox *m_count = nullptr;
    QDateEdit *m_from = nullptr;
    QComboBox *m_zone = nullptr;
    PlainLabel *m_weekdayName = nullptr;
    PlainLabel *m_daysName = nullptr;
    PlainLabel *m_zoneName = nullptr;
    QLineEdit *m_alerts = nullptr;
    PlainLabel *m_meaning = nullptr;
};

/// "400000", "400k", "1.5M" with the locale's signs; nothing: not a count.
[[nodiscard]] std::optional<qint64> readCount(const QString &text);

} // namespace portolan::ui

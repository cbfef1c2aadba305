// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/control/types.h"

#include <QWidget>

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace portolan::ui {

class PlainLabel;

/// Rate limits as a list of lines, and how many requests may run at once.
class RatesForm : public QWidget
{
    Q_OBJECT

public:
    RatesForm(const std::vector<admission::RateLimit> &rates, std::optional<int> concurrency,
              QWidget *parent = nullptr);

    struct Rates {
        std::vector<admission::RateLimit> rates{};
        std::optional<int> concurrency{};
    };
    [[nodiscard]] Result<Rates> read() const;

signals:
    void edited();

private:
    struct Line {
        QWidget *widget = nullptr;
        QLineEdit *most = nullptr;
        QComboBox *unit = nullptr;
        QComboBox *per = nullptr;
    };

    QWidget *createConcurrency(std::optional<int> concurrency);
    void addLine(const admission::RateLimit &rate);
    void addFreeLine();
    void removeLine(const QWidget *widget);
    void onEdited();

    QVBoxLayout *m_column = nullptr;
    std::vector<Line> m_lines;
    QPushButton *m_add = nullptr;
    QCheckBox *m_limited = nullptr;
    QSpinBox *m_most = nullptr;
    PlainLabel *m_meaning = nullptr;
};

} // namespace portolan::ui

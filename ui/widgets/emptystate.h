// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>
#include <vector>

class QHBoxLayout;

namespace portolan::ui {

class PlainLabel;

/// What stands where a list has nothing to show: why, and the ways on.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    struct Way {
        QString text{};
        std::function<void()> go{};
        bool main = false; ///< the one that helps most
    };

    explicit EmptyState(QWidget *parent = nullptr);

    /// Saying the same again changes nothing. With `address` it is shown under the text with a copy button.
    void say(const QString &text, const QString &address, std::vector<Way> ways);
    [[nodiscard]] QString text() const { return m_said; }

private:
    PlainLabel *m_text = nullptr;
    PlainLabel *m_address = nullptr;
    QWidget *m_addressLine = nullptr;
    QWidget *m_ways = nullptr;
    QString m_said;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

class QHBoxLayout;
class QPushButton;

namespace portolan::ui {

class PlainLabel;
class IconLabel;

/// A panel's error or warning that stays until it is solved: what happened, why, what to do, and one main
/// button.
class Banner : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Ok, Info, Warning, Error };

    explicit Banner(QWidget *parent = nullptr); ///< hidden until say()

    /// `action` names the one button; empty: none.
    void say(Kind kind, const QString &text, const QString &action = {});
    void clear(); ///< solved

signals:
    void actionClicked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Kind m_kind = Kind::Info;
    IconLabel *m_icon = nullptr;
    PlainLabel *m_text = nullptr;
    QPushButton *m_button = nullptr;
};

} // namespace portolan::ui

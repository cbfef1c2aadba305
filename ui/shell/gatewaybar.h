// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <QAbstractButton>
#include <QWidget>

class QPushButton;

namespace portolan::ui {

class CopyButton;
class ElidedLabel;
class IconLabel;
class PlainLabel;

/// A button in the shape of a search field: opens the palette.
class SearchButton : public QAbstractButton
{
    Q_OBJECT

public:
    explicit SearchButton(QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// The line under the menus: state of the gateway, its address to copy, Start or Stop, and the way into the
/// palette.
class GatewayBar : public QWidget
{
    Q_OBJECT

public:
    explicit GatewayBar(QWidget *parent = nullptr);

    void setStatus(const control::GatewayStatus &status);

signals:
    void switchClicked(); ///< see throwSwitch()
    void searchClicked();
    void badgeClicked(); ///< "Open on loopback": goes to the setting

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    IconLabel *m_dot = nullptr;
    PlainLabel *m_word = nullptr;
    ElidedLabel *m_reason = nullptr;
    PlainLabel *m_address = nullptr;
    CopyButton *m_copy = nullptr;
    QPushButton *m_switch = nullptr;
    QPushButton *m_badge = nullptr;
    SearchButton *m_search = nullptr;
    QString m_baseUrl;
};

} // namespace portolan::ui

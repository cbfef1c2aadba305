// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/widgets/panel.h"

#include <QPointer>

class QStackedWidget;
class QTabBar;

namespace portolan::ui {

class Banner;
class ClientKeyPage;
class ConnectPage;
class KeyPage;
class VirtualKeyPage;

/// Who may call Portolan, what may be called, and how programs are pointed here: a tab each.
class KeysPanel : public Panel
{
    Q_OBJECT

public:
    explicit KeysPanel(control::Control &control, QWidget *parent = nullptr);

    QString id() const override { return QStringLiteral("keys"); }
    QString title() const override { return tr("Keys"); }
    Icon icon() const override { return Icon::Key; }
    QList<QAction *> commands() const override;
    QString help() const override;
    void focusFind() override;
    void refresh() override;
    /// "client:ID", "virtual:SLUG", "new", "new-slug", "connect" or "connect:PROGRAM".
    void visit(const Place &place) override;
    Place place() const override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject &state) override;
    std::vector<Finding> find(const QString &text) const override;

private:
    enum Tab { Clients, Virtuals, Connect };

    void createTabs();
    void adopt(KeyPage *page);
    void showTab(int tab);
    void countKeys();
    [[nodiscard]] KeyPage *currentKeys() const; ///< null on Connect

    const QPointer<control::Control> m_control; // outlives the window
    QTabBar *m_tabs = nullptr;
    QStackedWidget *m_pages = nullptr;
    Banner *m_banner = nullptr;
    ClientKeyPage *m_clients = nullptr;
    VirtualKeyPage *m_virtuals = nullptr;
    ConnectPage *m_connect = nullptr;
    QAction *m_nextTab = nullptr;
    QAction *m_lastTab = nullptr;
};

} // namespace portolan::ui

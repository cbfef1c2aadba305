// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/shell/places.h"
#include "ui/shell/session.h"
#include "ui/shell/tray.h"
#include "ui/widgets/panel.h"

#include <QMainWindow>
#include <QPointer>
#include <QTimer>

#include <memory>
#include <vector>

class QDialog;
class QStackedWidget;

namespace portolan::ui {

class Actions;
class Banner;
class Finishing;
class GatewayBar;
class Palette;
class ProblemsPopup;
class Rail;
class StatusBar;
class Theme;
class ToastHost;
struct PaletteEntry;

/// The frame of the program: gateway bar, rail, panels, status bar, menus, palette, toasts. Holds no truth:
/// it shows what `control` says and asks it for changes. Lives on the GUI thread; `control` and `theme`
/// outlive it.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// Without `tray` (the desktop has none) closing the window quits.
    MainWindow(control::Control &control, Theme &theme, std::unique_ptr<Tray> tray = nullptr,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Shows the window as it was last time, starts the gateway where the settings say so (not after two
    /// crashes in a row: then it says why), and asks what the first start has to ask. Once.
    void begin();
    void goTo(const Place &place);
    void bringToFront(); ///< also from the tray, and for a second start of the program
    void quit();         ///< asks first when requests are running
    /// Ends without a question, as a signal or the end of the session wants it: the window goes at once,
    /// running requests get their time, then finished() is emitted.
    void finish();

    [[nodiscard]] Panel *currentPanel() const;
    [[nodiscard]] const std::vector<Panel *> &panels() const { return m_panels; }
    [[nodiscard]] const Actions &actions() const { return *m_actions; }

signals:
    void finished(); ///< nothing holds the program any more

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void moveEvent(QMoveEvent *event) override;

private:
    void createContent();
    void connectTray();
    void connectActions();
    void connectPanels();
    void connectControl();

    void setCurrent(Panel *panel);
    void walk(const std::optional<Place> &place); ///< in the history of places
    void noteState(); ///< something of the session changed: collected soon, once for many
    void collectState();
    void restoreState();
    void refreshUndo();
    void applyAppearance();
    void showGateway();
    void change(const control::Settings &settings);
    void changeTextSize(int byPercent);

    void openKeyList(const QString &title, const QString &help);
    void openProblems();
    void goToNextProblem();
    void sendTest();
    void welcome();
    void askAboutClosing();
    void run(const PaletteEntry &entry);
    void say(const QString &text);

    control::Control &m_control;
    Theme &m_theme;
    Session m_session;
    Places m_places;
    std::vector<Panel *> m_panels; // children of m_stack
    Actions *m_actions = nullptr;
    GatewayBar *m_bar = nullptr;
    Banner *m_banner = nullptr;
    Rail *m_rail = nullptr;
    QStackedWidget *m_stack = nullptr;
    StatusBar *m_status = nullptr;
    Palette *m_palette = nullptr;
    ProblemsPopup *m_problems = nullptr;
    ToastHost *m_toasts = nullptr;
    std::unique_ptr<Tray> m_tray; // null: the desktop has none
    QPointer<QDialog> m_quitQuestion;
    QPointer<QDialog> m_closeQuestion;
    QTimer m_noteSoon;
    size_t m_problemAt = 0;           // what F8 shows next
    Finishing *m_finishing = nullptr; // null: not yet
    bool m_free = false;              // nothing more to wait for
    bool m_begun = false;
};

} // namespace portolan::ui

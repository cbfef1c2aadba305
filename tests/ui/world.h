// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/theme/theme.h"
#include "ui/widgets/panel.h"

#include <QLocale>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace portolan::ui {

/// A real Control on a directory of its own, listening on a free port, for tests of the window.
class World
{
public:
    World() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    /// False: it could not be opened; the reason is in the test's output.
    bool open()
    {
        control::ControlOptions options;
        options.dataDirectory = m_directory.path();
        options.listen = QStringLiteral("127.0.0.1:0");
        options.useKeyring = false;
        options.hasWindow = true;
        auto opened = control::Control::open(std::move(options));
        if (!opened) {
            qWarning("%s", opened.error().message.c_str());
            return false;
        }
        m_control = *std::move(opened);
        return true;
    }

    /// As if the first start had asked its questions.
    void settle()
    {
        (void)m_control->takeFirstToken();
        control::Settings settings = m_control->settings();
        settings.captureAsked = true;
        settings.startWithProgram = false;
        settings.closeAction = QStringLiteral("quit");
        m_control->changeSettings(settings, [](const Result<> &) { });
    }

    /// A panel in a window of its own; null when it did not come on screen.
    template <typename P>
    [[nodiscard]] std::unique_ptr<P> show()
    {
        auto panel = std::make_unique<P>(*m_control);
        panel->resize(1200, 700);
        panel->show();
        return QTest::qWaitForWindowExposed(panel.get()) ? std::move(panel) : nullptr;
    }

    [[nodiscard]] control::Control &control() { return *m_control; }
    [[nodiscard]] Theme &theme() { return m_theme; }
    [[nodiscard]] QString directory() const { return m_directory.path(); }
    /// Runs the panel's command of that name, as its menu would.
    static void trigger(const Panel &panel, const QString &text)
    {
        for (QAction *command : panel.commands()) {
            if (command->text() == text)
                command->trigger();
        }
    }

private:
    QTemporaryDir m_directory;
    Theme m_theme;
    std::unique_ptr<control::Control> m_control;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandserver.h"
#include "app/process.h"
#include "app/wiring.h"
#include "core/control/control.h"
#include "core/control/singleinstance.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QInputDialog>
#include <QMessageBox>

#include <cstdio>
#include <memory>

using namespace Qt::StringLiterals;
using namespace portolan;

namespace {

control::ControlOptions readCommandLine(QStringList &files)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("main", "LLM gateway for this workstation."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({u"data"_s, QApplication::translate("main", "Data directory."), u"DIR"_s});
    parser.addOption({u"profile"_s,
                      QApplication::translate("main", "Profile: separates data, port and key store."),
                      u"NAME"_s, u"default"_s});
    parser.addOption(
        {u"listen"_s, QApplication::translate("main", "Where to listen in this run."), u"ADDRESS:PORT"_s});
    parser.addOption(
        {u"key-file"_s,
         QApplication::translate("main", "Keep the master key in a file instead of the keyring.")});
    parser.addPositionalArgument(u"files"_s, QApplication::translate("main", "Files to open."),
                                 u"[files...]"_s);
    parser.process(QApplication::arguments());

    control::ControlOptions options;
    options.profile = parser.value(u"profile"_s);
    options.dataDirectory = parser.value(u"data"_s);
    if (options.dataDirectory.isEmpty())
        options.dataDirectory = control::defaultDataDirectory(options.profile);
    options.listen = parser.value(u"listen"_s);
    options.useKeyring = !parser.isSet(u"key-file"_s);
    options.hasWindow = true;
    files = parser.positionalArguments();
    return options;
}

/// Asks for the passphrase where there is no keyring. The first time it may be declined: then the key stays
/// in a file.
Result<SecretBytes> askPassphrase(bool first)
{
    bool given = false;
    const auto question = first
        ? QApplication::translate(
              "main",
              "This desktop has no keyring. Choose a passphrase that seals the credentials "
              "of your accounts,\nor cancel to keep their key in a file that only you can "
              "read.")
        : QApplication::translate("main", "Passphrase of the stored credentials:");
    auto text = QInputDialog::getText(nullptr, QApplication::translate("main", "Portolan"), question,
                                      QLineEdit::Password, {}, &given)
                    .toUtf8();
    if (!given) {
        return fail({.origin = Origin::Client,
                     .code = "vault.passphrase_declined",
                     .message
                     = "Without the passphrase the stored credentials cannot be opened. Start Portolan again "
                       "to enter it."});
    }
    return SecretBytes::take(std::span(text.data(), static_cast<std::size_t>(text.size())));
}

/// A failure before there is a window.
int giveUp(const Error &error)
{
    std::fprintf(stderr, "%s\n", error.message.c_str());
    QMessageBox box;
    box.setIcon(QMessageBox::Critical);
    box.setTextFormat(Qt::PlainText);
    box.setText(QApplication::translate("main", "Portolan could not start.") + u"\n\n"_s
                + QString::fromStdString(error.message));
    box.exec();
    return error.code == "store.locked" ? 3 : 1;
}

} // namespace

int main(int argc, char *argv[])
{
    app::harden(app::Hardening::Window);
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"portolan"_s);
    QApplication::setApplicationDisplayName(u"Portolan"_s);
    QApplication::setApplicationVersion(QStringLiteral(PORTOLAN_VERSION));
    QApplication::setQuitOnLastWindowClosed(false);

    QStringList files;
    auto options = readCommandLine(files);
    if (control::SingleInstance::notifyRunning(options.dataDirectory.toStdString(), files))
        return 0;
    ui::Theme theme;
    const bool first = !QFileInfo::exists(options.dataDirectory + u"/vault.home"_s);
    if (options.useKeyring)
        options.askPassphrase = [first] { return askPassphrase(first); };
    auto opened = control::Control::open(std::move(options));
    if (!opened)
        return giveUp(opened.error());
    const auto control = *std::move(opened);
    app::wire(*control);

    // Neither is needed for the window to work: a second start or a command line then says what is wrong.
    const auto commands = app::serveCommands(*control);
    const auto instance = control::SingleInstance::listen(control->dataDirectory().toStdString());

    ui::MainWindow window(*control, theme, ui::Tray::create(nullptr));
    app::TerminationSignals terminations;
    QObject::connect(&terminations, &app::TerminationSignals::arrived, &window, &ui::MainWindow::finish);
    QObject::connect(&window, &ui::MainWindow::finished, &application, &QApplication::quit);
    if (instance) {
        QObject::connect(instance->get(), &control::SingleInstance::raised, &window,
                         [&window] { window.bringToFront(); });
    }
    window.begin();
    return QApplication::exec();
}

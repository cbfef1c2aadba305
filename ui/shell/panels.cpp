// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/panels.h"

#include "core/control/control.h"
#include "ui/catalog/catalogpanel.h"
#include "ui/home/homepanel.h"
#include "ui/keys/keyspanel.h"
#include "ui/logs/logspanel.h"
#include "ui/settings/settingspanel.h"
#include "ui/shell/actions.h"
#include "ui/shell/keylist.h"
#include "ui/shell/mainwindow.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr size_t kMostModels = 20;

PaletteEntry commandEntry(QAction *command, const QString &where, const QString &panel)
{
    Finding what{.group = MainWindow::tr("Commands"),
                 .icon = Icon::ChevronRight,
                 .text = plainText(*command),
                 .detail = where,
                 .hint = command->shortcut().toString(QKeySequence::NativeText)};
    const QString key = u"command:"_s + panel + u'/' + what.text;
    return {.what = std::move(what), .command = command, .panel = panel, .key = key};
}

void addCommands(std::vector<PaletteEntry> &out, const MainWindow &window)
{
    const Panel *current = window.currentPanel();
    const auto ofPanel = [&out](const Panel *panel) {
        for (QAction *command : panel->commands())
            if (!command->isSeparator() && command->isEnabled())
                out.push_back(commandEntry(command, panel->title(), panel->id()));
    };
    ofPanel(current);
    const auto &places = window.actions().panels;
    for (QAction *command : window.actions().all()) {
        const bool isPlace = std::ranges::find(places, command) != places.end();
        if (!isPlace && command != window.actions().palette && command->isEnabled())
            out.push_back(
                commandEntry(command, command->actionGroup() ? MainWindow::tr("Appearance") : QString(), {}));
    }
    for (const Panel *panel : window.panels())
        if (panel != current)
            ofPanel(panel);
}

void addPlaces(std::vector<PaletteEntry> &out, const MainWindow &window)
{
    for (size_t i = 0; i < window.panels().size(); ++i) {
        const Panel *panel = window.panels()[i];
        Finding what{.group = MainWindow::tr("Go to"),
                     .icon = panel->icon(),
                     .text = panel->title(),
                     .hint = u"Ctrl+%1"_s.arg(i + 1),
                     .place = {.panel = panel->id()}};
        out.push_back({.what = std::move(what), .key = u"place:"_s + panel->id()});
    }
}

void addModels(std::vector<PaletteEntry> &out, const control::Control &control, const QString &typed)
{
    size_t found = 0;
    for (const control::ModelInfo &model : control.models()) {
        const QString ref = u'@' + model.slug + u'/' + model.id;
        if (!match(ref, typed.mid(1)))
            continue;
        Finding what{.group = MainWindow::tr("Models"),
                     .icon = Icon::Book,
                     .text = ref,
                     .detail = model.caps.join(u", "_s),
                     .place = {.panel = u"catalog"_s, .query = u"model:"_s + ref.mid(1)}};
        out.push_back({.what = std::move(what), .key = u"model:"_s + ref});
        if (++found == kMostModels)
            return;
    }
}

} // namespace

std::vector<Panel *> createPanels(control::Control &control, QWidget *parent)
{
    return {new HomePanel(control, parent), new LogsPanel(control, parent), new CatalogPanel(control, parent),
            new KeysPanel(control, parent), new SettingsPanel(control, parent)};
}

Palette::Offer offerFor(const MainWindow &window, const control::Control &control, const QString &typed)
{
    Palette::Offer offer;
    const bool commandsOnly = typed.startsWith(u'>');
    const bool requests = typed.startsWith(u'#');
    const bool models = typed.startsWith(u'@');
    if (models)
        addModels(offer.found, control, typed);
    if (!commandsOnly && !typed.isEmpty()) {
        for (const Panel *panel : window.panels()) {
            for (Finding &finding : panel->find(typed)) {
                const bool known = std::ranges::any_of(
                    offer.found, [&finding](const PaletteEntry &e) { return e.what.place == finding.place; });
                if (!known)
                    offer.found.push_back({.what = std::move(finding)});
            }
        }
    }
    if (requests || models)
        return offer;
    if (!commandsOnly)
        addPlaces(offer.fixed, window);
    addCommands(offer.fixed, window);
    return offer;
}

} // namespace portolan::ui

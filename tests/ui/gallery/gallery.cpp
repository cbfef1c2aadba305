// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the icons and the basic widgets in one window, for looking at them beside the mock-ups.
#include "ui/theme/icon.h"
#include "ui/theme/roles.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/toasthost.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QLineEdit>
#include <QMenuBar>
#include <QProgressBar>
#include <QRadioButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTableWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace portolan::ui;

namespace {

QWidget *createIcons(QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *grid = new QGridLayout(box);
    for (int i = 0; i < kIcons; ++i) {
        auto *cell = new IconLabel(Icon(i), Role::Text, 20, box);
        grid->addWidget(cell, i / 17, i % 17);
    }
    return box;
}

QWidget *createControls(QWidget *parent)
{
    auto *card = new Card(u"Controls"_s, parent);
    card->setTitleNote(u"all of them"_s);
    card->head()->addWidget(new LinkButton(u"A link"_s));
    auto *row = new QHBoxLayout;
    auto *main = new QPushButton(u"Main action"_s);
    setMainAction(main);
    auto *off = new QPushButton(u"Disabled"_s);
    off->setEnabled(false);
    auto *menuButton = new QPushButton(lineIcon(Icon::Copy), u"Copy"_s);
    menuButton->setMenu(new QMenu(menuButton));
    auto *chip = new QToolButton;
    chip->setText(u"vision"_s);
    auto *chipOn = new QToolButton;
    chipOn->setText(u"tools"_s);
    chipOn->setCheckable(true);
    chipOn->setChecked(true);
    const QList<QWidget *> widgets{new QPushButton(lineIcon(Icon::Stop), u"Stop"_s),
                                   main,
                                   off,
                                   menuButton,
                                   new IconButton(Icon::More, u"More"_s),
                                   chip,
                                   chipOn};
    for (QWidget *widget : widgets)
        row->addWidget(widget);
    row->addStretch(1);
    card->body()->addLayout(row);

    auto *form = new QFormLayout;
    auto *combo = new QComboBox;
    combo->addItems({u"One"_s, u"Two"_s});
    auto *spin = new QSpinBox;
    auto *line = new QLineEdit;
    line->setPlaceholderText(u"Search models"_s);
    form->addRow(u"Field"_s, line);
    form->addRow(u"Choice"_s, combo);
    form->addRow(u"Number"_s, spin);
    form->addRow(u"Copy"_s, new CopyField(u"Address"_s));
    form->addRow(u"Segments"_s, new SegmentedControl(u"Range"_s, {u"Live"_s, u"15 m"_s, u"1 h"_s}));
    auto *check = new QCheckBox(u"Checked"_s);
    check->setChecked(true);
    form->addRow(check, new QCheckBox(u"Not checked"_s));
    auto *radio = new QRadioButton(u"Radio"_s);
    radio->setChecked(true);
    form->addRow(radio, new QRadioButton(u"Other"_s));
    form->addRow(u"State"_s, new StateLabel(Icon::TurnCheck, u"Rescued"_s, Role::Rescued));
    auto *bar = new QProgressBar;
    bar->setValue(50);
    form->addRow(u"Progress"_s, bar);
    card->body()->addLayout(form);
    return card;
}

QWidget *createTable(QWidget *parent)
{
    auto *table = new QTableWidget(12, 3, parent);
    table->setHorizontalHeaderLabels({u"Time"_s, u"Client key"_s, u"Model"_s});
    table->setShowGrid(false);
    for (int row = 0; row < table->rowCount(); ++row)
        for (int column = 0; column < 3; ++column)
            table->setItem(row, column, new QTableWidgetItem(u"cell %1,%2"_s.arg(row).arg(column)));
    table->selectRow(1);
    return table;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    Theme theme;
    const QStringList arguments = app.arguments();
    if (arguments.contains(u"--dark"_s))
        theme.setChoice(ThemeChoice::Dark);

    QWidget window;
    window.resize(1000, 780);
    auto *all = new QVBoxLayout(&window);
    auto *tabs = new QTabBar;
    tabs->addTab(u"Overview"_s);
    tabs->addTab(u"Attempts\t3"_s);
    tabs->setCurrentIndex(1);
    tabs->setExpanding(false);
    auto *error = new Banner;
    error->say(Banner::Kind::Error, u"The port 8787 is taken by another program."_s, u"Use 8788"_s);
    auto *warning = new Banner;
    warning->say(Banner::Kind::Warning, u"Anyone on the network can reach the gateway."_s);
    for (QWidget *widget : QList<QWidget *>{createIcons(&window), tabs, error, warning,
                                            createControls(&window), createTable(&window)})
        all->addWidget(widget);
    ToastHost toasts(&window);
    window.show();
    toasts.show({.text = u"Account openai-prod removed."_s, .undo = [] { }});
    return QApplication::exec();
}

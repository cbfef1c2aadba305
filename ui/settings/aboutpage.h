// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <QWidget>

#include <vector>

namespace portolan::ui {

/// What the program is and runs with, where it keeps things, and all of it to copy into a report.
class AboutPage : public QWidget
{
    Q_OBJECT

public:
    AboutPage(const std::vector<control::Version> &versions, const QString &masterKeyHome,
              const QString &dataDirectory, QWidget *parent = nullptr);

    [[nodiscard]] const QString &report() const { return m_report; }

private:
    QString m_report;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <QWidget>

class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace portolan::ui {

class PlainLabel;

/// The header lines of all four ways: client to us, us to each provider, provider to us, us to client.
/// Secrets were masked before they were recorded.
class HeadersTab : public QWidget
{
    Q_OBJECT

public:
    explicit HeadersTab(QWidget *parent = nullptr);
    void setRecord(const trace::Record &record, bool active);

signals:
    void storageSettingsRequested();

private:
    void addGroup(const QString &title, const trace::Pairs &lines);

    QTreeWidget *m_tree = nullptr;
    PlainLabel *m_message = nullptr;
    QPushButton *m_settings = nullptr;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/keys/connectguides.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QListWidget;
class QScrollArea;

namespace portolan::ui {

class CopyField;
class PlainLabel;

/// How programs are pointed at this gateway, with its address and a model of one's choice.
class ConnectPage : public QWidget
{
    Q_OBJECT

public:
    explicit ConnectPage(control::Control &control, QWidget *parent = nullptr);

    void choose(const QString &program); ///< by Guide::id

signals:
    void newKey();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *createTarget();
    void refresh();
    void offerModels();
    void showGuide();
    [[nodiscard]] QString baseUrl() const;

    const QPointer<control::Control> m_control; // outlives the window
    CopyField *m_address = nullptr;
    PlainLabel *m_stopped = nullptr;
    QComboBox *m_model = nullptr;
    QListWidget *m_programs = nullptr;
    QScrollArea *m_scroll = nullptr;
    QString m_shown; // program, address and model of what is on screen
};

} // namespace portolan::ui

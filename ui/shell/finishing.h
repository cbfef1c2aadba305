// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"

#include <QDeadlineTimer>
#include <QDialog>
#include <QTimer>

namespace portolan::ui {

class PlainLabel;

/// The last seconds of the program, without a frozen window: stops the gateway, which lets running requests
/// end within Limits::drain, says so in a small window while there are any, and then tells that it is done.
/// Lives on the GUI thread; `control` outlives it.
class Finishing : public QObject
{
    Q_OBJECT

public:
    explicit Finishing(control::Control &control, QObject *parent = nullptr);
    ~Finishing() override;

    void begin();       ///< once
    void bringNoteUp(); ///< for whoever asks for the window again
    [[nodiscard]] const QDialog &note() const { return m_note; }

signals:
    void done();

private:
    void advance();
    void say();
    void end();

    control::Control &m_control;
    QDialog m_note;
    PlainLabel *m_title = nullptr;
    PlainLabel *m_words = nullptr;
    QDeadlineTimer m_patience;
    QTimer m_tick;
    bool m_ended = false;
};

} // namespace portolan::ui

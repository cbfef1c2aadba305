// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QTimer>

namespace portolan::ui {

/// What the window remembers between runs, in session.json of the data directory: places and sizes, never
/// secrets or bodies. A change is on disk within a second, so that a crash loses nothing. Also counts runs
/// that did not end well.
class Session : public QObject
{
    Q_OBJECT

public:
    /// Reads what is there. A file that cannot be read or parsed counts as none: a window must open.
    explicit Session(const QString &directory, QObject *parent = nullptr);
    ~Session() override; ///< writes what is not written yet

    [[nodiscard]] QJsonObject value(const QString &name) const;
    void setValue(const QString &name, const QJsonObject &value);

    /// Runs in a row, before this one, that ended without endRun().
    [[nodiscard]] int crashesBefore() const { return m_crashesBefore; }
    /// Two in a row: what started with the program may be what ended it.
    [[nodiscard]] bool isSuspicious() const { return m_crashesBefore >= 2; }
    void beginRun(); ///< notes on disk that a run is under way
    void endRun();   ///< notes that it ended as it should

private:
    void write();

    const QString m_file;
    QJsonObject m_all;
    QTimer m_soon;
    int m_crashesBefore = 0;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "ui/theme/tokens.h"

#include <QWidget>

#include <functional>

class QMimeData;
class QPushButton;

namespace portolan::ui {

class PlainLabel;

/// Takes a credential that comes as a file: chosen, dropped or pasted. Only what is in it is kept, in locked
/// memory; where it lies is forgotten at once.
class KeyFileField : public QWidget
{
    Q_OBJECT

public:
    /// `describe` says what a file's content is in words, or why it is none.
    using Describe = std::function<Result<QString>(const SharedSecret &)>;
    explicit KeyFileField(Describe describe, QWidget *parent = nullptr);

    [[nodiscard]] SharedSecret held() const { return m_held; } ///< null: none, or not usable
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString fault() const { return m_fault; } ///< of a file that is no key; empty: none
    void read(const QString &path);                         ///< in the background

signals:
    void changed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void choose();
    void takeFrom(const QMimeData &data); ///< dropped or pasted: a file, or what was in it
    void take(const Result<SharedSecret> &content);
    void say(const QString &words, Role role);

    const Describe m_describe;
    SharedSecret m_held{};
    QString m_fault{};
    quint64 m_generation = 0; // of the file: a slow disk may answer after the next one was chosen
    bool m_dropping = false;
    PlainLabel *m_words = nullptr;
    QPushButton *m_choose = nullptr;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPlainTextEdit;

namespace portolan::ui {

class CopyButton;

/// Text to paste elsewhere: read-only, in the fixed font, as high as its lines, with Copy in its corner.
/// Addresses and the place of the key stand out.
class CodeBlock : public QWidget
{
    Q_OBJECT

public:
    CodeBlock(const QString &accessibleName, const QString &copyName, QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] QString text() const { return m_said; }

signals:
    void copied();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fit();

    QString m_said;
    QPlainTextEdit *m_text = nullptr;
    CopyButton *m_copy = nullptr;
};

} // namespace portolan::ui

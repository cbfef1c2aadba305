// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/home/snippets.h"

#include <QWidget>

class QPlainTextEdit;

namespace portolan::ui {

class CopyButton;
class SegmentedControl;

/// The choice of a language and the snippet for it, read-only, with Copy. Address and place of the key stand
/// out.
class SnippetView : public QWidget
{
    Q_OBJECT

public:
    explicit SnippetView(QWidget *parent = nullptr);

    void setTarget(const QString &baseUrl, const QString &model);
    [[nodiscard]] SegmentedControl *choice() const { return m_choice; }
    [[nodiscard]] QString text() const;

signals:
    void copied();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void fit();

    SegmentedControl *m_choice = nullptr;
    QPlainTextEdit *m_text = nullptr;
    CopyButton *m_copy = nullptr;
    QString m_baseUrl;
    QString m_model;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/snippets.h"

#include <QWidget>

namespace portolan::ui {

class CodeBlock;
class SegmentedControl;

/// The choice of a language and the snippet for it, with Copy.
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

private:
    void refresh();

    SegmentedControl *m_choice = nullptr;
    CodeBlock *m_code = nullptr;
    QString m_baseUrl;
    QString m_model;
};

} // namespace portolan::ui

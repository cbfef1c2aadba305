// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace portolan::ui {

/// "@slug/asked → @slug/served": models strong, slugs muted; one model when both are the same. Takes
/// what a line leaves to it, up to its whole width, and elides.
class RouteLabel : public QWidget
{
    Q_OBJECT

public:
    explicit RouteLabel(QWidget *parent = nullptr);
    void setModels(const QString &asked, const QString &served);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void bound();

    QString m_asked;
    QString m_served; // empty: the same, or not known
};

} // namespace portolan::ui

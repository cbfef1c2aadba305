// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;

namespace portolan::ui {

class IconLabel;
class PlainLabel;

/// A tinted card that says how something went: icon and headline in its first row, whatever belongs to it
/// below.
class ToneCard : public QWidget
{
    Q_OBJECT

public:
    enum class Tone { Good, Bad };

    explicit ToneCard(QWidget *parent = nullptr);

    void setHeadline(Tone tone, const QString &headline);
    [[nodiscard]] QString headline() const;

protected:
    /// Column 0 has the icon, the headline begins in column 1; rows from 1 on are free.
    [[nodiscard]] QGridLayout *grid() const { return m_grid; }
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone = Tone::Good;
    QGridLayout *m_grid = nullptr;
    IconLabel *m_icon = nullptr;
    PlainLabel *m_headline = nullptr;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/palettemodel.h"

#include <QFrame>
#include <QPointer>

#include <functional>

class QLineEdit;
class QListView;

namespace portolan::ui {

class PlainLabel;

/// Ctrl+K: one field to go, do and find. A frame over the window, not a window of its own: it opens at once
/// and takes the focus from nobody for longer than it shows.
class Palette : public QFrame
{
    Q_OBJECT

public:
    struct Offer {
        std::vector<PaletteEntry> fixed{}; ///< commands and places: matched here
        std::vector<PaletteEntry> found{}; ///< what panels found for the text
    };
    /// Asked at each key with the text as typed.
    using Source = std::function<Offer(const QString &typed)>;

    Palette(QWidget *window, Source source);

    void open(const QString &typed = {});
    [[nodiscard]] QStringList recent() const { return m_recent; }
    void setRecent(const QStringList &recent) { m_recent = recent; }
    [[nodiscard]] const PaletteModel &model() const { return *m_model; }

signals:
    void chosen(const portolan::ui::PaletteEntry &entry);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void list();
    void place();
    void choose(const QModelIndex &index);
    void step(int by);
    void close(bool giveFocusBack);
    bool handleKey(int key, Qt::KeyboardModifiers modifiers);

    QWidget *const m_window;
    const Source m_source;
    PaletteModel *m_model = nullptr;
    QLineEdit *m_field = nullptr;
    QListView *m_list = nullptr;
    PlainLabel *m_hint = nullptr;
    PlainLabel *m_count = nullptr;
    QPointer<QWidget> m_before; // had the focus when the palette opened
    QStringList m_recent;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keypage.h"
#include "ui/keys/slugdialogs.h"
#include "ui/keys/virtualkeymodel.h"

namespace portolan::ui {

/// What may be called.
class VirtualKeyPage : public KeyPage
{
    Q_OBJECT

public:
    explicit VirtualKeyPage(control::Control &control, QWidget *parent = nullptr);

    [[nodiscard]] int keys() const override;
    void newSlug();
    void show(const QString &slug);

protected:
    void take() override;
    void showCurrent() override;
    void sayEmpty(EmptyState &state) override;
    void editCurrent() override;

private:
    void createCommands();
    void edit(EditSlugDialog::Begin begin);
    void editLimits();
    void toggle();
    void allowMore();
    void beginAnew();
    void showRequests();
    void remove();
    [[nodiscard]] const control::VirtualKey *current() const;
    [[nodiscard]] const control::VirtualKey *changeable() const; ///< null also for @practice

    VirtualKeyModel *m_keys = nullptr;
    QString m_chosen;
    QString m_wanted; // a slug just made, that comes with the next list
    QAction *m_new = nullptr;
    QAction *m_limits = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_move = nullptr;
    QAction *m_toggle = nullptr;
    QAction *m_allow = nullptr;
    QAction *m_anew = nullptr;
    QAction *m_copy = nullptr;
    QAction *m_logs = nullptr;
    QAction *m_remove = nullptr;
};

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/clientkeymodel.h"
#include "ui/keys/keypage.h"

namespace portolan::ui {

/// Who may call.
class ClientKeyPage : public KeyPage
{
    Q_OBJECT

public:
    explicit ClientKeyPage(control::Control &control, QWidget *parent = nullptr);

    [[nodiscard]] int keys() const override;
    void newKey();
    void show(ClientKeyId id);

signals:
    void connectProgram(); ///< how a program is pointed here

protected:
    void take() override;
    void showCurrent() override;
    void sayEmpty(EmptyState &state) override;
    void editCurrent() override;

private:
    void createCommands();
    void editLimits();
    void rotate();
    void toggle();
    void allowMore();
    void beginAnew();
    void showRequests();
    void remove();
    [[nodiscard]] const control::ClientKeyInfo *current() const;

    ClientKeyModel *m_keys = nullptr;
    ClientKeyId m_chosen{};
    ClientKeyId m_wanted{}; // a key just made, that comes with the next list
    QAction *m_new = nullptr;
    QAction *m_limits = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_rotate = nullptr;
    QAction *m_toggle = nullptr;
    QAction *m_allow = nullptr;
    QAction *m_anew = nullptr;
    QAction *m_logs = nullptr;
    QAction *m_remove = nullptr;
};

} // namespace portolan::ui

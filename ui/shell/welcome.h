// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secretbytes.h"
#include "core/trace/record.h"

#include <QDialog>

class QButtonGroup;

namespace portolan::ui {

class TokenField;

/// What to ask at the first start.
struct WelcomeOptions {
    bool askCapture = false;
    SharedSecret token{}; ///< of the client key just made; null: none to show
    QString baseUrl{};
};

/// First start: what may be kept of each request, and the first client key, which can be seen only now. The
/// token is forgotten when the dialog closes, however it does.
class WelcomeDialog : public QDialog
{
    Q_OBJECT

public:
    explicit WelcomeDialog(const WelcomeOptions &options, QWidget *parent);

    [[nodiscard]] trace::CaptureLevel capture() const;
    void done(int result) override;

signals:
    /// Closed, also by Esc: the level that is marked holds then.
    void answered(portolan::trace::CaptureLevel level);

private:
    QWidget *createCapture();
    QWidget *createToken(const WelcomeOptions &options);

    QButtonGroup *m_levels = nullptr;
    TokenField *m_token = nullptr;
};

} // namespace portolan::ui

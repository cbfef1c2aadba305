// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/tonecard.h"

namespace portolan::ui {

/// How a test of an account went: what was sent, what came, in which time. Green or red, with icon and words.
class TestCard : public ToneCard
{
    Q_OBJECT

public:
    explicit TestCard(QWidget *parent = nullptr); ///< hidden until a result comes

    void setResult(const control::TestResult &result);
    /// The test could not even be made.
    void setFailure(const QString &why);

private:
    void say(Tone tone, const QString &headline, const QString &sent, const QString &message);

    PlainLabel *m_sentName = nullptr;
    PlainLabel *m_sent = nullptr;
    PlainLabel *m_message = nullptr;
};

/// "Works: 200 in 412 ms, 11 models found" or "Failed: 401 in 210 ms".
[[nodiscard]] QString testHeadline(const control::TestResult &result);

} // namespace portolan::ui

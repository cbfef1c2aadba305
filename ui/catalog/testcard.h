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

    /// How it went, or why it could not even be made.
    void setAnswer(const Result<control::TestResult> &result);

private:
    struct Line {
        PlainLabel *name = nullptr;
        PlainLabel *value = nullptr;
    };
    Line addLine(const QString &name);
    static void say(const Line &line, const QString &value);

    Line m_sent{};
    Line m_models{};
    PlainLabel *m_message = nullptr;
};

/// "gpt-4o, gpt-4o-mini, o3 and 12 more"; empty when none was listed.
[[nodiscard]] QString modelsFound(const control::TestResult &result);
/// "Works: 200 in 412 ms, 11 models found" or "Failed: 401 in 210 ms".
[[nodiscard]] QString testHeadline(const control::TestResult &result);

} // namespace portolan::ui

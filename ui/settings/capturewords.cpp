// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/capturewords.h"

#include <QCoreApplication>

namespace portolan::ui {

namespace {

/// The context of this file's translations.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(CaptureWords)
};

} // namespace

QString captureTitle(trace::CaptureLevel level)
{
    switch (level) {
    case trace::CaptureLevel::Full: return Words::tr("Everything");
    case trace::CaptureLevel::Errors: return Words::tr("Bodies of failed requests only");
    case trace::CaptureLevel::Metadata: return Words::tr("No bodies");
    case trace::CaptureLevel::Off: break;
    }
    return Words::tr("Numbers only");
}

QString captureMeaning(trace::CaptureLevel level)
{
    switch (level) {
    case trace::CaptureLevel::Full:
        return Words::tr(
            "Prompts and answers are kept on this computer, so that you can read and search them.");
    case trace::CaptureLevel::Errors:
        return Words::tr("Prompts and answers are kept only where something went wrong.");
    case trace::CaptureLevel::Metadata:
        return Words::tr("Headers without secrets and metadata, but no prompt and no answer.");
    case trace::CaptureLevel::Off: break;
    }
    return Words::tr("Time, model, tokens and cost. No byte of a prompt or an answer reaches a file.");
}

} // namespace portolan::ui

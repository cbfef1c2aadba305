// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/capturewords.h"

#include <QCoreApplication>

namespace portolan::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("portolan::ui::capture", text);
}

} // namespace

QString captureTitle(trace::CaptureLevel level)
{
    switch (level) {
    case trace::CaptureLevel::Full: return tr("Everything");
    case trace::CaptureLevel::Errors: return tr("Bodies of failed requests only");
    case trace::CaptureLevel::Metadata: return tr("No bodies");
    case trace::CaptureLevel::Off: break;
    }
    return tr("Numbers only");
}

QString captureMeaning(trace::CaptureLevel level)
{
    switch (level) {
    case trace::CaptureLevel::Full:
        return tr("Prompts and answers are kept on this computer, so that you can read and search them.");
    case trace::CaptureLevel::Errors:
        return tr("Prompts and answers are kept only where something went wrong.");
    case trace::CaptureLevel::Metadata:
        return tr("Headers without secrets and metadata, but no prompt and no answer.");
    case trace::CaptureLevel::Off: break;
    }
    return tr("Time, model, tokens and cost. No byte of a prompt or an answer reaches a file.");
}

} // namespace portolan::ui

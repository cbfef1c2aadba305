// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"
#include "ui/logs/textpage.h"

#include <string>
#include <vector>

namespace portolan::ui {

/// A body made ready for reading. The texts are as sent; their pages carry the marks (textPage).
struct BodyDocument {
    enum class Form {
        Raw,    ///< byte for byte
        Pretty, ///< JSON laid out
        Text,   ///< of a stream: what the model wrote
        Events, ///< of a stream: one event after the other
    };
    struct View {
        Form form = Form::Raw;
        std::string text{};
        TextPage first{}; ///< ready to be laid out
    };

    std::vector<View> views{}; ///< the most readable first; Raw is always there, unless `binary`
    bool binary = false;       ///< not text: only its type and size can be told
    bool cut = false;          ///< the recorded text is shorter than what was sent
    bool unfinished = false;   ///< a stream that ended within an event

    [[nodiscard]] const View *find(Form form) const noexcept; ///< null: not in this form
};

/// For a worker thread: lays out JSON and puts streams together.
[[nodiscard]] BodyDocument readBody(const trace::Body &body);

} // namespace portolan::ui

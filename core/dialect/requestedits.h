// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonpeek.h"
#include "core/base/jsonvalue.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect {

/// Bytes of a body that are replaced; a range of size 0 is an insertion before its offset.
struct BodyEdit {
    ByteRange range{};
    std::string text{};

    friend bool operator==(const BodyEdit &, const BodyEdit &) = default;
};

/// Puts another model name in the place of the one the client sent. `peek.model` must be there.
[[nodiscard]] BodyEdit modelEdit(const RequestPeek &peek, std::string_view model);

/// Asks for the usage chunk of a stream ("stream_options":{"include_usage":true}, OpenAI). Nothing when the
/// client said itself whether it wants one, or when stream_options is no object: its request goes on as it
/// is.
[[nodiscard]] std::optional<BodyEdit> includeUsageEdit(std::string_view body, const RequestPeek &peek);

/// Takes members of an object, or elements of an array, out with the commas between them: one edit for each
/// run of neighbours. `siblings`: all of them, in their order.
[[nodiscard]] std::vector<BodyEdit> removalEdits(std::span<const JsonValue> siblings,
                                                 const std::function<bool(const JsonValue &)> &goes);

/// The edited body as pieces for one gather write; every byte outside of the edits is the client's own. The
/// pieces view `body` and the edits' texts, which must live on. Edits may come in any order but must not
/// overlap.
[[nodiscard]] std::vector<std::string_view> applyEdits(const std::string &body,
                                                       std::span<const BodyEdit> edits);

} // namespace portolan::dialect

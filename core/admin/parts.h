// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/answer.h"
#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/control/types.h"

#include <QString>

#include <optional>
#include <string>
#include <string_view>

namespace portolan::admin {

// What the calls are made of.

[[nodiscard]] std::unexpected<Error> bad(std::string message);

[[nodiscard]] inline QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

/// A string of the body; nothing when it is absent or null.
[[nodiscard]] Result<std::optional<std::string>> stringOf(const JsonValue &body, std::string_view name);

/// A number of the query; `otherwise` when it is absent, nothing when it is none.
[[nodiscard]] std::optional<std::size_t> queryNumber(const std::string &query, std::string_view name,
                                                     std::size_t otherwise);

struct Page {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// `current_page` counts from 0; without `page_size` all is one page.
[[nodiscard]] std::optional<Page> pageOf(const std::string &query, std::size_t total);
void refusePage(const Answer &answer);

/// Answers with success and nothing more, or refuses.
[[nodiscard]] control::Reply<> doneWith(Answer answer);

} // namespace portolan::admin

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::gateway {

/// Text that is wiped when it goes. It never grows beyond the capacity it was made with, so that no copy is
/// left behind. For the moments between the wire and SecretBytes.
class WipedText
{
public:
    explicit WipedText(std::size_t capacity);
    ~WipedText();
    WipedText(const WipedText &) = delete;
    WipedText &operator=(const WipedText &) = delete;

    /// False, with nothing appended, when it does not fit.
    [[nodiscard]] bool append(std::string_view text);
    [[nodiscard]] std::string_view view() const noexcept { return m_text; }
    [[nodiscard]] std::size_t size() const noexcept { return m_text.size(); }
    [[nodiscard]] char *data() noexcept { return m_text.data(); }

private:
    std::string m_text;
    const std::size_t m_capacity;
};

/// The value of a member of a JSON object as it is written, strings with their quotes; nothing when the text
/// is no object or has no such member. Reads in place: documents would leave a copy of what is secret.
[[nodiscard]] std::optional<std::string_view> jsonMember(std::string_view object, std::string_view name);

/// Appends what a quoted JSON string stands for. False for everything else, and for letters beyond ASCII that
/// are written as \u escapes: no credential has them.
[[nodiscard]] bool appendDecoded(std::string_view quoted, WipedText &out);

} // namespace portolan::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonpeek.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// The boundary that a Content-Type of multipart/form-data names, once, as a token or quoted, of the
/// characters RFC 2046 allows. "multipart.bad_content_type".
Result<std::string> multipartBoundary(std::string_view content_type);

/// A text field of a form.
struct MultipartField {
    std::string value{};
    ByteRange range{}; ///< of the value, counted from the first byte of the body

    friend bool operator==(const MultipartField &, const MultipartField &) = default;
};

/// Finds the fields that routing needs in a multipart/form-data body (RFC 7578) that arrives in any pieces,
/// and keeps none of the rest. The caller holds the body until `model` is there or complete(), edits it at
/// its range, and streams what follows, still fed through here: a second `model` further down, which another
/// reader might take for the real one, is an error. Whatever two readers could read in two ways is one too.
/// After an error the reader is spent.
class MultipartReader
{
public:
    static constexpr std::size_t kPartHeadBytes = 8 * 1024;
    static constexpr std::size_t kFieldBytes = 1024; ///< of a value that is kept

    explicit MultipartReader(std::string_view boundary);
    MultipartReader(const MultipartReader &) = delete;
    MultipartReader &operator=(const MultipartReader &) = delete;

    /// "multipart.bad_delimiter", "multipart.bad_part_head", "multipart.part_head_too_large",
    /// "multipart.field_too_large", "multipart.duplicate_field", "multipart.bad_field".
    Result<> feed(std::string_view piece);
    /// To be asked when the body has ended: "multipart.incomplete" without its closing delimiter.
    [[nodiscard]] Result<> finish() const;

    /// The closing delimiter has been read.
    [[nodiscard]] bool complete() const noexcept { return m_state == State::Epilogue; }

    /// Each is there as soon as the delimiter behind its value has begun.
    [[nodiscard]] const std::optional<MultipartField> &model() const noexcept { return m_model; }
    [[nodiscard]] const std::optional<MultipartField> &stream() const noexcept { return m_stream; }
    [[nodiscard]] const std::optional<MultipartField> &responseFormat() const noexcept
    {
        return m_response_format;
    }

private:
    enum class State : std::uint8_t { Content, DelimiterEnd, PartHead, Epilogue };

    Result<std::string_view> content(std::string_view rest);
    Result<std::string_view> delimiterEnd(std::string_view rest);
    Result<std::string_view> partHead(std::string_view rest);
    Result<> keep(std::string_view bytes);
    Result<> endContent();
    Result<> beginPart();
    std::optional<MultipartField> *fieldNamed(std::string_view name);

    const std::string m_delimiter; // CRLF "--" boundary
    State m_state = State::Content;
    std::size_t m_offset = 0; // bytes read
    std::size_t m_matched
        = 2;                // bytes of the delimiter that the last bytes match; the body begins like a line
    bool m_at_start = true; // the matched CRLF was not read: the content has just begun
    bool m_in_part = false; // else before the first delimiter
    std::string m_line{};   // the part's head, or what follows a delimiter on its line
    std::optional<MultipartField> *m_field = nullptr; // the one whose value is read
    MultipartField m_value{};

    std::optional<MultipartField> m_model{};
    std::optional<MultipartField> m_stream{};
    std::optional<MultipartField> m_response_format{};
};

} // namespace portolan::dialect

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portolan {

/// Bytes that simdjson may read past the end of a body; buffers passed to JsonPeek have that much spare
/// capacity.
inline constexpr std::size_t kJsonPadding = 64;

/// A range of the body, in bytes.
struct ByteRange {
    std::size_t offset = 0;
    std::size_t size = 0;

    [[nodiscard]] std::size_t end() const noexcept { return offset + size; }
    friend bool operator==(const ByteRange &, const ByteRange &) = default;
};

/// What routing needs to know of a JSON request body, read in one pass over bytes that stay as they are.
struct RequestPeek {
    std::optional<std::string> model{}; ///< decoded
    ByteRange model_value{};            ///< of the string with its quotes, for splicing
    std::optional<bool> stream{};
    std::optional<bool> include_usage{};             ///< stream_options.include_usage
    std::optional<ByteRange> stream_options{};       ///< of its object, when it is one
    std::optional<ByteRange> stream_options_value{}; ///< of its value, whatever it is (null, for one)
    std::optional<ByteRange> include_usage_value{};  ///< of its value, whatever it is
    std::size_t object_open = 0; ///< offset just after the first '{': where a member can be inserted
    bool object_empty = false;   ///< the top-level object has no member
    std::optional<std::string> user{};
    std::optional<std::string> service_tier{};
    std::optional<std::int64_t>
        max_tokens{};                      ///< max_completion_tokens, else max_tokens, else max_output_tokens
    std::optional<std::int64_t> choices{}; ///< n: answers asked for
    std::size_t prompt_bytes
        = 0; ///< size of messages, input or prompt: what an estimate of tokens starts from
};

/// Checks a whole body as threat-model D4 says (UTF-8, depth 128, 2,000,000 nodes, no duplicate top-level
/// key, no NaN; numbers of any size pass) and reads what routing needs. Keep one per thread: it holds
/// simdjson's buffers.
class JsonPeek
{
public:
    JsonPeek();
    ~JsonPeek();
    JsonPeek(const JsonPeek &) = delete;
    JsonPeek &operator=(const JsonPeek &) = delete;

    /// `body` should have kJsonPadding bytes of capacity beyond its size (padForJson); without them it is
    /// copied. The error says what is wrong and at which byte: those of validateJson, "json.not_an_object",
    /// "json.duplicate_member".
    Result<RequestPeek> request(const std::string &body);

private:
    struct Parsers;
    std::unique_ptr<Parsers> m_parsers; // simdjson stays out of this header
};

/// Gives the string the spare capacity that JsonPeek asks for.
void padForJson(std::string &body);

} // namespace portolan

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What a whole message and a stream of one have in common.
namespace portolan::dialect::anthropic {

/// Gives the calls of one answer the client's names and ids that differ.
class CallReader
{
public:
    explicit CallReader(Exchange &exchange)
        : m_exchange(exchange)
    { }

    /// Id, name and custom of a tool_use block.
    [[nodiscard]] ToolCallPart read(const JsonValue &block);
    /// True for the call that stands for the answer in the client's JSON schema.
    [[nodiscard]] bool isSchemaTool(const JsonValue &block) const;

private:
    Exchange &m_exchange;
    std::set<std::string, std::less<>> m_ids{};
};

/// Collects what the texts of an answer cite, as OpenAI's annotations (mapping.md 2). Citations of documents
/// have no form there.
class Annotations
{
public:
    void cite(const JsonValue &citation);
    void text(std::string_view piece);
    /// The text is complete: all of it is what the citations since the last call are about. An array of them;
    /// empty when there are none.
    [[nodiscard]] RawJson endText();

private:
    struct Source {
        std::string url{};
        std::string title{};
    };
    std::vector<Source> m_sources{};
    std::int64_t m_start = 0; // in characters of the whole answer
    std::int64_t m_end = 0;
};

} // namespace portolan::dialect::anthropic

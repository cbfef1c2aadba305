// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/answerparts.h"

#include "core/base/jsonwriter.h"

#include <algorithm>

namespace portolan::dialect::anthropic {

ToolCallPart CallReader::read(const JsonValue &block)
{
    ToolCallPart call{.id = block["id"].stringOr("")};
    if (call.id.empty() || m_ids.contains(call.id))
        call.id = m_exchange.ids.next("call_");
    m_ids.insert(call.id);
    call.name = m_exchange.clientToolName(block["name"].stringOr(""));
    call.custom = m_exchange.isCustomTool(call.name);
    return call;
}

bool CallReader::isSchemaTool(const JsonValue &block) const
{
    return !m_exchange.schema_tool.empty() && block["name"].equals(m_exchange.schema_tool);
}

void Annotations::cite(const JsonValue &citation)
{
    if (auto url = citation["url"].string(); url && !url->empty())
        m_sources.push_back({.url = *std::move(url), .title = citation["title"].stringOr("")});
}

void Annotations::text(std::string_view piece)
{
    m_end += std::ranges::count_if(piece, [](char c) { return (std::uint8_t(c) & 0xC0U) != 0x80U; });
}

RawJson Annotations::endText()
{
    RawJson annotations;
    if (!m_sources.empty()) {
        JsonWriter json(annotations.text);
        json.array();
        for (const Source &source : m_sources) {
            json.object().member("type", "url_citation").key("url_citation").object();
            json.member("start_index", m_start).member("end_index", m_end);
            json.member("url", source.url).member("title", source.title).end().end();
        }
        json.end();
    }
    m_sources.clear();
    m_start = m_end;
    return annotations;
}

} // namespace portolan::dialect::anthropic

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/reasoningdetails.h"

#include "core/base/jsonwriter.h"

#include <algorithm>

namespace portolan::dialect::openai {
namespace {

/// The member of such an item that holds its words.
std::string_view wordsMember(std::string_view type)
{
    if (type == "reasoning.text")
        return "text";
    return type == "reasoning.summary" ? "summary" : "";
}

} // namespace

ReasoningDetails::Item &ReasoningDetails::itemFor(const JsonValue &piece)
{
    const std::string type = piece["type"].stringOr("");
    const std::string_view index = piece["index"].raw();
    if (!m_items.empty()) {
        Item &last = m_items.back();
        if (last.type == type && last.index == index && !wordsMember(type).empty())
            return last;
    }
    return m_items.emplace_back(Item{.type = type, .index = std::string(index)});
}

void ReasoningDetails::add(const JsonValue &details)
{
    for (const JsonValue piece : details.elements()) {
        if (!piece.isObject())
            continue;
        Item &item = itemFor(piece);
        for (const JsonValue member : piece.members()) {
            std::string name = member.key();
            if (name == "type" || name == "index")
                continue;
            if (name == wordsMember(item.type) && member.isString()) {
                item.text += member.stringOr("");
                continue;
            }
            const auto known
                = std::ranges::find(item.members, name, &std::pair<std::string, std::string>::first);
            if (known == item.members.end())
                item.members.emplace_back(std::move(name), member.raw());
            else if (member)
                known->second = member.raw();
        }
    }
}

RawJson ReasoningDetails::json() const
{
    RawJson whole;
    if (m_items.empty())
        return whole;
    JsonWriter json(whole.text);
    json.array();
    for (const Item &item : m_items) {
        json.object().member("type", item.type);
        if (!item.index.empty())
            json.key("index").raw(std::string_view(item.index));
        if (const auto words = wordsMember(item.type); !words.empty())
            json.member(words, item.text);
        for (const auto &[name, value] : item.members)
            json.key(name).raw(std::string_view(value));
        json.end();
    }
    json.end();
    return whole;
}

std::string ReasoningDetails::textOf(const JsonValue &details)
{
    std::string text;
    for (const JsonValue piece : details.elements())
        text += piece[wordsMember(piece["type"].stringOr(""))].stringOr("");
    return text;
}

} // namespace portolan::dialect::openai

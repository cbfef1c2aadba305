// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/callassembler.h"

#include "core/dialect/openai/answerparts.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::openai {
CallAssembler::Call *CallAssembler::withIndex(std::int64_t index)
{
    // The newest: an index may have been given twice.
    const auto found = std::ranges::find(m_calls.rbegin(), m_calls.rend(), index, &Call::index);
    return found == m_calls.rend() ? nullptr : &*found;
}

CallAssembler::Call *CallAssembler::withId(std::string_view id)
{
    const auto found = std::ranges::find(m_calls, id, &Call::given_id);
    return found == m_calls.end() ? nullptr : &*found;
}

CallAssembler::Call &CallAssembler::begin(std::optional<std::int64_t> index, const std::string &id)
{
    m_calls.push_back({.index = index, .given_id = id, .id = m_ids.take(id)});
    return m_calls.back();
}

CallAssembler::Call &CallAssembler::callFor(const JsonValue &fragment, const std::string &id,
                                            std::string_view name, std::string_view arguments)
{
    const auto index = fragment["index"].integer();
    Call *call = index ? withIndex(*index) : m_calls.empty() ? nullptr : &m_calls.back();
    if (!id.empty()) {
        if (call && (call->given_id == id || (call->given_id.empty() && name.empty())))
            return *call;
        Call *same_id = withId(id);
        return same_id && !index ? *same_id : begin(index, id);
    }
    if (!call)
        return begin(index, {});
    // Without an id only a name can begin a call; some servers repeat it with every fragment, though.
    if (!name.empty() && !arguments.empty() && !call->name.empty() && isJsonObject(call->arguments))
        return begin(index, {});
    return *call;
}

bool CallAssembler::add(const JsonValue &fragment, StreamEvents &out)
{
    if (!fragment.isObject())
        return true;
    const bool custom = fragment["custom"].isObject();
    const JsonValue body = fragment[custom ? "custom" : "function"];
    const std::string id = fragment["id"].stringOr("");
    const std::string name = body["name"].stringOr("");
    std::string arguments = argumentsOf(body[custom ? "input" : "arguments"]);
    Call &call = callFor(fragment, id, name, arguments);
    call.custom = call.custom || custom;
    m_signature = fragment["extra_content"]["google"]["thought_signature"].stringOr("");
    feed(call, name, std::move(arguments), out);
    return m_calls.size() <= kMostCalls;
}

void CallAssembler::addFunction(const JsonValue &function_call, StreamEvents &out)
{
    Call &call = m_calls.empty() ? begin(std::nullopt, {}) : m_calls.front();
    feed(call, function_call["name"].stringOr(""), argumentsOf(function_call["arguments"]), out);
}

void CallAssembler::feed(Call &call, std::string_view name, std::string arguments, StreamEvents &out)
{
    if (call.name.empty() && !name.empty())
        call.name = m_exchange.clientToolName(name);
    call.arguments += arguments;
    if (call.name.empty())
        return;
    if (call.number < 0) {
        arguments = call.arguments; // those before the name, too
        tellStart(call, out);
    }
    if (!arguments.empty() && !call.wrapped)
        out.emplace_back(ToolCallDelta{m_choice, call.number, std::move(arguments)});
}

void CallAssembler::tellStart(Call &call, StreamEvents &out)
{
    call.number = m_started++;
    call.wrapped = !call.custom && m_exchange.isCustomTool(call.name);
    out.emplace_back(ToolCallStart{m_choice,
                                   call.number,
                                   {.id = call.id,
                                    .name = call.name,
                                    .custom = call.custom || call.wrapped,
                                    .signature = std::exchange(m_signature, {})}});
}

void CallAssembler::end(StreamEvents &out)
{
    for (Call &call : m_calls) {
        if (call.number < 0)
            continue;
        if (call.wrapped)
            out.emplace_back(ToolCallDelta{m_choice, call.number, unwrappedInput(call.arguments)});
        out.emplace_back(ToolCallEnd{m_choice, call.number});
    }
    m_calls.clear();
}

} // namespace portolan::dialect::openai

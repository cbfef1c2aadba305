// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/relativeedits.h"

#include "core/base/jsonvalue.h"
#include "core/base/text.h"
#include "core/dialect/openai/relatives.h"

#include <algorithm>

namespace portolan::dialect::openai {
namespace {

constexpr std::string_view kRefused = "this provider refuses it";

class Editor
{
public:
    Editor(const JsonDocument &body, const Target &target)
        : m_root(body)
        , m_target(target)
        , m_relative(relativeOf(target.flavour.provider))
    { }

    RelativeEdits edit();

private:
    void editMember(const JsonValue &member);
    void editLimit(const JsonValue &member, std::string_view name);
    void editEffort(const JsonValue &member);
    void editMessages(const JsonValue &messages);
    void editMessage(const JsonValue &message);
    void editCalls(const JsonValue &calls);
    void addReasoning(const JsonValue &message, const JsonValue &calls);
    [[nodiscard]] bool isDropped(std::string_view name, const JsonValue &value) const;
    [[nodiscard]] bool thinks() const;
    [[nodiscard]] bool isForeign(std::string_view member) const;

    template <typename Drop>
    void dropMembers(const JsonValue &object, Drop drop);
    void rename(const JsonValue &member, std::string_view name, std::string_view why);
    void replace(ByteRange range, std::string text) { m_out.edits.push_back({range, std::move(text)}); }
    void replaceId(const JsonValue &id);
    void note(Note::Kind kind, std::string_view what, std::string_view why);

    JsonValue m_root;
    const Target &m_target;
    const Relative &m_relative;
    RelativeEdits m_out{};
};

void Editor::note(Note::Kind kind, std::string_view what, std::string_view why)
{
    Note made{.kind = kind, .what = std::string(what), .why = std::string(why)};
    if (std::ranges::find(m_out.notes, made) == m_out.notes.end())
        m_out.notes.push_back(std::move(made));
}

/// Takes members out together with the comma that parts them from what stays. A run of members goes in one
/// edit, so that no two touch.
template <typename Drop>
void Editor::dropMembers(const JsonValue &object, Drop drop)
{
    std::size_t kept_end = 0; // of the last member that stays; 0: none yet
    std::size_t run_begin = 0;
    std::size_t run_end = 0; // 0: no run is open
    for (const JsonValue member : object.members()) {
        if (drop(member)) {
            if (run_end == 0)
                run_begin = kept_end > 0 ? kept_end : member.keyRange().offset;
            run_end = member.range().end();
            continue;
        }
        // At the begin of the object the comma behind the run goes, elsewhere the one before it.
        if (run_end > 0) {
            const std::size_t end = kept_end > 0 ? run_end : member.keyRange().offset;
            replace({run_begin, end - run_begin}, {});
        }
        run_end = 0;
        kept_end = member.range().end();
    }
    if (run_end > 0)
        replace({run_begin, run_end - run_begin}, {});
}

void Editor::rename(const JsonValue &member, std::string_view name, std::string_view why)
{
    const std::string before = member.key();
    if (m_root[name].present())
        return; // the client said both; which one counts is the provider's to say
    replace(member.keyRange(), jsonQuoted(name));
    note(Note::Kind::Changed, before, why);
}

bool Editor::isDropped(std::string_view name, const JsonValue &value) const
{
    if (m_relative.refusesMember(name))
        return true;
    // The default of each is no wish and goes through.
    if (modelRefuses(m_relative, m_target.model, name))
        return value.number() != (name == "temperature" || name == "top_p" ? 1.0 : 0.0);
    if (name == "n")
        return !m_relative.several_answers && value.integer() == 1;
    return name == "reasoning_effort" && m_target.capabilities.reasoning_effort && !m_relative.effort_object
        && !m_relative.thinking_switch && effortNamed(value.stringOr(""))
        && m_relative.efforts.at(std::size_t(*effortNamed(value.stringOr("")))).empty();
}

RelativeEdits Editor::edit()
{
    if (m_relative.id.empty() || !m_root.isObject())
        return {};
    dropMembers(m_root, [&](const JsonValue &member) {
        const std::string name = member.key();
        if (!isDropped(name, member))
            return false;
        note(Note::Kind::Dropped, name, kRefused);
        return true;
    });
    for (const JsonValue member : m_root.members()) {
        if (!isDropped(member.key(), member))
            editMember(member);
    }
    return std::move(m_out);
}

void Editor::editMember(const JsonValue &member)
{
    const std::string name = member.key();
    if (name == "max_tokens" || name == "max_completion_tokens")
        editLimit(member, name);
    else if (name == "seed" && m_relative.seed != name)
        rename(member, m_relative.seed, "this provider's name for it");
    else if (name == "reasoning_effort")
        editEffort(member);
    else if (name == "messages")
        editMessages(member);
}

void Editor::editLimit(const JsonValue &member, std::string_view name)
{
    const bool old_name = name == "max_tokens";
    if (old_name && m_relative.own && isOpenAiReasoner(m_target.model))
        rename(member, "max_completion_tokens", "models that think know only the new name");
    else if (!old_name && !m_relative.max_completion_tokens)
        rename(member, "max_tokens", "this provider's name for it");
}

void Editor::editEffort(const JsonValue &member)
{
    const auto effort = effortNamed(member.stringOr(""));
    // OpenRouter and DeepSeek read all of OpenAI's words themselves.
    if (!effort || m_relative.effort_object || m_relative.thinking_switch)
        return;
    const std::string_view word = m_relative.efforts.at(std::size_t(*effort));
    if (word.empty() || word == effortName(*effort))
        return;
    replace(member.range(), jsonQuoted(word));
    note(Note::Kind::Changed, "reasoning_effort", "sent as " + std::string(word) + ", the nearest there is");
}

void Editor::editMessages(const JsonValue &messages)
{
    for (const JsonValue message : messages.elements())
        editMessage(message);
}

bool Editor::thinks() const
{
    return !m_root["thinking"]["type"].equals("disabled") && !m_root["reasoning_effort"].equals("none");
}

void Editor::editMessage(const JsonValue &message)
{
    const JsonValue role = message["role"];
    if (role.equals("developer") && !m_relative.developer_role) {
        replace(role.range(), "\"system\"");
        note(Note::Kind::Changed, "developer", "this provider calls that role system");
    }
    const bool drops_name = !m_relative.names && !role.equals("tool");
    dropMembers(message, [&](const JsonValue &member) {
        const std::string name = member.key();
        if (!(drops_name && name == "name") && !isForeign(name))
            return false;
        note(Note::Kind::Dropped, "messages." + name, kRefused);
        return true;
    });
    replaceId(message["tool_call_id"]);
    const JsonValue calls = message["tool_calls"];
    editCalls(calls);
    if (m_relative.replays_reasoning && !calls.empty() && thinks())
        addReasoning(message, calls);
}

/// DeepSeek wants it on turns with calls, empty when there was none.
void Editor::addReasoning(const JsonValue &message, const JsonValue &calls)
{
    const JsonValue reasoning = message["reasoning_content"];
    if (reasoning.isString())
        return;
    if (reasoning.present())
        replace(reasoning.range(), "\"\"");
    else
        replace({calls.keyRange().offset, 0}, "\"reasoning_content\":\"\",");
    note(Note::Kind::Changed, "messages.reasoning_content", "this provider wants it on turns with calls");
}

void Editor::editCalls(const JsonValue &calls)
{
    for (const JsonValue call : calls.elements()) {
        replaceId(call["id"]);
        dropMembers(call, [&](const JsonValue &member) { return isForeign(member.key()); });
    }
}

/// What answers of other providers bring into the history (mapping.md 2 and 3). OpenRouter takes them all.
bool Editor::isForeign(std::string_view member) const
{
    if (m_relative.effort_object)
        return false;
    if (member == "thinking_blocks" || member == "extra_content")
        return true;
    const bool strict = m_relative.own || !m_relative.names;
    return strict && (member == "reasoning_content" || member == "reasoning_details");
}

void Editor::replaceId(const JsonValue &id)
{
    if (!id.isString() || (!m_relative.nine_char_ids && !m_relative.own))
        return;
    const std::string given = id.stringOr("");
    const std::string fitting = fittingId(given, m_relative.nine_char_ids ? IdRule::Mistral : IdRule::OpenAi);
    if (fitting == given)
        return;
    replace(id.range(), jsonQuoted(fitting));
    note(Note::Kind::Changed, "tool_call_id", "ids of another provider's calls don't fit this one's form");
}

} // namespace

RelativeEdits relativeEdits(const JsonDocument &body, const Target &target)
{
    return Editor(body, target).edit();
}

} // namespace portolan::dialect::openai

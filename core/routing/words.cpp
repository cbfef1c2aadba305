// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/words.h"

#include "core/base/jsonreader.h"
#include "core/base/text.h"

#include <fmt/format.h>

namespace portolan::routing {

namespace {

/// "a.b" of {"a":{"b":1}}.
JsonValue memberAt(JsonValue at, std::string_view path)
{
    while (at.present()) {
        const auto dot = path.find('.');
        at = at[path.substr(0, dot)];
        if (dot == std::string_view::npos)
            break;
        path.remove_prefix(dot + 1);
    }
    return at;
}

std::string_view modeWord(Mode mode)
{
    switch (mode) {
    case Mode::Single: return "single";
    case Mode::Fallback: return "fallback";
    case Mode::Loadbalance: return "load balance";
    case Mode::Conditional: return "conditional";
    }
    return {};
}

} // namespace

std::string modelOf(const Node &node)
{
    const auto *written = node.settings.params.override_of("model");
    return written ? decodeJsonString(written->text).value_or("") : std::string();
}

std::string labelOf(const Node &node)
{
    if (!node.name.empty())
        return node.name;
    if (!node.isTarget())
        return fmt::format("the {} at {}", modeWord(node.strategy->mode),
                           node.pointer.empty() ? "the top" : node.pointer);
    const std::string model = modelOf(node);
    if (model.starts_with('@'))
        return model;
    const auto &to = node.destination;
    std::string label = !to.slug.empty() ? "@" + to.slug : to.provider;
    if (label.empty())
        label = node.pointer.empty() ? "the target" : "the target at " + node.pointer;
    return model.empty() ? label : fmt::format("{}/{}", label, model);
}

std::string whereabouts(const Node &node)
{
    const std::string label = labelOf(node);
    return node.pointer.empty() || label.ends_with(node.pointer)
        ? label
        : fmt::format("{} at {}", label, node.pointer);
}

std::string slugOf(const Node &target)
{
    const auto model = modelOf(target);
    if (!target.destination.isNamed() && model.starts_with('@') && !model.starts_with("@cf/")
        && !model.starts_with("@hf/"))
        return model.substr(1, model.find('/') - 1);
    return target.destination.slug;
}

std::string inWords(const Outcome &outcome)
{
    if (!outcome.words.empty())
        return outcome.words;
    switch (outcome.kind) {
    case Outcome::Kind::Answered:
    case Outcome::Kind::NotCalled: return fmt::format("{}", outcome.status);
    case Outcome::Kind::NetworkFailure: return "a network failure";
    case Outcome::Kind::RequestTimeout:
    case Outcome::Kind::ClockExpired: return "a time-out";
    }
    return {};
}

std::string identityOf(const Sticky &sticky, const Facts &facts)
{
    std::string identity(facts.caller);
    for (const std::string &field : sticky.hash_fields) {
        const auto dot = field.find('.');
        const std::string_view name = std::string_view(field).substr(dot + 1);
        std::string value;
        if (field.starts_with("metadata."))
            value = facts.metadata ? std::string(facts.metadata(name).value_or("")) : "";
        else if (field.starts_with("headers."))
            value = facts.header ? std::string(facts.header(name).value_or("")) : "";
        else
            value = std::string(memberAt(facts.params, name).raw());
        // Quoted, so that no value can pass for two.
        identity.append("|").append(field).append(":").append(jsonQuoted(value));
    }
    return identity;
}

} // namespace portolan::routing

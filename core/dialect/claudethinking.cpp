// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/claudethinking.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/notes.h"

#include <algorithm>
#include <array>
#include <optional>

namespace portolan::dialect {
namespace {

using Kind = ClaudeThinking::Kind;

constexpr std::int64_t kLeastBudget = 1024;
constexpr std::array<std::int64_t, 7> kBudgets{0, 1024, 2048, 8192, 16384, 24576, 32768};

/// What the trace calls the wish, in the client's words.
std::string_view wishName(Dialect from)
{
    switch (from) {
    case Dialect::Anthropic: return "thinking";
    case Dialect::OpenAiResponses: return "reasoning";
    default: return "reasoning_effort";
    }
}

/// Messages keeps effort and thinking apart: an effort alone does not switch thinking on there.
bool isEffortAlone(const Request &request)
{
    const ReasoningWish &wish = request.reasoning;
    return request.from == Dialect::Anthropic && !wish.adaptive && !wish.budget_tokens && !wish.disabled;
}

bool wantsNone(const ReasoningWish &wish)
{
    return wish.disabled || wish.effort == Effort::None || wish.budget_tokens == 0;
}

bool wantsThinking(const Request &request)
{
    const ReasoningWish &wish = request.reasoning;
    return !wantsNone(wish)
        && (wish.adaptive || wish.budget_tokens || (wish.effort && !isEffortAlone(request)));
}

Effort effortOfBudget(std::int64_t tokens)
{
    return tokens < 2048 ? Effort::Low : tokens < 16384 ? Effort::Medium : Effort::High;
}

std::string_view effortWord(Effort effort, bool disabled)
{
    if (effort == Effort::Minimal)
        return effortName(Effort::Low);
    // Models that can be told not to think refuse that together with more than "high".
    return effortName(disabled ? std::min(effort, Effort::High) : effort);
}

/// The answer's limit as far as thinking has no say in it.
std::int64_t clamped(std::int64_t tokens, Exchange &exchange)
{
    const auto most = exchange.target.capabilities.max_output_tokens;
    if (!most || tokens <= *most)
        return tokens;
    note(exchange, Note::Kind::Changed, "max_tokens", "the model's maximum is lower");
    return *most;
}

void planBudget(const Request &request, ClaudeThinking &plan, Exchange &exchange)
{
    const ReasoningWish &wish = request.reasoning;
    const std::int64_t wanted
        = wish.budget_tokens.value_or(kBudgets.at(std::size_t(wish.effort.value_or(Effort::High))));
    if (!request.max_tokens)
        plan.max_tokens = clamped(plan.max_tokens + std::clamp<std::int64_t>(wanted, 0, 1 << 24), exchange);
    std::int64_t budget = wanted;
    if (!wish.budget_tokens || wanted >= plan.max_tokens)
        budget = std::min(wanted, plan.max_tokens / 5 * 4 + plan.max_tokens % 5 * 4 / 5);
    if (budget < kLeastBudget) {
        note(exchange, Note::Kind::Dropped, wishName(request.from), "max_tokens leaves no room for thinking");
        return;
    }
    plan.kind = Kind::Budget;
    plan.budget_tokens = budget;
}

void planAdaptive(const Request &request, bool forced, ClaudeThinking &plan, Exchange &exchange)
{
    const ReasoningWish &wish = request.reasoning;
    const bool can_stop = !exchange.target.capabilities.always_thinking;
    if (wantsNone(wish) && !can_stop)
        note(exchange, Note::Kind::Dropped, wishName(request.from), "this model always thinks");
    else if (wantsNone(wish) || (forced && can_stop))
        plan.kind = Kind::Disabled;
    else if (wantsThinking(request))
        plan.kind = Kind::Adaptive;
    if (wish.effort && wish.effort != Effort::None)
        plan.effort = effortWord(*wish.effort, plan.kind == Kind::Disabled);
    else if (wish.budget_tokens && plan.kind == Kind::Adaptive)
        plan.effort = effortName(effortOfBudget(*wish.budget_tokens));
}

} // namespace

RawJson ClaudeThinking::json() const
{
    RawJson member;
    if (kind == Kind::Unsaid)
        return member;
    JsonWriter json(member.text);
    json.object().member("type",
                         kind == Kind::Disabled     ? "disabled"
                             : kind == Kind::Budget ? "enabled"
                                                    : "adaptive");
    if (kind == Kind::Budget)
        json.member("budget_tokens", budget_tokens);
    if (thinks() && !display.empty())
        json.member("display", display);
    json.end();
    return member;
}

ClaudeThinking claudeThinking(const Request &request, const Turns &turns, bool forced, Exchange &exchange)
{
    ClaudeThinking plan{.max_tokens
                        = clamped(request.max_tokens.value_or(exchange.target.default_max_tokens), exchange),
                        .max_tokens_is_needed = request.max_tokens.has_value()};
    const auto drop
        = [&](std::string_view why) { note(exchange, Note::Kind::Dropped, wishName(request.from), why); };
    const bool wants = wantsThinking(request);
    switch (exchange.target.capabilities.thinking) {
    case ThinkingStyle::Adaptive:
        if (wants && forced && !exchange.target.capabilities.always_thinking)
            drop("a forced tool and thinking exclude each other");
        planAdaptive(request, forced, plan, exchange);
        break;
    case ThinkingStyle::Budget:
        if (!wants)
            break;
        if (forced)
            drop("a forced tool and thinking exclude each other");
        else if (lacksReasoning(turns))
            drop("the tool turns before have no thinking blocks");
        else
            planBudget(request, plan, exchange);
        break;
    case ThinkingStyle::None:
    case ThinkingStyle::Level:
        if (wants)
            drop("this model is not known to think");
        break;
    }
    if (exchange.target.capabilities.thinking != ThinkingStyle::Adaptive && request.reasoning.effort
        && isEffortAlone(request))
        note(exchange, Note::Kind::Dropped, "output_config.effort", "this model knows no effort");
    plan.display = request.reasoning.display;
    plan.max_tokens_is_needed = plan.max_tokens_is_needed || plan.kind == Kind::Budget;
    return plan;
}

} // namespace portolan::dialect

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/claudethinking.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;

namespace {

Capabilities budget(std::optional<std::int64_t> most = {})
{
    return {.thinking = ThinkingStyle::Budget, .max_output_tokens = most};
}

Capabilities adaptive(bool always = false)
{
    return {.thinking = ThinkingStyle::Adaptive, .always_thinking = always};
}

Request chat(ReasoningWish wish, std::optional<std::int64_t> max_tokens = 10000)
{
    return {.from = Dialect::OpenAiChat, .reasoning = std::move(wish), .max_tokens = max_tokens};
}

Request messages(ReasoningWish wish)
{
    return {.from = Dialect::Anthropic, .reasoning = std::move(wish), .max_tokens = 10000};
}

} // namespace

class TestClaudeThinking : public QObject
{
    Q_OBJECT

private slots:
    void plansByStyleAndWish_data()
    {
        QTest::addColumn<Capabilities>("capabilities");
        QTest::addColumn<Request>("request");
        QTest::addColumn<bool>("forced");
        QTest::addColumn<std::string>("thinking");
        QTest::addColumn<std::string>("effort");
        QTest::addColumn<qint64>("max_tokens");
        const auto row = [](const char *name, Capabilities capabilities, Request request, bool forced,
                            std::string thinking, std::string effort = {}, qint64 max_tokens = 10000) {
            QTest::newRow(name) << capabilities << std::move(request) << forced << std::move(thinking)
                                << std::move(effort) << max_tokens;
        };
        const ReasoningWish high{.effort = Effort::High};
        const std::string adapt = R"({"type":"adaptive"})";
        const std::string off = R"({"type":"disabled"})";
        const auto enabled
            = [](std::string tokens) { return R"({"type":"enabled","budget_tokens":)" + tokens + "}"; };

        row("unknown model", {}, chat(high), false, "");
        row("no wish", budget(), chat({}), false, "");
        row("budget of an effort", budget(), chat({.effort = Effort::Low}), false, enabled("2048"));
        row("four fifths of max_tokens", budget(), chat(high), false, enabled("8000"));
        row("four fifths rounded down", budget(), chat(high, 4001), false, enabled("3200"), "", 4001);
        row("no room", budget(), chat(high, 1279), false, "", "", 1279);
        row("just room", budget(), chat(high, 1280), false, enabled("1024"), "", 1280);
        row("no max_tokens", budget(), chat(high, {}), false, enabled("16384"), "", 4096 + 16384);
        row("no max_tokens, clamped", budget(10000), chat(high, {}), false, enabled("8000"));
        row("clamped to the model", budget(5000), chat(high), false, enabled("4000"), "", 5000);
        row("none on a budget model", budget(), chat({.effort = Effort::None}), false, "");
        row("a forced tool wins", budget(), chat(high), true, "");
        row("own budget", budget(), messages({.budget_tokens = 9500}), false, enabled("9500"));
        row("own budget too large", budget(), messages({.budget_tokens = 20000}), false, enabled("8000"));
        row("own budget too small", budget(), messages({.budget_tokens = 5}), false, "");
        row("a budget that is no number of tokens", budget(), chat({.budget_tokens = -1}), false, "");
        row("the largest budget", budget(), chat({.budget_tokens = INT64_MAX}, {}), false,
            enabled("13425049"), "", 4096 + (1 << 24));
        row("adaptive on a budget model", budget(), messages({.adaptive = true}), false, enabled("8000"));
        row("effort alone on a budget model", budget(), messages(high), false, "");

        row("adaptive effort", adaptive(), chat({.effort = Effort::XHigh}), false, adapt, "xhigh");
        row("minimal is low", adaptive(), chat({.effort = Effort::Minimal}), false, adapt, "low");
        row("none on an adaptive model", adaptive(), chat({.effort = Effort::None}), false, off);
        row("none on one that always thinks", adaptive(true), chat({.effort = Effort::None}), false, "");
        row("forced on an adaptive model", adaptive(), chat({.effort = Effort::Max}), true, off, "high");
        row("forced without a wish", adaptive(), chat({}), true, off);
        row("forced on one that always thinks", adaptive(true), chat(high), true, adapt, "high");
        row("budget on an adaptive model", adaptive(), messages({.budget_tokens = 4096}), false, adapt,
            "medium");
        row("effort alone keeps thinking unsaid", adaptive(), messages(high), false, "", "high");
        row("display", adaptive(), messages({.adaptive = true, .display = "omitted"}), false,
            R"({"type":"adaptive","display":"omitted"})");
        row("disabled", adaptive(), messages({.disabled = true}), false, off);
    }
    void plansByStyleAndWish()
    {
        QFETCH(Capabilities, capabilities);
        QFETCH(Request, request);
        QFETCH(bool, forced);
        QFETCH(std::string, thinking);
        QFETCH(std::string, effort);
        QFETCH(qint64, max_tokens);
        Exchange exchange(1);
        exchange.target.capabilities = capabilities;
        const ClaudeThinking plan = claudeThinking(request, turnsOf(request), forced, exchange);
        QCOMPARE(plan.json().text, thinking);
        QCOMPARE(std::string(plan.effort), effort);
        QCOMPARE(qint64(plan.max_tokens), max_tokens);
    }

    void stopsThinkingWhereTheLoopLostItsBlocks()
    {
        Request request = chat({.effort = Effort::Low});
        request.messages = {
            {.role = Role::User, .parts = {{.content = TextPart{.text = "q"}}}},
            {.role = Role::Assistant, .parts = {{.content = ToolCallPart{.id = "1", .name = "f"}}}},
            {.role = Role::User, .parts = {{.content = ToolResultPart{.call_id = "1"}}}},
        };
        Exchange exchange(1);
        exchange.target.capabilities = budget();
        QVERIFY(!claudeThinking(request, turnsOf(request), false, exchange).thinks());
        QCOMPARE(exchange.notes.size(), std::size_t{1});
        exchange.target.capabilities = adaptive();
        QVERIFY(claudeThinking(request, turnsOf(request), false, exchange).thinks());
    }
};

QTEST_APPLESS_MAIN(TestClaudeThinking)
#include "tst_claudethinking.moc"

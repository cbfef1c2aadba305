// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/modelfacts.h"

#include <QTest>

#include <array>
#include <string>

using namespace portolan::dialect;

class TestModelFacts : public QObject
{
    Q_OBJECT

private slots:
    void readsTheGenerationOfAClaude_data();
    void readsTheGenerationOfAClaude();
    void knowsHowAModelThinks_data();
    void knowsHowAModelThinks();
    void takesFromTheCatalogWhatTheIdDoesNotSay();
};

void TestModelFacts::readsTheGenerationOfAClaude_data()
{
    using Family = ClaudeModel::Family;
    QTest::addColumn<std::string>("id");
    QTest::addColumn<int>("family");
    QTest::addColumn<int>("major");
    QTest::addColumn<int>("minor");
    const auto row = [](const char *id, Family family, int major, int minor) {
        QTest::newRow(id) << std::string(id) << int(family) << major << minor;
    };
    row("claude-sonnet-4-5-20250929", Family::Sonnet, 4, 5);
    row("claude-opus-4-20250514", Family::Opus, 4, 0);
    row("claude-3-5-sonnet-20241022", Family::Sonnet, 3, 5);
    row("claude-3-opus-latest", Family::Opus, 3, 0);
    row("us.anthropic.claude-haiku-4-5-20251001-v1:0", Family::Haiku, 4, 5);
    row("anthropic/claude-opus-4.6", Family::Opus, 4, 6);
    row("claude-sonnet-4-5@20250929", Family::Sonnet, 4, 5);
    row("arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-6-v1", Family::Opus, 4, 6);
    row("claude-fable-5", Family::Fable, 5, 0);
    row("claude-instant-1.2", Family::Other, 0, 0);
    row("gpt-5", Family::Other, 0, 0);
    row("", Family::Other, 0, 0);
}

void TestModelFacts::readsTheGenerationOfAClaude()
{
    QFETCH(std::string, id);
    QFETCH(int, family);
    QFETCH(int, major);
    QFETCH(int, minor);
    const ClaudeModel model = ClaudeModel::parse(id);
    QCOMPARE(int(model.family), family);
    QCOMPARE(model.major, major);
    QCOMPARE(model.minor, minor);
}

void TestModelFacts::knowsHowAModelThinks_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<std::string>("id");
    QTest::addColumn<int>("thinking");
    QTest::addColumn<bool>("always");
    QTest::addColumn<bool>("sampling");
    const auto row = [](Dialect dialect, const char *id, ThinkingStyle thinking, bool always, bool sampling) {
        QTest::newRow(id) << int(dialect) << std::string(id) << int(thinking) << always << sampling;
    };
    row(Dialect::Anthropic, "claude-3-5-haiku-20241022", ThinkingStyle::None, false, true);
    row(Dialect::Anthropic, "claude-3-7-sonnet-20250219", ThinkingStyle::Budget, false, true);
    row(Dialect::Anthropic, "claude-haiku-4-5", ThinkingStyle::Budget, false, true);
    row(Dialect::Anthropic, "claude-opus-4-6", ThinkingStyle::Adaptive, false, true);
    row(Dialect::Anthropic, "claude-opus-4-8", ThinkingStyle::Adaptive, false, false);
    row(Dialect::Anthropic, "claude-opus-5", ThinkingStyle::Adaptive, false, false);
    row(Dialect::Anthropic, "claude-opus-5-5", ThinkingStyle::Adaptive, true, false);
    row(Dialect::Anthropic, "claude-mythos-5-1", ThinkingStyle::Adaptive, true, false);
    row(Dialect::BedrockConverse, "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", ThinkingStyle::Budget,
        false, true);
    row(Dialect::Gemini, "gemini-2.0-flash", ThinkingStyle::None, false, true);
    row(Dialect::Gemini, "gemini-3-pro-preview", ThinkingStyle::Level, false, true);
    row(Dialect::OpenAiChat, "llama-3.3-70b", ThinkingStyle::None, false, true);
}

void TestModelFacts::knowsHowAModelThinks()
{
    QFETCH(int, dialect);
    QFETCH(std::string, id);
    QFETCH(int, thinking);
    QFETCH(bool, always);
    QFETCH(bool, sampling);
    const Capabilities can = capabilitiesOf(Dialect(dialect), {.id = id});
    QCOMPARE(int(can.thinking), thinking);
    QCOMPARE(can.always_thinking, always);
    QCOMPARE(can.sampling_params, sampling);
}

void TestModelFacts::takesFromTheCatalogWhatTheIdDoesNotSay()
{
    static constexpr std::array<std::string_view, 3> kCaps{"reasoning", "json_schema", "no_temperature"};
    const Capabilities can
        = capabilitiesOf(Dialect::Gemini, {.id = "gemini-2.5-flash", .caps = kCaps, .max_output = 65536});
    QCOMPARE(int(can.thinking), int(ThinkingStyle::Budget));
    QVERIFY(can.structured_outputs && can.reasoning_effort && !can.sampling_params);
    QVERIFY(!can.tools_with_json_schema && !can.thought_signatures_required);
    QCOMPARE(can.max_output_tokens, std::optional<std::int64_t>(65536));
}

QTEST_GUILESS_MAIN(TestModelFacts)
#include "tst_modelfacts.moc"

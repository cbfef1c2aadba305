// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/platform.h"
#include "core/dialect/codec.h"
#include "core/dialect/foreignreasoning.h"
#include "core/dialect/openai/relativeedits.h"
#include "core/dialect/openai/relatives.h"
#include "core/dialect/streamtranslator.h"
#include "tests/core/dialect/vendors/sdkclient.h"
#include "tests/core/dialect/vendors/strictness.h"
#include "tests/core/dialect/vendors/toolanswers.h"
#include "tests/core/dialect/vendors/vendortable.h"

#include <QTest>

#include <span>
#include <string>

using namespace portolan;
using namespace portolan::dialect;
using vendors::Api;
using vendors::Client;
using vendors::kClients;
using vendors::kVendors;
using vendors::SdkClient;
using vendors::Vendor;

namespace {

// InvokeModel has no conversations of its own: it is Anthropic's.
constexpr int kTalkers = 6;
constexpr std::size_t kToolUsers = 3;

Target targetOf(const Vendor &vendor)
{
    Target target{.dialect = vendor.dialect,
                  .flavour = {.provider = "openai"},
                  .model = vendor.api == Api::Converse ? "anthropic.claude-sonnet-4-5-v1:0" : "m"};
    const bool claude = vendor.api == Api::Messages || vendor.api == Api::Converse;
    target.capabilities.thinking = claude ? ThinkingStyle::Budget : ThinkingStyle::None;
    target.capabilities.reasoning_effort = !claude;
    target.capabilities.thought_signatures_required = vendor.api == Api::Gemini;
    return target;
}

Exchange exchangeWith(const Vendor &vendor, bool streamed)
{
    Exchange exchange(std::uint64_t(vendor.api) + 7);
    exchange.target = targetOf(vendor);
    exchange.requested_model = "asked-for";
    exchange.stream = streamed;
    return exchange;
}

/// The vendor's answer, as the gateway hands it to the client.
void answer(SdkClient &program, Dialect client, const Vendor &vendor, bool streamed)
{
    const std::string bytes
        = streamed ? vendors::callingStream(vendor.api) : vendors::callingAnswer(vendor.api);
    if (vendor.dialect == client) {
        streamed ? program.takeStream(bytes) : program.take(bytes);
        return;
    }
    const ProviderCodec &provider = *providerCodec(vendor.dialect, Platform::Own);
    Exchange exchange = exchangeWith(vendor, streamed);
    if (!streamed) {
        const auto reply = provider.decodeReply({.body = bytes}, exchange);
        program.take(clientCodec(client)->encodeReply(reply.value(), exchange));
        return;
    }
    StreamTranslator translator(provider, *clientCodec(client), exchange);
    std::string out;
    translator.feed(bytes, out);
    translator.end(out);
    program.takeStream(out);
}

/// The client's request, as the gateway hands it to the vendor; an error begins with "refused".
std::string sent(const SdkClient &program, Dialect client, const Vendor &vendor, bool streamed)
{
    const JsonDocument body = JsonDocument::parse(program.request(streamed)).value();
    Exchange exchange = exchangeWith(vendor, streamed);
    if (vendor.dialect != client) {
        const auto request = clientCodec(client)->decodeRequest(body);
        if (!request)
            return "refused: " + request.error().message;
        const auto wire = providerCodec(vendor.dialect, Platform::Own)->encodeRequest(*request, exchange);
        return wire ? wire->body : "refused: " + wire.error().message;
    }
    std::vector<BodyEdit> edits;
    if (client == Dialect::OpenAiChat)
        edits = openai::relativeEdits(body, exchange.target).edits;
    else if (client == Dialect::Anthropic)
        edits = anthropic::nativeRequest(body, exchange.target, {}).value().edits;
    else
        edits = withoutForeignReasoning(client, body);
    std::string out;
    for (const std::string_view piece : applyEdits(body.text(), edits))
        out += piece;
    return out;
}

bool isClaude(Api api)
{
    return api == Api::Messages || api == Api::Converse;
}

} // namespace

/// A conversation with reasoning and parallel calls that begins at one vendor and goes on at another, for
/// every client (mapping.md 9 and 10): what the second gets must be what it takes, and everything that
/// matters.
class TestConversationMoves : public QObject
{
    Q_OBJECT

private slots:
    void everyVendorGoesOnWhereAnotherBegan_data();
    void everyVendorGoesOnWhereAnotherBegan();
    void aThirdVendorTakesItToo_data();
    void aThirdVendorTakesItToo();
    void onlyClaudeOnBedrockGetsClaudesReasoning();
};

void TestConversationMoves::everyVendorGoesOnWhereAnotherBegan_data()
{
    QTest::addColumn<int>("client");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<bool>("streamed");
    for (const Client &client : std::span(kClients).first(kToolUsers)) {
        for (int from = 0; from < kTalkers; ++from) {
            for (int to = 0; to < kTalkers; ++to) {
                for (const bool streamed : {false, true})
                    QTest::addRow("%s | %s > %s%s", client.name, kVendors[std::size_t(from)].name,
                                  kVendors[std::size_t(to)].name, streamed ? " | streamed" : "")
                        << int(client.dialect) << from << to << streamed;
            }
        }
    }
}

void TestConversationMoves::everyVendorGoesOnWhereAnotherBegan()
{
    QFETCH(int, client);
    QFETCH(int, from);
    QFETCH(int, to);
    QFETCH(bool, streamed);
    const Vendor &first = kVendors[std::size_t(from)];
    const Vendor &second = kVendors[std::size_t(to)];
    SdkClient program{Dialect(client)};
    answer(program, Dialect(client), first, streamed);
    QCOMPARE(program.calls().size(), std::size_t(2));
    program.answerCalls();
    const std::string body = sent(program, Dialect(client), second, streamed);
    const std::string refusal = vendors::refusalOf(second.api, body);
    QVERIFY2(refusal.empty(), (refusal + "\n" + body).c_str());
    QVERIFY2(body.find("portolan") == std::string::npos, body.c_str());
    QVERIFY(body.find("Oslo") < body.find("Bergen"));
    QVERIFY(body.find("warmer") != std::string::npos);

    const std::string secret = vendors::secretOf(first.api);
    if (secret.empty())
        return;
    const bool same = first.api == second.api || (isClaude(first.api) && isClaude(second.api));
    // OpenAI's chat has no place for what the Responses API encrypts.
    const bool can_carry = first.api != Api::Responses || Dialect(client) != Dialect::OpenAiChat;
    if (!same || can_carry)
        QVERIFY2((body.find(secret) != std::string::npos) == same, body.c_str());
}

void TestConversationMoves::aThirdVendorTakesItToo_data()
{
    QTest::addColumn<int>("client");
    QTest::addColumn<int>("to");
    for (const Client &client : std::span(kClients).first(kToolUsers)) {
        for (int to = 0; to < kTalkers; ++to)
            QTest::addRow("%s > %s", client.name, kVendors[std::size_t(to)].name)
                << int(client.dialect) << to;
    }
}

/// All six have had their turn: the first one's marks are not the second's.
void TestConversationMoves::aThirdVendorTakesItToo()
{
    QFETCH(int, client);
    QFETCH(int, to);
    const Vendor &last = kVendors[std::size_t(to)];
    SdkClient program{Dialect(client)};
    for (const Vendor &vendor : std::span(kVendors).first(kTalkers)) {
        if (vendor.dialect == last.dialect)
            continue;
        answer(program, Dialect(client), vendor, true);
        program.answerCalls();
    }
    const std::string body = sent(program, Dialect(client), last, true);
    QVERIFY2(!body.starts_with("refused"), body.c_str());
    QVERIFY2(body.find("portolan") == std::string::npos, body.c_str());
    for (const Vendor &vendor : std::span(kVendors).first(kTalkers)) {
        const std::string secret = vendors::secretOf(vendor.api);
        const bool same = isClaude(vendor.api) && isClaude(last.api);
        if (!secret.empty() && !same)
            QVERIFY2(body.find(secret) == std::string::npos, body.c_str());
    }
}

void TestConversationMoves::onlyClaudeOnBedrockGetsClaudesReasoning()
{
    SdkClient program{Dialect::OpenAiChat};
    answer(program, Dialect::OpenAiChat, kVendors[2], false);
    program.answerCalls();
    const auto body = JsonDocument::parse(program.request(false));
    const auto request = clientCodec(Dialect::OpenAiChat)->decodeRequest(*body);
    QVERIFY(request);
    for (const auto &[model, gets] :
         {std::pair{"us.anthropic.claude-sonnet-4-5-v1:0", true}, {"amazon.nova-pro-v1:0", false}}) {
        Exchange exchange(1);
        exchange.target = {.dialect = Dialect::BedrockConverse, .model = model};
        const auto wire
            = providerCodec(Dialect::BedrockConverse, Platform::Own)->encodeRequest(*request, exchange);
        QVERIFY(wire);
        QCOMPARE(wire->body.find("reasoningContent") != std::string::npos, gets);
    }
}

QTEST_APPLESS_MAIN(TestConversationMoves)
#include "tst_conversationmoves.moc"

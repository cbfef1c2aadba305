// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/target.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string>

using namespace portolan::dialect;

class TestTarget : public QObject
{
    Q_OBJECT

private slots:
    void leavesAnIdThatFitsAsItIs_data();
    void leavesAnIdThatFitsAsItIs();
    void derivesTheSameIdEveryTime_data();
    void derivesTheSameIdEveryTime();
    void givesEveryToolAnAcceptableName_data();
    void givesEveryToolAnAcceptableName();
    void makesIdsThatDifferAndRepeatWithTheSeed();
    void namesEveryEffort();
};

void TestTarget::leavesAnIdThatFitsAsItIs_data()
{
    QTest::addColumn<std::string>("id");
    QTest::addColumn<int>("rule");
    QTest::newRow("openai") << std::string("functions.f:0") << int(IdRule::OpenAi);
    QTest::newRow("anthropic") << std::string("toolu_01-A_b") << int(IdRule::Anthropic);
    QTest::newRow("bedrock") << std::string("functions.f:0") << int(IdRule::Bedrock);
    QTest::newRow("mistral") << std::string("abcDEF123") << int(IdRule::Mistral);
}

void TestTarget::leavesAnIdThatFitsAsItIs()
{
    QFETCH(std::string, id);
    QFETCH(int, rule);
    QCOMPARE(fittingId(id, IdRule(rule)), id);
}

void TestTarget::derivesTheSameIdEveryTime_data()
{
    QTest::addColumn<std::string>("id");
    QTest::addColumn<int>("rule");
    QTest::newRow("openai, too long") << std::string(41, 'x') << int(IdRule::OpenAi);
    QTest::newRow("openai, empty") << std::string() << int(IdRule::OpenAi);
    QTest::newRow("anthropic, letters") << std::string("functions.f:0") << int(IdRule::Anthropic);
    QTest::newRow("bedrock, too long") << std::string(65, 'x') << int(IdRule::Bedrock);
    QTest::newRow("mistral, too long") << std::string("call_123456789") << int(IdRule::Mistral);
    QTest::newRow("mistral, too short") << std::string("a") << int(IdRule::Mistral);
}

void TestTarget::derivesTheSameIdEveryTime()
{
    QFETCH(std::string, id);
    QFETCH(int, rule);
    const std::string derived = fittingId(id, IdRule(rule));
    QVERIFY(derived != id);
    QCOMPARE(fittingId(id, IdRule(rule)), derived);
    QCOMPARE(fittingId(derived, IdRule(rule)), derived);
    QVERIFY(fittingId(id + "y", IdRule(rule)) != derived);
}

void TestTarget::givesEveryToolAnAcceptableName_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<bool>("kept");
    QTest::newRow("plain") << std::string("get_weather") << true;
    QTest::newRow("mcp") << std::string("mcp.server/tool:run") << false;
    QTest::newRow("empty") << std::string() << false;
    QTest::newRow("64") << std::string(64, 'a') << true;
    QTest::newRow("65") << std::string(65, 'a') << false;
    QTest::newRow("umlaut") << std::string("w\xC3\xA4rme") << false;
}

void TestTarget::givesEveryToolAnAcceptableName()
{
    QFETCH(std::string, name);
    QFETCH(bool, kept);
    const std::string fitting = fittingToolName(name);
    QCOMPARE(fitting == name, kept);
    QVERIFY(!fitting.empty() && fitting.size() <= 64);
    QVERIFY(std::ranges::all_of(fitting,
                                [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; }));
    QCOMPARE(fittingToolName(name), fitting);
}

void TestTarget::makesIdsThatDifferAndRepeatWithTheSeed()
{
    IdMaker ids(1);
    IdMaker same(1);
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string id = ids.next("call_");
        QCOMPARE(id.size(), std::size_t(29));
        QCOMPARE(id, same.next("call_"));
        seen.insert(id);
    }
    QCOMPARE(seen.size(), std::size_t(1000));
    QVERIFY(IdMaker(2).next("x") != IdMaker(1).next("x"));
}

void TestTarget::namesEveryEffort()
{
    for (const char *name : {"none", "minimal", "low", "medium", "high", "xhigh", "max"}) {
        const auto effort = effortNamed(name);
        QVERIFY(effort);
        QCOMPARE(effortName(*effort), std::string_view(name));
    }
    QVERIFY(!effortNamed("extreme"));
}

QTEST_GUILESS_MAIN(TestTarget)
#include "tst_target.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/params.h"
#include "cputime.h"
#include "walkworld.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

namespace {

std::string applied(const std::string &body, const Params &params)
{
    const auto document = JsonDocument::parse(body);
    if (!document)
        qFatal("%s", document.error().message.c_str());
    return withParams(*document, params);
}

Params paramsOf(const std::string &members)
{
    return configOf(json("{" + members + "}"))->root().settings.params;
}

} // namespace

class TestParams : public QObject
{
    Q_OBJECT

private slots:
    void changesABody_data();
    void changesABody();
    void dropsByPath_data();
    void dropsByPath();
    void keepsASpellingThatItDoesNotTouch();
    void leavesAloneWhatHasNoMembers_data();
    void leavesAloneWhatHasNoMembers();
    void takesItsTimeWithLargeBodies();
};

/// gateway-protocol 3.6: defaults where a member is absent, then overrides, then drops.
void TestParams::changesABody_data()
{
    QTest::addColumn<std::string>("params");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("result");
    const auto row = [](const char *name, std::string params, std::string body, std::string result) {
        QTest::newRow(name) << params << json(body) << json(result);
    };
    row("nothing", "", "{ 'a' : 1 }", "{ 'a' : 1 }");
    row("override", "'override_params':{'model':'m'}", "{'model':'x','n':1}", "{'model':'m','n':1}");
    row("override of what is absent", "'override_params':{'stream':false}", "{'n':1}",
        "{'n':1,'stream':false}");
    row("override is shallow", "'override_params':{'o':{'a':1}}", "{'o':{'b':2}}", "{'o':{'a':1}}");
    row("override by null", "'override_params':{'a':null}", "{'a':1}", "{'a':null}");
    row("default of what is absent", "'default_params':{'t':0.10}", "{'n':1}", "{'n':1,'t':0.10}");
    row("default of what is there", "'default_params':{'t':0.10}", "{'t':1}", "{'t':1}");
    row("default of what is null", "'default_params':{'t':0.10}", "{'t':null}", "{'t':null}");
    row("override before default", "'default_params':{'t':1},'override_params':{'t':2}", "{}", "{'t':2}");
    row("drop", "'drop_params':['a']", "{'a':1,'b':2}", "{'b':2}");
    row("drop of what is absent", "'drop_params':['x','y.z','w[0]']", "{'a':1}", "{'a':1}");
    row("drop of a default", "'default_params':{'t':1},'drop_params':['t']", "{'a':1}", "{'a':1}");
    row("drop of an override", "'override_params':{'a':2},'drop_params':['a']", "{'a':1}", "{}");
    row("drop inside an override", "'override_params':{'o':{'a':1,'b':2}},'drop_params':['o.a']", "{}",
        "{'o':{'b':2}}");
    row("drop inside a default", "'default_params':{'o':[{'a':1}]},'drop_params':['o[*].a']", "{}",
        "{'o':[{}]}");
    row("order", "'override_params':{'b':9,'z':1},'default_params':{'d':1}", "{'a':1,'b':2,'c':3}",
        "{'a':1,'b':9,'c':3,'d':1,'z':1}");
    row("empty body", "'override_params':{'a':1}", "{}", "{'a':1}");
    row("a name that is escaped", "'override_params':{'model':'m'}", "{'mo\\u0064el':'x'}", "{'model':'m'}");
    row("a member twice", "'override_params':{'o':1}", "{'o':2,'p':3,'o':4}", "{'o':1,'p':3}");
}

void TestParams::changesABody()
{
    QFETCH(std::string, params);
    QFETCH(std::string, body);
    QFETCH(std::string, result);
    QCOMPARE(applied(body, paramsOf(params)), result);
}

void TestParams::dropsByPath_data()
{
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("result");
    const auto row = [](const char *path, std::string result) {
        QTest::newRow(path) << std::string(path) << json(result);
    };
    const std::string all = "{'a':{'b':{'c':1,'d':2}},'t':[{'f':{'s':true,'n':'x'}},{'f':{'s':false}}],"
                            "'m':[{'c':[{'k':1,'v':2},{'v':3}]},{'c':'text'}]}";
    const auto without = [&](const std::string &what, const std::string &instead) {
        std::string text = all;
        text.replace(text.find(what), what.size(), instead);
        return text;
    };
    row("a", without("'a':{'b':{'c':1,'d':2}},", ""));
    row("a.b.c", without("'c':1,", ""));
    row("a.b", without("'b':{'c':1,'d':2}", ""));
    row("t[0]", without("{'f':{'s':true,'n':'x'}},", ""));
    row("t[1]", without(",{'f':{'s':false}}", ""));
    row("t[0].f.s", without("'s':true,", ""));
    row("t[*].f", without("{'f':{'s':true,'n':'x'}},{'f':{'s':false}}", "{},{}"));
    row("t[*]", without("{'f':{'s':true,'n':'x'}},{'f':{'s':false}}", ""));
    row("m[*].c[*].k", without("'k':1,", ""));
    row("m[*].c[0]", without("{'k':1,'v':2},", ""));
    row("t[7].f", all);
    row("t.f", all);
    row("a[0]", all);
    row("a.b.c.d", all);
    for (const char *path : {"", ".", ".a", "a.", "a..b", "a[", "a[]", "a[x]", "a[-1]", "a[0", "a]", "[0]",
                             "a[0]b", "a[99999999999999999999999]", "a[ 0]", "a[+1]"})
        row(path, all);
}

void TestParams::dropsByPath()
{
    QFETCH(std::string, path);
    QFETCH(std::string, result);
    const std::string body = json("{'a':{'b':{'c':1,'d':2}},'t':[{'f':{'s':true,'n':'x'}},{'f':{'s':false}}],"
                                  "'m':[{'c':[{'k':1,'v':2},{'v':3}]},{'c':'text'}]}");
    QCOMPARE(applied(body, {.drops = {path}}), result);
}

void TestParams::keepsASpellingThatItDoesNotTouch()
{
    const std::string body
        = R"({"n":1.0e+2,"big":123456789012345678901234567890,"s":"\u00e9\/","o":{ "b" : 1, "a" : [ ] }})";
    QCOMPARE(applied(body, paramsOf("'override_params':{'z':1}")),
             body.substr(0, body.size() - 1) + R"(,"z":1})");
    QCOMPARE(applied(R"({"o":{"x":1,"y":1.50,"w":"\u00e9"}})", paramsOf("'drop_params':['o.x']")),
             std::string(R"({"o":{"y":1.50,"w":"\u00e9"}})"));
}

void TestParams::leavesAloneWhatHasNoMembers_data()
{
    QTest::addColumn<std::string>("body");
    for (const char *body : {"[1, 2]", "\"x\"", "1", "null"})
        QTest::newRow(body) << std::string(body);
}

void TestParams::leavesAloneWhatHasNoMembers()
{
    QFETCH(std::string, body);
    QCOMPARE(applied(body, paramsOf("'override_params':{'a':1},'drop_params':['a']")), body);
}

void TestParams::takesItsTimeWithLargeBodies()
{
    std::string members;
    for (int i = 0; i < 250; ++i)
        members += (i ? ",'o" : "'o") + std::to_string(i) + "':1";
    std::string body = "{";
    for (int i = 0; i < 300'000; ++i)
        body += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
    const CpuTimer clock;
    const auto result
        = applied(body + "}", paramsOf("'override_params':{" + members + "},'drop_params':['k1','x.y[*]']"));
    QVERIFY2(clock.elapsed_ms() < 1'000, qPrintable(QString::number(clock.elapsed_ms())));
    QVERIFY(result.find("\"k1\":") == std::string::npos);
    QVERIFY(result.ends_with("\"o249\":1}"));
}

QTEST_APPLESS_MAIN(TestParams)
#include "tst_params.moc"

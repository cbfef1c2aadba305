// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/configreader.h"
#include "walkworld.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

namespace {

struct Read {
    Query query{};
    Problems problems{};
};

Read queryOf(const std::string &text)
{
    const auto document = JsonDocument::parse(json(text));
    if (!document)
        qFatal("%s", document.error().message.c_str());
    ConfigReader reader(ConfigLimits{});
    Read read{.query = readQuery(reader, Place{JsonValue(*document), ""}), .problems = reader.takeProblems()};
    return read;
}

Asked asked()
{
    return {
        .body = R"({"model":"gpt-4o","max_tokens":2500,"temperature":0.5,"stream":true,"stop":null,"big":1e21,
                        "million":1000000,"tiny":0.00000012,"texts":["5 apples","inf","-.5e1x","+7","+-7","1e999"],
                        "metadata":{"user":{"plan":"pro"}},"messages":[{"role":"user","content":"hi"}]})",
        .metadata = {{"env", "prod"}, {"plan", "team"}, {"user.tier", "gold"}, {"n", "12"}, {"empty", ""}}};
}

} // namespace

class TestQuery : public QObject
{
    Q_OBJECT

private slots:
    void holdsOrNot_data();
    void holdsOrNot();
    void asksThePathWithAndWithoutItsVersion_data();
    void asksThePathWithAndWithoutItsVersion();
    void knowsNothingOfABodyThatIsNoJson();
    void reportsWhatNobodyCanAsk_data();
    void reportsWhatNobodyCanAsk();
};

/// gateway-protocol 3.5, with the recommendations there and the defects 11 of section 11 mended.
void TestQuery::holdsOrNot_data()
{
    QTest::addColumn<std::string>("query");
    QTest::addColumn<bool>("holds");
    const auto row
        = [](const char *name, std::string query, bool holds) { QTest::newRow(name) << query << holds; };
    row("nothing is asked", "{}", true);
    row("literal", "{'metadata.env':'prod'}", true);
    row("another literal", "{'metadata.env':'dev'}", false);
    row("$eq", "{'metadata.env':{'$eq':'prod'}}", true);
    row("$eq tells a text from a number", "{'metadata.n':{'$eq':12}}", false);
    row("$eq tells a number from a text", "{'params.max_tokens':'2500'}", false);
    row("$eq of numbers however they are written", "{'params.max_tokens':2.5e3}", true);
    row("$eq true", "{'params.stream':true}", true);
    row("$eq true is not 1", "{'params.stream':1}", false);
    row("$eq null", "{'params.stop':null}", true);
    row("$eq null is not missing", "{'params.nothing':null}", false);
    row("$eq of a container", "{'params.messages':'x'}", false);
    row("empty text is there", "{'metadata.empty':''}", true);
    row("$ne", "{'metadata.env':{'$ne':'dev'}}", true);
    row("$ne of the same", "{'metadata.env':{'$ne':'prod'}}", false);
    row("$ne of what is missing", "{'metadata.nothing':{'$ne':'x'}}", true);
    row("$ne of a container", "{'params.messages':{'$ne':'x'}}", true);
    row("$in", "{'metadata.plan':{'$in':['team','enterprise']}}", true);
    row("$in of others", "{'metadata.plan':{'$in':['free']}}", false);
    row("$in of nothing", "{'metadata.plan':{'$in':[]}}", false);
    row("$in of what is missing", "{'metadata.nothing':{'$in':['x']}}", false);
    row("$in needs a list", "{'metadata.plan':{'$in':'team'}}", false);
    row("$in of numbers", "{'params.max_tokens':{'$in':[1,2500]}}", true);
    row("$nin", "{'metadata.plan':{'$nin':['free']}}", true);
    row("$nin of the same", "{'metadata.plan':{'$nin':['team']}}", false);
    row("$nin of what is missing", "{'metadata.nothing':{'$nin':['x']}}", true);
    row("$gt", "{'params.max_tokens':{'$gt':2000}}", true);
    row("$gt of the same", "{'params.max_tokens':{'$gt':2500}}", false);
    row("$gte of the same", "{'params.max_tokens':{'$gte':2500}}", true);
    row("$lt", "{'params.temperature':{'$lt':0.6}}", true);
    row("$lte of the same", "{'params.temperature':{'$lte':0.5}}", true);
    row("$lt of more", "{'params.temperature':{'$lt':0.4}}", false);
    row("$gt reads a text's number", "{'metadata.n':{'$gt':'11'}}", true);
    row("$gt reads the number a text begins with", "{'params.texts.0':{'$gt':4}}", true);
    row("$gt: inf is no number", "{'params.texts.1':{'$gt':4}}", false);
    row("$lt reads signs, points and exponents", "{'params.texts.2':{'$lt':-4}}", true);
    row("$gt reads a plus", "{'params.texts.3':{'$gt':6}}", true);
    row("$lt: two signs are no number", "{'params.texts.4':{'$lt':6}}", false);
    row("$gt of more than a double holds", "{'params.texts.5':{'$gt':6}}", true);
    row("$gt of what is missing", "{'params.nothing':{'$gt':-1}}", false);
    row("$lt of what is missing", "{'params.nothing':{'$lt':1}}", false);
    row("$gt of a truth", "{'params.stream':{'$gt':0}}", false);
    row("two bounds", "{'params.max_tokens':{'$gt':2000,'$lt':3000}}", true);
    row("two bounds, one not", "{'params.max_tokens':{'$gt':2000,'$lt':2400}}", false);
    row("$regex", "{'params.model':{'$regex':'^gpt-4'}}", true);
    row("$regex of another", "{'params.model':{'$regex':'^claude'}}", false);
    row("$regex beside another operator", "{'params.model':{'$regex':'^gpt','$ne':'gpt-4o'}}", false);
    row("$regex of what is missing", "{'params.nothing':{'$regex':'^u'}}", false);
    row("$regex that finds all, of what is missing", "{'params.nothing':{'$regex':''}}", false);
    row("$regex of a number", "{'params.max_tokens':{'$regex':'^25'}}", true);
    row("$regex of a round number", "{'params.million':{'$regex':'^1000000$'}}", true);
    row("$regex of a very large number", "{'params.big':{'$regex':'^1e\\\\+21$'}}", true);
    row("$regex of a very small number", "{'params.tiny':{'$regex':'^1\\\\.2e-7$'}}", true);
    row("$regex of a fraction", "{'params.temperature':{'$regex':'^0\\\\.5$'}}", true);
    row("$regex of a truth", "{'params.stream':{'$regex':'^true$'}}", true);
    row("siblings: both hold", "{'metadata.env':'prod','params.model':'gpt-4o'}", true);
    row("siblings: one does not", "{'metadata.env':'prod','params.model':'x'}", false);
    row("$and", "{'$and':[{'metadata.env':'prod'},{'params.stream':true}]}", true);
    row("$and, one does not", "{'$and':[{'metadata.env':'prod'},{'params.stream':false}]}", false);
    row("$and of nothing", "{'$and':[]}", true);
    row("$or", "{'$or':[{'metadata.env':'dev'},{'params.stream':true}]}", true);
    row("$or, none does", "{'$or':[{'metadata.env':'dev'},{'params.stream':false}]}", false);
    row("$or of nothing", "{'$or':[]}", false);
    row("$or beside a sibling that does not", "{'$or':[{'metadata.env':'prod'}],'params.model':'x'}", false);
    row("$and beside $or", "{'$and':[{'metadata.env':'prod'}],'$or':[{'metadata.env':'dev'}]}", false);
    row("$or in $and", "{'$and':[{'$or':[{'metadata.env':'x'},{'metadata.plan':'team'}]}]}", true);
    row("$and in $or", "{'$or':[{'$and':[{'metadata.env':'x'}]},{'$and':[{}]}]}", true);
    row("a member of a member", "{'params.metadata.user.plan':'pro'}", true);
    row("an element of a list", "{'params.messages.0.role':'user'}", true);
    row("behind the end of a list", "{'params.messages.1.role':'user'}", false);
    row("no position in a list", "{'params.messages.00x.role':'user'}", false);
    row("metadata with a dot in its name", "{'metadata.user.tier':'gold'}", true);
}

void TestQuery::holdsOrNot()
{
    QFETCH(std::string, query);
    QFETCH(bool, holds);
    const auto read = queryOf(query);
    QVERIFY2(!hasErrors(read.problems), read.problems.empty() ? "" : read.problems.front().message.c_str());
    const AskedFacts facts(asked());
    QCOMPARE(read.query.holds(facts), holds);
}

void TestQuery::asksThePathWithAndWithoutItsVersion_data()
{
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("query");
    QTest::addColumn<bool>("holds");
    const auto row = [](const char *name, std::string path, std::string query, bool holds) {
        QTest::newRow(name) << path << query << holds;
    };
    row("whole", "/v1/responses", "{'url.pathname':'/v1/responses'}", true);
    row("as the documentation writes it", "/v1/responses", "{'url.pathname':{'$regex':'^/responses'}}", true);
    row("anchored with the version", "/v1/responses", "{'url.pathname':{'$regex':'^/v1/resp'}}", true);
    row("another", "/v1/responses", "{'url.pathname':{'$regex':'^/chat'}}", false);
    row("part", "/v1/embeddings", "{'url.pathname':{'$regex':'embed'}}", true);
    row("$ne holds for both spellings", "/v1/responses", "{'url.pathname':{'$ne':'/responses'}}", false);
    row("$nin likewise", "/v1/responses", "{'url.pathname':{'$nin':['/v1/responses']}}", false);
    row("$ne of another", "/v1/responses", "{'url.pathname':{'$ne':'/chat'}}", true);
    row("without a version", "/v1", "{'url.pathname':'/v1'}", true);
}

void TestQuery::asksThePathWithAndWithoutItsVersion()
{
    QFETCH(std::string, path);
    QFETCH(std::string, query);
    QFETCH(bool, holds);
    const auto read = queryOf(query);
    QVERIFY(read.problems.empty());
    const AskedFacts facts({.pathname = path});
    QCOMPARE(read.query.holds(facts), holds);
}

void TestQuery::knowsNothingOfABodyThatIsNoJson()
{
    const AskedFacts facts({.body = "--boundary"});
    QVERIFY(!queryOf("{'params.model':{'$regex':''}}").query.holds(facts));
    QVERIFY(queryOf("{'params.model':{'$ne':'gpt-4o'}}").query.holds(facts));
}

void TestQuery::reportsWhatNobodyCanAsk_data()
{
    QTest::addColumn<std::string>("query");
    QTest::addColumn<std::string>("pointer");
    QTest::addColumn<std::string>("code");
    QTest::addColumn<bool>("isError");
    const auto row = [](const char *name, std::string query, std::string pointer, std::string code,
                        bool isError = true) { QTest::newRow(name) << query << pointer << code << isError; };
    row("unknown operator", "{'metadata.a':{'$like':'x'}}", "/metadata.a/$like", "config.unknown_operator");
    row("$not", "{'$not':{'metadata.a':'x'}}", "/$not", "config.unknown_operator");
    row("list as value", "{'metadata.a':['x']}", "/metadata.a", "config.unknown_operator");
    row("unknown field", "{'meta.a':'x'}", "/meta.a", "config.bad_field");
    row("headers only stick", "{'headers.a':'x'}", "/headers.a", "config.bad_field");
    row("metadata of no name", "{'metadata.':'x'}", "/metadata.", "config.bad_field");
    row("another part of the url", "{'url.host':'x'}", "/url.host", "config.bad_field");
    row("member without $", "{'metadata.a':{'eq':'x'}}", "/metadata.a/eq", "config.unknown_operator");
    row("$eq of an object", "{'metadata.a':{'$eq':{}}}", "/metadata.a/$eq", "config.bad_type");
    row("$gt of a list", "{'params.a':{'$gt':[1]}}", "/params.a/$gt", "config.bad_type");
    row("$in with an object", "{'params.a':{'$in':[1,{}]}}", "/params.a/$in/1", "config.bad_type");
    row("$in without a list", "{'params.a':{'$in':'x'}}", "/params.a/$in", "config.not_a_list", false);
    row("$nin without a list", "{'params.a':{'$nin':null}}", "/params.a/$nin", "config.not_a_list", false);
    row("$regex of a number", "{'params.a':{'$regex':1}}", "/params.a/$regex", "config.bad_type");
    row("$regex with look-ahead", "{'params.a':{'$regex':'(?=x)'}}", "/params.a/$regex",
        "config.bad_pattern");
    row("$and of an object", "{'$and':{}}", "/$and", "config.bad_type");
    row("$or of texts", "{'$or':['x']}", "/$or/0", "config.bad_type");
    row("a text", "'x'", "", "config.bad_type");
    row("a tilde and a slash", "{'a~b/c':'x'}", "/a~0b~1c", "config.bad_field");
    row("too deep",
        "{'$and':[{'$and':[{'$and':[{'$and':[{'$and':[{'$and':[{'$and':[{'$and':[{}]}]}]}]}]}]}]}]}",
        "/$and/0/$and/0/$and/0/$and/0/$and/0/$and/0/$and/0/$and/0", "config.too_deep");
}

void TestQuery::reportsWhatNobodyCanAsk()
{
    QFETCH(std::string, query);
    QFETCH(std::string, pointer);
    QFETCH(std::string, code);
    QFETCH(bool, isError);
    const auto problems = queryOf(query).problems;
    QCOMPARE(problems.size(), std::size_t(1));
    QCOMPARE(problems.front().pointer, pointer);
    QCOMPARE(problems.front().code, code);
    QCOMPARE(problems.front().severity == Severity::Error, isError);
    QVERIFY(!problems.front().message.empty());
}

QTEST_APPLESS_MAIN(TestQuery)
#include "tst_query.moc"

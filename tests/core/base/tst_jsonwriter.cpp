// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonwriter.h"

#include <QTest>

#include <string>

using namespace portolan;

class TestJsonWriter : public QObject
{
    Q_OBJECT

private slots:
    void putsCommasWhereTheyBelong();
    void splicesRawTextUnchanged();
    void escapesWhatJsonMustNotHold();
    void spellsNumbersShortest();
};

void TestJsonWriter::putsCommasWhereTheyBelong()
{
    std::string out;
    JsonWriter json(out);
    json.object();
    json.key("a").array().integer(1).string("x").object().end().array().end().null().end();
    json.member("b", true).member("c", 7).key("d").object().member("e", "f").end();
    json.end();
    QCOMPARE(out, std::string(R"({"a":[1,"x",{},[],null],"b":true,"c":7,"d":{"e":"f"}})"));
}

void TestJsonWriter::splicesRawTextUnchanged()
{
    std::string out;
    JsonWriter(out).array().raw(RawJson{R"({"z" : 1.0e5})"}).raw("2").end();
    QCOMPARE(out, std::string(R"([{"z" : 1.0e5},2])"));
}

void TestJsonWriter::escapesWhatJsonMustNotHold()
{
    std::string out;
    JsonWriter(out).string(std::string_view("a\"b\\c\n\x01\xFF", 8));
    QVERIFY2(out.find('\n') == std::string::npos && out.find('\x01') == std::string::npos, out.c_str());
    QVERIFY(out.ends_with("\xEF\xBF\xBD\""));
}

void TestJsonWriter::spellsNumbersShortest()
{
    std::string out;
    JsonWriter(out).array().number(0.1).number(3).number(-2.5e-8).integer(INT64_MIN).end();
    QCOMPARE(out, std::string("[0.1,3,-2.5e-08,-9223372036854775808]"));
}

QTEST_GUILESS_MAIN(TestJsonWriter)
#include "tst_jsonwriter.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonvalue.h"

#include <QTest>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace portolan;

class TestJsonValue : public QObject
{
    Q_OBJECT

private slots:
    void answersEveryQuestionAboutWhatIsAbsent();
    void takesTheLastOfMembersWithOneName();
    void findsAMemberWhoseNameIsEscaped();
    void walksInTheOrderOfTheText();
    void readsWholeNumbers_data();
    void readsWholeNumbers();
    void givesTheTextAsItWasWritten();
    void tellsNullFromAbsent();
};

namespace {

JsonDocument parsed(std::string text)
{
    auto document = JsonDocument::parse(std::move(text));
    if (!document)
        qFatal("%s", document.error().message.c_str());
    return std::move(*document);
}

} // namespace

void TestJsonValue::answersEveryQuestionAboutWhatIsAbsent()
{
    const JsonDocument document = parsed(R"({"a":1})");
    const JsonValue nothing = JsonValue(document)["b"]["c"];
    QVERIFY(!nothing);
    QVERIFY(!nothing.present());
    QVERIFY(!nothing.string() && !nothing.integer() && !nothing.number() && !nothing.boolean());
    QCOMPARE(nothing.stringOr("x"), std::string("x"));
    QVERIFY(nothing.raw().empty() && nothing.key().empty() && nothing.empty());
    QCOMPARE(nothing.size(), std::size_t(0));
    QVERIFY(!JsonValue(document)["a"].string());
    QVERIFY(JsonValue(document)["a"].elements().begin() == JsonValue(document)["a"].elements().end());
}

void TestJsonValue::takesTheLastOfMembersWithOneName()
{
    const JsonDocument document = parsed(R"({"a":1,"b":2,"a":3})");
    QCOMPARE(JsonValue(document)["a"].integer(), std::optional<std::int64_t>(3));
}

void TestJsonValue::findsAMemberWhoseNameIsEscaped()
{
    const JsonDocument document = parsed("{\"r\\u006fle\":\"us\\u0065r\"}");
    QVERIFY(JsonValue(document)["role"].equals("user"));
}

void TestJsonValue::walksInTheOrderOfTheText()
{
    const JsonDocument document = parsed(R"({"z":[3,1,2],"a":{}})");
    std::vector<std::string> names;
    for (const JsonValue member : JsonValue(document).members())
        names.push_back(member.key());
    QCOMPARE(names, (std::vector<std::string>{"z", "a"}));
    std::string digits;
    for (const JsonValue element : JsonValue(document)["z"].elements())
        digits += element.raw();
    QCOMPARE(digits, std::string("312"));
    QCOMPARE(JsonValue(document)["z"].size(), std::size_t(3));
    QVERIFY(JsonValue(document)["a"].empty());
}

void TestJsonValue::readsWholeNumbers_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::optional<std::int64_t>>("value");
    const auto row = [](const char *text, std::optional<std::int64_t> value) {
        QTest::newRow(text) << std::string(text) << value;
    };
    row("0", 0);
    row("-7", -7);
    row("3.0", 3);
    row("3e2", 300);
    row("3.5", std::nullopt);
    row("9223372036854775807", 9223372036854775807LL);
    row("9223372036854775808", std::nullopt);
    row("1e400", std::nullopt);
    row("true", std::nullopt);
}

void TestJsonValue::readsWholeNumbers()
{
    QFETCH(std::string, text);
    QFETCH(std::optional<std::int64_t>, value);
    const JsonDocument document = parsed("[" + text + "]");
    QCOMPARE((*JsonValue(document).elements().begin()).integer(), value);
}

void TestJsonValue::givesTheTextAsItWasWritten()
{
    const JsonDocument document = parsed(R"({"input": {"b" : 1.50, "a":12345678901234567890} })");
    QCOMPARE(JsonValue(document)["input"].rawJson(), RawJson{R"({"b" : 1.50, "a":12345678901234567890})"});
}

void TestJsonValue::tellsNullFromAbsent()
{
    const JsonDocument document = parsed(R"({"a":null})");
    const JsonValue value = JsonValue(document)["a"];
    QVERIFY(value.present() && value.isNull() && !value);
}

QTEST_GUILESS_MAIN(TestJsonValue)
#include "tst_jsonvalue.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/jsonschema.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;

class TestJsonSchema : public QObject
{
    Q_OBJECT

private slots:
    void givesToolsAnObject_data()
    {
        QTest::addColumn<std::string>("schema");
        QTest::addColumn<std::string>("sent");
        const auto row = [](const char *name, std::string schema, std::string sent) {
            QTest::newRow(name) << std::move(schema) << std::move(sent);
        };
        row("none", "", R"({"type":"object","properties":{}})");
        row("null", "null", R"({"type":"object","properties":{}})");
        row("broken", "{", R"({"type":"object","properties":{}})");
        row("empty", "{ }", R"({"type":"object" })");
        row("no type", R"({"properties":{"a":{}}})", R"({"type":"object","properties":{"a":{}}})");
        row("as it was", R"({ "type" : "object", "x":1.0e2 })", R"({ "type" : "object", "x":1.0e2 })");
        row("no object at all", "true", "true");
    }
    void givesToolsAnObject()
    {
        QFETCH(std::string, schema);
        QFETCH(std::string, sent);
        QCOMPARE(objectSchema({schema}).text, sent);
    }

    void closesEveryObject_data()
    {
        QTest::addColumn<std::string>("schema");
        QTest::addColumn<std::string>("closed");
        const auto row = [](const char *name, std::string schema, std::string closed) {
            QTest::newRow(name) << std::move(schema) << std::move(closed);
        };
        row("closed already", R"({"type":"object","additionalProperties":false})",
            R"({"type":"object","additionalProperties":false})");
        row("open on purpose", R"({"type":"object","additionalProperties":{"type":"string"}})",
            R"({"type":"object","additionalProperties":{"type":"string"}})");
        row("inside", R"({"type":"object","properties":{"a":{"type":["object","null"]}}})",
            R"({"additionalProperties":false,"type":"object","properties":)"
            R"({"a":{"additionalProperties":false,"type":["object","null"]}}})");
        row("items, choices and definitions",
            R"({"items":{"type":"object"},"anyOf":[{"properties":{}}],"$defs":{"d":{"type":"object"}}})",
            R"({"items":{"additionalProperties":false,"type":"object"},)"
            R"("anyOf":[{"additionalProperties":false,"properties":{}}],)"
            R"("$defs":{"d":{"additionalProperties":false,"type":"object"}}})");
        row("a property that is named like a keyword", R"({"properties":{"properties":{"type":"string"}}})",
            R"({"additionalProperties":false,"properties":{"properties":{"type":"string"}}})");
        row("an example is data", R"({"type":"string","default":{"type":"object"}})",
            R"({"type":"string","default":{"type":"object"}})");
        row("broken", "{", "{");
    }
    void closesEveryObject()
    {
        QFETCH(std::string, schema);
        QFETCH(std::string, closed);
        QCOMPARE(closedSchema({schema}).text, closed);
    }
};

QTEST_APPLESS_MAIN(TestJsonSchema)
#include "tst_jsonschema.moc"

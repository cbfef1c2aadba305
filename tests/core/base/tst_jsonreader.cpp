// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonreader.h"

#include <QTest>

#include <string>

using namespace portolan;

class TestJsonReader : public QObject
{
    Q_OBJECT

private slots:
    /// Names as in JSON test suites: y_ must be accepted, n_ refused.
    void acceptsWhatRfc8259Allows_data()
    {
        QTest::addColumn<std::string>("text");
        const auto row = [](const char *name, std::string text) { QTest::newRow(name) << std::move(text); };
        row("y_object", R"({"a":1,"b":[true,false,null]})");
        row("y_blanks", " \t\r\n{ \"a\" : [ 1 , 2 ] } \n");
        row("y_empty_containers", "[[],{}]");
        row("y_scalar_string", R"("x")");
        row("y_scalar_number", "-0");
        row("y_numbers", "[0,-0,1,-1,10,0.5,1e5,1E+5,1e-5,-1.25e10]");
        row("y_integer_over_64_bits", "123456789012345678901234567890");
        row("y_exponent_over_double", "1e400");
        row("y_escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uD83D\\uDE00\\u0000\"");
        row("y_del_and_c1", "\"\x7f\xC2\x80\"");
        row("y_duplicate_names", R"({"a":1,"a":2})");
        row("y_empty_name", R"({"":0})");
        row("y_utf8", "\"\xF0\x9F\x98\x80\"");
        row("n_empty", "");
        row("n_blanks_only", "  ");
        row("n_bom", "\xEF\xBB\xBF{}");
        row("n_two_values", "1 2");
        row("n_rest", "{}x");
        row("n_trailing_comma_array", "[1,]");
        row("n_trailing_comma_object", R"({"a":1,})");
        row("n_leading_comma", "[,1]");
        row("n_double_comma", "[1,,2]");
        row("n_no_comma", "[1 2]");
        row("n_no_colon", R"({"a" 1})");
        row("n_name_alone", R"({"a"})");
        row("n_name_without_quotes", "{a:1}");
        row("n_name_in_single_quotes", "{'a':1}");
        row("n_mismatched", "[1}");
        row("n_unclosed_array", "[1");
        row("n_unclosed_object", R"({"a":1)");
        row("n_closing_only", "]");
        row("n_leading_zero", "01");
        row("n_negative_leading_zero", "-01");
        row("n_point_first", ".5");
        row("n_point_last", "5.");
        row("n_plus", "+1");
        row("n_minus_alone", "-");
        row("n_exponent_empty", "1e");
        row("n_exponent_sign_only", "1e+");
        row("n_hex", "0x1");
        row("n_nan", "NaN");
        row("n_infinity", "-Infinity");
        row("n_word", "nul");
        row("n_upper_word", "TRUE");
        row("n_word_with_rest", "truex");
        row("n_string_open", "\"a");
        row("n_string_control", "\"a\nb\"");
        row("n_string_nul", std::string("\"a\0b\"", 5));
        row("n_escape_unknown", "\"\\a\"");
        row("n_escape_short", "\"\\u12\"");
        row("n_escape_no_hex", "\"\\u12g4\"");
        row("n_escape_at_end", "\"\\");
        row("n_high_surrogate_alone", "\"\\ud83d\"");
        row("n_high_surrogate_twice", "\"\\ud83d\\ud83d\"");
        row("n_low_surrogate_alone", "\"\\ude00\"");
        row("n_invalid_utf8", "\"\xff\"");
        row("n_overlong_utf8", "\"\xC0\xAF\"");
        row("n_comment", "/* */ 1");
        row("n_nul_behind", std::string("1\0", 2));
    }
    void acceptsWhatRfc8259Allows()
    {
        QFETCH(std::string, text);
        const bool expected = QTest::currentDataTag()[0] == 'y';
        QCOMPARE(validateJson(text).has_value(), expected);
        QCOMPARE(JsonDocument::parse(text).has_value(), expected);
    }

    void boundsDepthAndNodes()
    {
        const auto nested
            = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
        QVERIFY(validateJson(nested(128)));
        QCOMPARE(validateJson(nested(129)).error().code, "json.too_deep");
        QCOMPARE(validateJson(std::string(1'000'000, '[')).error().code, "json.too_deep");
        QVERIFY(validateJson("[1,2,3]", {.nodes = 4}));
        QCOMPARE(validateJson("[1,2,3]", {.nodes = 3}).error().code, "json.too_many_nodes");
    }

    void saysWhereItIsWrong()
    {
        const auto error = validateJson("{\n  \"\xC3\xA4\": 1,\n}").error();
        QCOMPARE(error.code, "json.syntax");
        QVERIFY(error.message.contains("byte 13 (line 3, column 1)"));
        QCOMPARE(validateJson("\xff").error().code, "json.encoding");
    }

    void findsValuesByPointer_data()
    {
        QTest::addColumn<std::string>("pointer");
        QTest::addColumn<std::string>("value"); // empty: there is none
        const auto row = [](const char *name, std::string pointer, std::string value) {
            QTest::newRow(name) << std::move(pointer) << std::move(value);
        };
        row("member", "/strategy/mode", R"("fallback")");
        row("element", "/targets/1", R"({"weight": 0.50})");
        row("inside an element", "/targets/1/weight", "0.50");
        row("number as written", "/big", "12345678901234567890");
        row("name with a slash", "/a~1b", "1");
        row("name with a tilde", "/c~0d", "2");
        row("name written with escapes", "/key", "3");
        row("empty name", "/", "4");
        row("last of two", "/twice", "6");
        row("missing member", "/none", "");
        row("beyond the end", "/targets/2", "");
        row("index with a leading zero", "/targets/01", "");
        row("index with a sign", "/targets/-1", "");
        row("into a scalar", "/big/0", "");
        row("no slash in front", "big", "");
        row("bad escape", "/a~2b", "");
    }
    void findsValuesByPointer()
    {
        QFETCH(std::string, pointer);
        QFETCH(std::string, value);
        const auto document = JsonDocument::parse(
            R"({"strategy": {"mode": "fallback"}, "targets": [{}, {"weight": 0.50}], "big": 12345678901234567890,
                "a/b": 1, "c~d": 2, "\u006bey": 3, "": 4, "twice": 5, "twice": 6})");
        QVERIFY(document);
        const JsonNode *node = document->find(pointer);
        QCOMPARE(node != nullptr, !value.empty());
        if (node)
            QVERIFY(document->text(node->range) == value);
    }

    void keepsTheShapeOfTheText()
    {
        const auto document = JsonDocument::parse("{\"a\": [1, true],\n \"\xC3\xA4\": null}");
        QVERIFY(document);
        const JsonNode &root = document->root();
        QVERIFY(root.kind == JsonNode::Kind::Object);
        QCOMPARE(root.range.size, document->text().size());
        QVERIFY(document->find("") == &root);
        const JsonNode &list = document->node(root.first_child);
        QVERIFY(list.kind == JsonNode::Kind::Array);
        QVERIFY(document->text(list.key) == "\"a\"");
        const JsonNode &last = document->node(list.next);
        QVERIFY(last.kind == JsonNode::Kind::Null);
        QCOMPARE(last.next, JsonNode::kNone);
        QVERIFY(document->position(last.range.offset) == (JsonDocument::Position{.line = 2, .column = 7}));
        QVERIFY(document->position(0) == (JsonDocument::Position{.line = 1, .column = 1}));
        QVERIFY(document->position(10'000) == document->position(document->text().size()));
    }

    void decodesStrings()
    {
        QCOMPARE(decodeJsonString("\"a\\u00e4\\ud83d\\ude00\\/\\n\\u20ac\"").value(),
                 "a\xC3\xA4\xF0\x9F\x98\x80/\n\xE2\x82\xAC");
        for (const char *bad :
             {"", "\"", "a", "\"a", "\"\\x\"", "\"\\ud83d\"", "\"a\"b\"", "\"\n\"", "\"\xff\"", "\"\\"})
            QVERIFY2(!decodeJsonString(bad), bad);
    }
};

QTEST_APPLESS_MAIN(TestJsonReader)
#include "tst_jsonreader.moc"

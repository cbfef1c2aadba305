// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/requestedits.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;

namespace {

std::string joined(const std::vector<std::string_view> &pieces)
{
    std::string out;
    for (const auto piece : pieces)
        out += piece;
    return out;
}

RequestPeek peek(const std::string &body)
{
    JsonPeek reader;
    return reader.request(body).value();
}

} // namespace

class TestRequestEdits : public QObject
{
    Q_OBJECT

private slots:
    void changesOnlyTheModelsBytes()
    {
        const std::string body = R"({ "x":0.10 , "model" :  "@slug/gpt" ,"big":12345678901234567890})";
        const std::vector edits{modelEdit(peek(body), "a\"b")};
        QCOMPARE(joined(applyEdits(body, edits)),
                 "{ \"x\":0.10 , \"model\" :  \"a\\\"b\" ,\"big\":12345678901234567890}");
    }

    void asksForTheUsageChunk_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("edited");
        const auto row = [](const char *name, std::string body, std::string edited) {
            QTest::newRow(name) << std::move(body) << std::move(edited);
        };
        row("no stream_options", R"({"stream":true})",
            R"({"stream_options":{"include_usage":true},"stream":true})");
        row("blanks before the first member", R"( { "stream" : true})",
            R"( {"stream_options":{"include_usage":true}, "stream" : true})");
        row("empty object", "{ }", R"({"stream_options":{"include_usage":true} })");
        row("other options", R"({"stream_options":{"x":1}})",
            R"({"stream_options":{"include_usage":true,"x":1}})");
        row("no options", R"({"stream_options":{ }})", R"({"stream_options":{"include_usage":true }})");
        row("options null", R"({"stream_options":null,"a":1})",
            R"({"stream_options":{"include_usage":true},"a":1})");
        row("include_usage null", R"({"stream_options":{"include_usage": null}})",
            R"({"stream_options":{"include_usage": true}})");
        for (const char *kept :
             {R"({"stream_options":{"include_usage":true}})", R"({"stream_options":{"include_usage":false}})",
              R"({"stream_options":{"include_usage":1}})", R"({"stream_options":"x"})",
              R"({"stream_options":[]})"}) {
            row(kept, kept, kept);
        }
    }
    void asksForTheUsageChunk()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, edited);
        const auto edit = includeUsageEdit(body, peek(body));
        QCOMPARE(edit.has_value(), body != edited);
        if (!edit)
            return;
        const std::vector edits{*edit};
        QCOMPARE(joined(applyEdits(body, edits)), edited);
        QCOMPARE(peek(edited).include_usage, std::optional(true));
    }

    void appliesEditsInAnyOrder()
    {
        const std::string body = "0123456789";
        const std::vector<BodyEdit> edits{{.range = {8, 2}, .text = "end"},
                                          {.range = {0, 1}, .text = "begin"},
                                          {.range = {4, 0}, .text = "|"},
                                          {.range = {5, 1}, .text = ""}};
        QCOMPARE(joined(applyEdits(body, edits)), "begin123|467end");
        const auto untouched = applyEdits(body, {});
        QCOMPARE(untouched.size(), std::size_t{1});
        QVERIFY(untouched.front().data() == body.data());
        QVERIFY(applyEdits(std::string(), {}).empty());
    }
};

QTEST_APPLESS_MAIN(TestRequestEdits)
#include "tst_requestedits.moc"

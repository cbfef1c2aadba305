// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/multipart.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;

namespace {

std::string part(std::string_view name, std::string_view value, std::string_view more = {})
{
    return std::string("--b\r\nContent-Disposition: form-data; name=\"")
        .append(name)
        .append("\"")
        .append(more)
        .append("\r\n\r\n")
        .append(value)
        .append("\r\n");
}

/// The code of the first error, or "" when the whole form is good.
std::string read(MultipartReader &reader, std::string_view body, std::size_t piece_size)
{
    for (std::size_t at = 0; at < body.size(); at += piece_size) {
        const std::string piece(body.substr(at, piece_size));
        if (const auto fed = reader.feed(piece); !fed)
            return fed.error().code;
    }
    const auto finished = reader.finish();
    return finished ? "" : finished.error().code;
}

} // namespace

class TestMultipart : public QObject
{
    Q_OBJECT

private slots:
    void readsTheBoundaryStrictly_data()
    {
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("boundary"); // empty: refused
        const auto row = [](const char *name, std::string type, std::string boundary) {
            QTest::newRow(name) << std::move(type) << std::move(boundary);
        };
        row("curl", "multipart/form-data; boundary=------------------------d74496d66958873e",
            "------------------------d74496d66958873e");
        row("quoted", "multipart/form-data; boundary=\"a b:=?/c\"", "a b:=?/c");
        row("quoted pair", "multipart/form-data; boundary=\"a\\bc\"", "abc");
        row("case and blanks", "Multipart/Form-Data ;\tBOUNDARY=abc; charset=utf-8", "abc");
        row("70 characters", "multipart/form-data; boundary=" + std::string(70, 'a'), std::string(70, 'a'));
        row("71 characters", "multipart/form-data; boundary=" + std::string(71, 'a'), "");
        row("none", "multipart/form-data", "");
        row("empty", "multipart/form-data; boundary=", "");
        row("empty and quoted", "multipart/form-data; boundary=\"\"", "");
        row("twice", "multipart/form-data; boundary=a; boundary=b", "");
        row("blank at the end", "multipart/form-data; boundary=\"a \"", "");
        row("not allowed in a boundary", "multipart/form-data; boundary=\"a@b\"", "");
        row("not allowed without quotes", "multipart/form-data; boundary=a=b", "");
        row("open quote", "multipart/form-data; boundary=\"a", "");
        row("line break", "multipart/form-data; boundary=\"a\r\nb\"", "");
        row("another type", "multipart/mixed; boundary=a", "");
        row("a longer type", "multipart/form-datax; boundary=a", "");
    }
    void readsTheBoundaryStrictly()
    {
        QFETCH(std::string, type);
        QFETCH(std::string, boundary);
        QCOMPARE(multipartBoundary(type).value_or(""), boundary);
    }

    void findsTheFieldsInAnyPieces()
    {
        const std::string before
            = "preamble\r\n" + part("file", "\r\n--\r\n--a\r\r\n-- b\r\n--B", "; filename=\"x.mp3\"");
        const std::string body = before + part("model", "@slug/whisper-1") + part("stream", "true")
            + part("response_format", "") + part("prompt", "model") + "--b--\r\nepilogue";
        const std::size_t model_at = body.find("@slug");
        for (std::size_t size = 1; size <= body.size(); ++size) {
            MultipartReader reader("b");
            QCOMPARE(read(reader, body, size), "");
            QVERIFY(reader.complete());
            QVERIFY(reader.model() == (MultipartField{"@slug/whisper-1", {model_at, 15}}));
            QCOMPARE(reader.stream()->value, "true");
            QCOMPARE(reader.responseFormat()->value, "");
            QVERIFY(body.substr(reader.stream()->range.offset, reader.stream()->range.size) == "true");
        }
    }

    void tellsTheModelBeforeTheRestHasCome()
    {
        MultipartReader reader("b");
        QVERIFY(reader.feed(part("model", "m") + "--"));
        QVERIFY(!reader.model());
        QVERIFY(reader.feed("b"));
        QCOMPARE(reader.model()->value, "m");
        QVERIFY(!reader.complete());
    }

    void refuses_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("code");
        const auto row = [](const char *name, std::string body, std::string code) {
            QTest::newRow(name) << std::move(body) << std::move(code);
        };
        const std::string end = "--b--";
        const auto head
            = [](std::string lines) { return "--b\r\n" + std::move(lines) + "\r\n\r\nv\r\n--b--"; };
        row("nothing", "", "multipart.incomplete");
        row("no end", part("model", "m"), "multipart.incomplete");
        row("cut off in a head", "--b\r\nContent-Disp", "multipart.incomplete");
        row("two models", part("model", "a") + part("model", "b") + end, "multipart.duplicate_field");
        row("a file as model", part("model", "a", "; filename=\"f\"") + end, "multipart.bad_field");
        row("long model", part("model", std::string(1025, 'm')) + end, "multipart.field_too_large");
        row("model in base64",
            head("Content-Disposition: form-data; name=model\r\nContent-Transfer-Encoding: base64"),
            "multipart.bad_field");
        row("no disposition", head("Content-Type: text/plain"), "multipart.bad_part_head");
        row("empty head", "--b\r\n\r\nv\r\n--b--", "multipart.bad_part_head");
        row("two dispositions",
            head("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; "
                 "name=\"model\""),
            "multipart.bad_part_head");
        row("two names", head("Content-Disposition: form-data; name=\"a\"; name=\"model\""),
            "multipart.bad_part_head");
        row("extended name", head("Content-Disposition: form-data; name=\"a\"; name*=utf-8''model"),
            "multipart.bad_part_head");
        row("no name", head("Content-Disposition: form-data"), "multipart.bad_part_head");
        row("another disposition", head("Content-Disposition: attachment; name=\"model\""),
            "multipart.bad_part_head");
        row("folded line", head("Content-Disposition: form-data;\r\n name=\"model\""),
            "multipart.bad_part_head");
        row("bare LF in a head", head("X: y\nContent-Disposition: form-data; name=\"model\""),
            "multipart.bad_part_head");
        row("blank before the colon", head("Content-Disposition : form-data; name=\"model\""),
            "multipart.bad_part_head");
        row("large head", head("X: " + std::string(9000, 'x')), "multipart.part_head_too_large");
        row("endless head", "--b\r\nX: " + std::string(100'000, 'x'), "multipart.part_head_too_large");
        row("a longer boundary", "--bc\r\n", "multipart.bad_delimiter");
        row("bare LF behind a boundary", "--b\nContent-Disposition", "multipart.bad_delimiter");
        row("many blanks behind a boundary", "--b" + std::string(1000, ' '), "multipart.bad_delimiter");
        row("boundary right behind a head", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--b--",
            "multipart.bad_delimiter");
    }
    void refuses()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, code);
        for (const std::size_t size : {std::size_t{1}, std::size_t{7}, body.size() + 1}) {
            MultipartReader reader("b");
            QCOMPARE(read(reader, body, size), code);
        }
    }

    void readsUnusualHeads()
    {
        const std::string head
            = "--b \t\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION:Form-Data;name=model\r\n\r\n";
        MultipartReader reader("b");
        QCOMPARE(read(reader, head + "m\r\n--b--", 3), "");
        QVERIFY(reader.model() == (MultipartField{"m", {head.size(), 1}}));
    }
};

QTEST_APPLESS_MAIN(TestMultipart)
#include "tst_multipart.moc"

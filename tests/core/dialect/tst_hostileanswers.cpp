// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/codec.h"
#include "core/dialect/streamtranslator.h"
#include "tests/core/dialect/vendors/answers.h"
#include "tests/core/dialect/vendors/clientsees.h"
#include "tests/core/dialect/vendors/vendortable.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using vendors::Api;
using vendors::bodySeen;
using vendors::Client;
using vendors::Counts;
using vendors::kClients;
using vendors::kVendors;
using vendors::Seen;
using vendors::streamSeen;
using vendors::textOf;
using vendors::Vendor;

namespace {

/// One exchange between a client and a vendor, from the request on.
class Meeting
{
public:
    Meeting(int vendor, Dialect client, bool streamed)
        : m_vendor(kVendors[std::size_t(vendor)])
        , m_client(*clientCodec(client))
        , m_provider(*providerCodec(m_vendor.dialect, m_vendor.platform))
        , m_exchange(7)
    {
        m_exchange.target = {.dialect = m_vendor.dialect, .platform = m_vendor.platform, .model = "m"};
        m_exchange.requested_model = "asked-for";
        m_exchange.stream = streamed;
        m_exchange.include_usage = true;
    }

    /// The stream as the client gets it.
    std::string stream(std::string_view bytes)
    {
        StreamTranslator translator(m_provider, m_client, m_exchange);
        std::string out;
        translator.feed(bytes, out);
        translator.end(out);
        m_usage = translator.usage();
        return out;
    }

    /// The body as the client gets it.
    std::string answer(std::string body, int &status)
    {
        const auto reply = m_provider.decodeReply({.body = std::move(body)}, m_exchange);
        status = reply ? 200 : m_client.statusFor(reply.error());
        if (!reply)
            return m_client.encodeError(reply.error());
        m_usage = reply->usage;
        return m_client.encodeReply(*reply, m_exchange);
    }

    [[nodiscard]] const std::optional<Usage> &usage() const { return m_usage; }

private:
    const Vendor &m_vendor;
    const ClientCodec &m_client;
    const ProviderCodec &m_provider;
    Exchange m_exchange;
    std::optional<Usage> m_usage{};
};

/// From how many frames on the end of the bytes may be the end of the answer (mapping.md 0.5): Gemini has no
/// end mark, relatives of OpenAI leave theirs out behind a finish reason, Converse's usage comes after its.
std::size_t completeFrom(Api api)
{
    const std::size_t all = vendors::frames(api).size();
    switch (api) {
    case Api::Gemini: return 1;
    case Api::Chat: return 3;
    case Api::Converse: return 4;
    default: return all;
    }
}

/// Adds `row` for every vendor with every client.
void everywhere(const char *row, const std::function<void(QTestData &, const Vendor &)> &add,
                bool event_streams_only = false)
{
    for (int vendor = 0; vendor < int(kVendors.size()); ++vendor) {
        if (event_streams_only && !vendors::isEventStream(kVendors[std::size_t(vendor)].api))
            continue;
        for (const Client &client : kClients) {
            QTestData &data
                = QTest::addRow("%s | %s | %s", row, kVendors[std::size_t(vendor)].name, client.name);
            data << vendor << int(client.dialect);
            add(data, kVendors[std::size_t(vendor)]);
        }
    }
}

void columns()
{
    QTest::addColumn<int>("vendor");
    QTest::addColumn<int>("client");
}

/// Where a frame that should not be there stands.
enum class Place { First, Amid, Last };

std::string streamWith(Api api, const std::string &intruder, Place place)
{
    const auto frames = vendors::frames(api);
    std::string bytes;
    if (place == Place::Amid)
        for (std::size_t i = 0; i < std::min<std::size_t>(2, frames.size() - 1); ++i)
            bytes += frames[i];
    if (place == Place::Last)
        for (std::size_t i = 0; i + 1 < frames.size(); ++i)
            bytes += frames[i];
    return bytes + intruder;
}

std::string deep(std::size_t levels)
{
    return std::string(levels, '[');
}

const std::pair<const char *, std::string> kNoAnswers[] = {
    {"nothing", ""},
    {"null", "null"},
    {"a number", "7"},
    {"a list", "[7]"},
    {"a string", "\"Ahoy\""},
    {"an empty object", "{}"},
    {"a page", "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"},
    {"half of it", R"({"id":"x","choices":[{"index":0,"message":{"role":"assi)"},
    {"100,000 levels", deep(100'000)},
    {"levels in a member", R"({"choices":)" + deep(100'000)},
    {"a megabyte of zeros", std::string(1U << 20U, '\0')},
    {"no UTF-8", "{\"id\":\"\xff\xfe\"}"},
    {"half a surrogate", R"({"id":"\ud83d"})"},
    {"NaN", R"({"id":NaN})"},
    {"a number of 100,000 digits", "{\"id\":" + std::string(100'000, '9')},
    {"an error", R"({"error":{"message":"Out of coal","type":"server_error","code":500}})"},
    {"an error as text", R"({"error":"Out of coal"})"},
};

} // namespace

/// Threat-model D10 and reliability R2, R5 and R23 for every codec, as far as codecs see them: a row is an
/// answer, and its name is what is wrong with it. What needs a connection is in
/// tests/core/gateway/tst_hostilevendors.
class TestHostileAnswers : public QObject
{
    Q_OBJECT

private slots:
    void aGoodAnswerIsOne_data();
    void aGoodAnswerIsOne();
    void aStreamCutAtAnyByteIsNoAnswer_data();
    void aStreamCutAtAnyByteIsNoAnswer();
    void aStreamWithGarbageInItIsNoAnswer_data();
    void aStreamWithGarbageInItIsNoAnswer();
    void aBodyThatIsNoneIsAnError_data();
    void aBodyThatIsNoneIsAnError();
    void aBodyCutAtAnyByteIsAnError_data();
    void aBodyCutAtAnyByteIsAnError();
    void oddCountsHarmNobody_data();
    void oddCountsHarmNobody();
};

void TestHostileAnswers::aGoodAnswerIsOne_data()
{
    columns();
    everywhere("good", [](QTestData &, const Vendor &) { });
}

void TestHostileAnswers::aGoodAnswerIsOne()
{
    QFETCH(int, vendor);
    QFETCH(int, client);
    const Api api = kVendors[std::size_t(vendor)].api;
    Meeting streamed(vendor, Dialect(client), true);
    const std::string out = streamed.stream(vendors::stream(api));
    QVERIFY2(streamSeen(Dialect(client), out) == Seen::Answer, out.c_str());
    QCOMPARE(textOf(Dialect(client), out), std::string(vendors::kText));
    QVERIFY(streamed.usage());
    QCOMPARE(streamed.usage()->input, 20);
    QCOMPARE(streamed.usage()->output, 7);
    Meeting whole(vendor, Dialect(client), false);
    int status = 0;
    const std::string body = whole.answer(vendors::whole(api), status);
    QVERIFY2(bodySeen(Dialect(client), status, body) == Seen::Answer, body.c_str());
    QVERIFY(body.find(vendors::kText) != std::string::npos);
    QVERIFY(whole.usage());
    QCOMPARE(whole.usage()->input, 20);
    QCOMPARE(whole.usage()->output, 7);
}

void TestHostileAnswers::aStreamCutAtAnyByteIsNoAnswer_data()
{
    columns();
    everywhere("R2 cut", [](QTestData &, const Vendor &) { });
}

void TestHostileAnswers::aStreamCutAtAnyByteIsNoAnswer()
{
    QFETCH(int, vendor);
    QFETCH(int, client);
    const Api api = kVendors[std::size_t(vendor)].api;
    const auto frames = vendors::frames(api);
    std::size_t complete = 0;
    for (std::size_t i = 0; i < completeFrom(api); ++i)
        complete += frames[i].size();
    if (!vendors::isEventStream(api))
        complete -= 2; // the blank line that ends the event
    const std::string bytes = vendors::stream(api);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        Meeting meeting(vendor, Dialect(client), true);
        const std::string out = meeting.stream(std::string_view(bytes).substr(0, cut));
        const Seen seen = streamSeen(Dialect(client), out);
        if (cut < complete)
            QVERIFY2(seen == Seen::Failure, (std::to_string(cut) + ": " + out).c_str());
        else
            QVERIFY2(seen != Seen::Neither, (std::to_string(cut) + ": " + out).c_str());
    }
}

void TestHostileAnswers::aStreamWithGarbageInItIsNoAnswer_data()
{
    columns();
    QTest::addColumn<std::string>("bytes");
    for (const auto &[name, json] : kNoAnswers) {
        if (json.empty())
            continue;
        const std::string text = json;
        const std::string shown = std::string("R5 frame of ") + name;
        // An object that says nothing is a frame of a later version of the API.
        const bool says_nothing = text == "{}";
        for (const auto &[where, place] :
             {std::pair{"first", Place::First}, {"amid", Place::Amid}, {"at the end", Place::Last}}) {
            if (says_nothing && place == Place::Last)
                continue;
            everywhere((shown + ", " + where).c_str(), [&](QTestData &data, const Vendor &vendor) {
                // Gemini may end at any time; Converse's stop came, and its events are told by their names.
                const bool allowed = (says_nothing && vendor.api == Api::Gemini)
                    || (vendor.api == Api::Converse && place == Place::Last && text.starts_with('{'));
                data << (allowed ? std::string()
                                 : streamWith(vendor.api, vendors::frame(vendor.api, text), place));
            });
        }
    }
    everywhere("R5 nothing at all", [](QTestData &data, const Vendor &) { data << std::string(); });
    everywhere("R5 comments alone",
               [](QTestData &data, const Vendor &) { data << std::string(": a\n\n: b\n\n"); });
    everywhere("R5 a page", [](QTestData &data, const Vendor &) { data << kNoAnswers[6].second; });
    everywhere("R5 a megabyte of zeros",
               [](QTestData &data, const Vendor &) { data << std::string(1U << 20U, '\0'); });
    everywhere("D10 a line of 5 MiB",
               [](QTestData &data, const Vendor &) { data << "data: " + std::string(5U << 20U, 'x'); });
    everywhere("D10 an event of 5 MiB", [](QTestData &data, const Vendor &) {
        std::string event;
        while (event.size() < (5U << 20U))
            event.append("data: ").append(1000, 'x').append(1, '\n');
        data << event;
    });
    everywhere("D10 a message of 17 MiB", [](QTestData &data, const Vendor &) {
        data << std::string("\x01\x10\x00\x00\x00\x00\x00\x57\x00\x00\x00\x00", 12);
    });
    everywhere(
        "D10 a wrong checksum",
        [](QTestData &data, const Vendor &vendor) {
            auto frame = vendors::frames(vendor.api).front();
            frame.back() = char(frame.back() ^ 1);
            data << frame;
        },
        true);
    everywhere(
        "D10 a wrong checksum of the lengths",
        [](QTestData &data, const Vendor &vendor) {
            auto frame = vendors::frames(vendor.api).front();
            frame[8] = char(frame[8] ^ 1);
            data << frame;
        },
        true);
}

void TestHostileAnswers::aStreamWithGarbageInItIsNoAnswer()
{
    QFETCH(int, vendor);
    QFETCH(int, client);
    QFETCH(std::string, bytes);
    Meeting meeting(vendor, Dialect(client), true);
    const std::string out = meeting.stream(bytes);
    QVERIFY2(streamSeen(Dialect(client), out) == Seen::Failure, out.substr(0, 4000).c_str());
    QVERIFY2(out.find("<html>") == std::string::npos, "a page is never handed on");
    QVERIFY(validateJson(out.substr(out.rfind("data: ") + 6)));
}

void TestHostileAnswers::aBodyThatIsNoneIsAnError_data()
{
    columns();
    QTest::addColumn<std::string>("body");
    for (const auto &[name, json] : kNoAnswers) {
        everywhere((std::string("R5 body of ") + name).c_str(),
                   [&](QTestData &data, const Vendor &) { data << json; });
    }
    everywhere("R5 a number where the answer is", [](QTestData &data, const Vendor &vendor) {
        std::string body = vendors::whole(vendor.api);
        const std::string member = '"' + std::string(vendors::mainMember(vendor.api)) + "\":";
        data << body.replace(body.find(member), member.size(), member + "7,\"was\":");
    });
    everywhere("R5 a list of nothing where the answer is", [](QTestData &data, const Vendor &vendor) {
        std::string body = vendors::whole(vendor.api);
        const std::string member = '"' + std::string(vendors::mainMember(vendor.api)) + "\":";
        data << body.replace(body.find(member), member.size(), member + "[null,3],\"was\":");
    });
    everywhere("R5 something behind it",
               [](QTestData &data, const Vendor &vendor) { data << vendors::whole(vendor.api) + "{}"; });
}

void TestHostileAnswers::aBodyThatIsNoneIsAnError()
{
    QFETCH(int, vendor);
    QFETCH(int, client);
    QFETCH(std::string, body);
    Meeting meeting(vendor, Dialect(client), false);
    int status = 0;
    const std::string out = meeting.answer(body, status);
    QVERIFY2(bodySeen(Dialect(client), status, out) == Seen::Failure, out.substr(0, 4000).c_str());
    QVERIFY(validateJson(out));
    QVERIFY(out.find("<html>") == std::string::npos);
}

void TestHostileAnswers::aBodyCutAtAnyByteIsAnError_data()
{
    columns();
    everywhere("R2 body", [](QTestData &, const Vendor &) { });
}

void TestHostileAnswers::aBodyCutAtAnyByteIsAnError()
{
    QFETCH(int, vendor);
    QFETCH(int, client);
    const std::string body = vendors::whole(kVendors[std::size_t(vendor)].api);
    for (std::size_t cut = 0; cut < body.size(); ++cut) {
        Meeting meeting(vendor, Dialect(client), false);
        int status = 0;
        const std::string out = meeting.answer(body.substr(0, cut), status);
        QVERIFY2(bodySeen(Dialect(client), status, out) == Seen::Failure,
                 (std::to_string(cut) + ": " + out).c_str());
    }
}

void TestHostileAnswers::oddCountsHarmNobody_data()
{
    columns();
    QTest::addColumn<std::string>("input");
    QTest::addColumn<std::string>("output");
    QTest::addColumn<qint64>("read_input"); // -1: none at all
    QTest::addColumn<qint64>("read_output");
    const auto row
        = [](const char *name, const char *input, const char *output, qint64 read_input, qint64 read_output) {
              everywhere(name, [=](QTestData &data, const Vendor &) {
                  data << std::string(input) << std::string(output) << read_input << read_output;
              });
          };
    row("R23 missing", "", "", -1, -1);
    row("R23 null", "null", "null", -1, -1);
    row("R23 negative", "-5", "-7", -1, -1);
    row("R23 negative output", "20", "-7", -1, -1);
    row("R23 huge", "1e300", "99999999999999999999999", -1, -1);
    row("R23 text", "\"20\"", "\"7\"", -1, -1);
    row("R23 fractions", "20.4", "6.6", 20, 7);
    row("R23 lists", "[20]", "{}", -1, -1);
    row("R23 truth", "true", "false", -1, -1);
    row("R23 zero", "0", "0", 0, 0);
}

void TestHostileAnswers::oddCountsHarmNobody()
{
    QFETCH(int, vendor);
    QFETCH(int, client);
    QFETCH(std::string, input);
    QFETCH(std::string, output);
    QFETCH(qint64, read_input);
    QFETCH(qint64, read_output);
    const Api api = kVendors[std::size_t(vendor)].api;
    const Counts counts{input, output};
    // Anthropic's stream counts in two places: what its start says stands, whatever the end says.
    const bool counts_twice = api == Api::Messages || api == Api::InvokeModel;
    const auto check = [&](const std::optional<Usage> &usage) {
        if (!usage)
            return;
        const bool from_start = counts_twice && usage->input == 20;
        QVERIFY(from_start || usage->input == std::max<qint64>(read_input, 0));
        QVERIFY(usage->output == std::max<qint64>(read_output, 0) || (counts_twice && usage->output == 1));
    };
    Meeting streamed(vendor, Dialect(client), true);
    const std::string out = streamed.stream(vendors::stream(api, counts));
    QVERIFY2(streamSeen(Dialect(client), out) == Seen::Answer, out.c_str());
    QVERIFY(out.find(":-") == std::string::npos);
    check(streamed.usage());
    QVERIFY(streamed.usage() || read_input < 0);
    Meeting whole(vendor, Dialect(client), false);
    int status = 0;
    const std::string body = whole.answer(vendors::whole(api, counts), status);
    QVERIFY2(bodySeen(Dialect(client), status, body) == Seen::Answer, body.c_str());
    QVERIFY(body.find(":-") == std::string::npos);
    check(whole.usage());
    QCOMPARE(whole.usage().has_value(), read_input >= 0);
}

QTEST_APPLESS_MAIN(TestHostileAnswers)
#include "tst_hostileanswers.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/misbehavingvendor.h"
#include "tests/core/gateway/runninggateway.h"

#include <QElapsedTimer>
#include <QTest>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using test::Awaited;
using test::RunningGateway;
using test::ScriptedUpstream;

/// The text between two marks; empty when one is missing.
std::string between(const std::string &text, std::string_view before, std::string_view after)
{
    const auto begin = text.find(before);
    if (begin == std::string::npos)
        return {};
    const auto from = begin + before.size();
    return text.substr(from, text.find(after, from) - from);
}

/// A provider that notes which version of the config each request came by, and fails or answers.
class NotingVendor
{
public:
    NotingVendor(int status, std::string body)
        : m_upstream([this, status, body = std::move(body)](ScriptedUpstream::Peer &peer) {
            while (const auto request = peer.readRequest()) {
                note(*request);
                if (!peer.send(test::answer(body, "Content-Type: application/json\r\n", status)))
                    return;
            }
        })
    { }

    [[nodiscard]] std::uint16_t port() const { return m_upstream.port(); }
    /// By the request's own mark.
    [[nodiscard]] std::map<std::string, std::string> versions() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_versions;
    }

private:
    void note(const std::string &request)
    {
        const std::scoped_lock lock(m_mutex);
        m_versions[between(request, "\"mark\":\"", "\"")] = between(request, "\"user\":\"", "\"");
    }

    mutable std::mutex m_mutex; // guards m_versions
    std::map<std::string, std::string> m_versions;
    ScriptedUpstream m_upstream; // last: its threads use what stands above
};

std::string targetAt(std::uint16_t port, int version)
{
    return "{\"provider\":\"@mock\",\"custom_host\":\"http://127.0.0.1:" + std::to_string(port)
        + "/v1\",\"override_params\":{\"user\":\"v" + std::to_string(version) + "\"}}";
}

int secondsToRun()
{
    const int asked = qEnvironmentVariableIntValue("PORTOLAN_SWAP_SECONDS");
    return asked > 0 ? asked : 3;
}

} // namespace

class TestConfigSwaps : public QObject
{
    Q_OBJECT

private slots:
    /// packaging/deep.sh runs this for a minute.
    void letsEachRequestSeeOneVersionWhileConfigsChange()
    {
        NotingVendor failing(500, "{\"error\":{\"message\":\"no\"}}");
        NotingVendor working(200,
                             "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":"
                             "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"ok\"},"
                             "\"finish_reason\":\"stop\"}]}");
        RunningGateway gateway(failing.port());
        QVERIFY(gateway.isReady());
        const auto text = [&](int version) {
            return test::strategy("fallback",
                                  {targetAt(failing.port(), version), targetAt(working.port(), version)});
        };
        Awaited<control::ConfigSave> made;
        gateway.control().createConfig({.name = u"swapped"_s, .text = text(1)}, made.take());
        QVERIFY(made.wait() && *made && (*made)->saved);
        const ConfigId id = (*made)->config.id;
        const QByteArray slug = (*made)->config.slug.toUtf8();

        std::atomic<bool> stopping{false};
        std::atomic<int> answered{0};
        std::atomic<int> failed{0};
        const auto load = [&](int worker) {
            for (int i = 0; !stopping; ++i) {
                const QByteArray body = "{\"mark\":\"" + QByteArray::number(worker) + "-"
                    + QByteArray::number(i)
                    + "\",\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
                const auto reply = gateway.client().send("POST", "/v1/chat/completions",
                                                         {{"Authorization", "Bearer " + gateway.token()},
                                                          {"Content-Type", "application/json"},
                                                          {"x-portkey-config", slug}},
                                                         body);
                ++(reply.status == 200 ? answered : failed);
            }
        };
        std::vector<std::thread> workers;
        for (int worker = 0; worker < 4; ++worker)
            workers.emplace_back(load, worker);

        // A hundred a second, whether or not the one before is through; every tenth is a bad save, which must
        // leave the good version in its place (R18).
        QElapsedTimer clock;
        clock.start();
        int swaps = 0;
        int refused = 0;
        int replies = 0;
        int wrong = 0;
        while (clock.elapsed() < secondsToRun() * 1000) {
            ++swaps;
            const bool bad = swaps % 10 == 0;
            gateway.control().editConfig(id, {.text = bad ? std::string("{\"targets\":7}") : text(swaps + 1)},
                                         [&, bad](const Result<control::ConfigSave> &saved) {
                                             ++replies;
                                             wrong += !saved || saved->saved == bad ? 1 : 0;
                                         });
            refused += bad ? 1 : 0;
            QVERIFY(QTest::qWaitFor([&] { return clock.elapsed() >= swaps * 10; }, 10'000));
        }
        const int behind = swaps - replies;
        QTRY_COMPARE_WITH_TIMEOUT(replies, swaps, 10'000);
        QCOMPARE(wrong, 0);
        stopping = true;
        for (auto &worker : workers)
            worker.join();

        QCOMPARE(failed.load(), 0);
        QVERIFY(answered > 100);
        QVERIFY(refused > 0);
        const auto first = failing.versions();
        const auto second = working.versions();
        QCOMPARE(int(first.size()), answered.load());
        QVERIFY(first == second);
        std::map<std::string, int> seen;
        for (const auto &[mark, version] : first)
            ++seen[version];
        QVERIFY2(seen.size() > 10, "the versions did not reach the requests");
        qInfo("%d swaps in %d s, %d of them under way at the end, %d requests over %d versions", swaps,
              secondsToRun(), behind, answered.load(), int(seen.size()));
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestConfigSwaps)
#include "tst_configswaps.moc"

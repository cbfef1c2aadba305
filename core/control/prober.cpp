// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/prober.h"

#include "core/dialect/usagereader.h"
#include "core/gateway/authorize.h"
#include "core/gateway/practice.h"
#include "core/http/deadlines.h"
#include "core/http/routedtransport.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

namespace portolan::control {

namespace {

using namespace std::chrono_literals;
namespace asio = http::asio;

constexpr std::size_t kMostAnswerBytes = 8U << 20;

http::UpstreamRequest probeRequest(const gateway::Target &target, const ProbePlan &plan)
{
    http::UpstreamRequest request;
    request.endpoint = plan.endpoint;
    request.method = plan.method;
    request.target = plan.target;
    request.credential = target.credential;
    request.connect_timeout = 5s;
    request.first_byte_timeout = 15s;
    request.idle_timeout = 15s;
    request.fields.add("Accept", "application/json");
    request.fields.add("User-Agent", "Portolan");
    if (!plan.body.empty()) {
        request.fields.add("Content-Type", "application/json");
        request.body = {plan.body};
    }
    for (const auto &[name, value] : target.headers)
        request.fields.add(name, value);
    return request;
}

} // namespace

struct Prober::Thread {
    asio::io_context context{1};
    asio::executor_work_guard<http::Executor> guard{context.get_executor()};
    http::DeadlineList deadlines{context};
    std::unique_ptr<http::RoutedTransport> direct;
    gateway::GoogleTokens tokens;
    std::string transport_error;
    std::unique_ptr<http::UpstreamTransport> practice = gateway::makePracticeTransport(context);
    std::thread thread;

    explicit Thread(std::string ca_file)
    {
        auto made = http::RoutedTransport::make(context, deadlines, {.ca_file = std::move(ca_file)});
        if (made)
            direct = *std::move(made);
        else
            transport_error = made.error().message;
        thread = std::thread([this] { context.run(); });
    }

    ~Thread()
    {
        context.stop();
        thread.join();
    }

    http::Task<> run(gateway::SharedTarget target, ProbePlan plan, SharedRedactor redactor,
                     std::function<void(Probe)> done);
    http::Task<> runTest(http::UpstreamRequest request, std::function<void(Result<RequestId>)> done);
    http::Task<> call(const gateway::Target &target, const ProbePlan &plan, const Redactor &redactor,
                      Probe &probe);
};

http::Task<> Prober::Thread::call(const gateway::Target &target, const ProbePlan &plan,
                                  const Redactor &redactor, Probe &probe)
{
    auto *transport = target.practice ? practice.get() : direct.get();
    if (!transport) {
        probe.error = transport_error;
        co_return;
    }
    auto request = probeRequest(target, plan);
    const auto authorized = co_await gateway::authorize(*transport, tokens, target, request);
    if (!authorized) {
        probe.error = redactor.redact(authorized.error().message);
        co_return;
    }
    const auto upstream = transport->open(std::move(request));
    const auto reply = co_await upstream->send();
    if (!reply) {
        probe.error = reply.error().message;
        co_return;
    }
    probe.status = reply->status;
    std::string body;
    while (body.size() < kMostAnswerBytes) {
        const auto piece = co_await upstream->read();
        if (!piece) {
            probe.error = piece.error().message;
            co_return;
        }
        if (piece->empty())
            break;
        body.append(*piece);
    }
    dialect::ReplyReader reader;
    const auto facts = reader.body(body, target.usage_style);
    probe.understood = !facts.malformed;
    if (reply->status < 300)
        probe.models = modelsIn(std::move(body));
    else
        probe.error = redactor.redact(facts.error_message);
}

http::Task<> Prober::Thread::run(gateway::SharedTarget target, ProbePlan plan, SharedRedactor redactor,
                                 std::function<void(Probe)> done)
{
    Probe probe;
    const auto began = std::chrono::steady_clock::now();
    if (target->unusable.empty()) {
        probe.sent = target->practice ? "GET /models in this program" : plan.line();
        co_await call(*target, plan, *redactor, probe);
    } else {
        probe.error = target->unusable;
    }
    const auto took = std::chrono::steady_clock::now() - began;
    probe.ms = static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    done(std::move(probe));
}

http::Task<> Prober::Thread::runTest(http::UpstreamRequest request,
                                     std::function<void(Result<RequestId>)> done)
{
    if (!direct) {
        done(fail({.code = "prober.no_transport", .message = transport_error}));
        co_return;
    }
    const auto upstream = direct->open(std::move(request));
    const auto reply = co_await upstream->send();
    if (!reply) {
        done(fail(reply.error()));
        co_return;
    }
    const auto text = reply->fields.find("x-portolan-request-id").value_or("");
    RequestId id;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
    const bool understood = error == std::errc{} && end == text.data() + text.size();
    for (auto piece = co_await upstream->read(); piece && !piece->empty();)
        piece = co_await upstream->read();
    if (reply->status != 200 || !understood) {
        done(
            fail({.code = "prober.test_failed",
                  .message = fmt::format("The gateway answered the test request with {}. Look at it in Logs.",
                                         reply->status)}));
        co_return;
    }
    done(id);
}

Prober::Prober(std::string ca_file)
    : m_thread(std::make_unique<Thread>(std::move(ca_file)))
{ }

Prober::~Prober() = default;

void Prober::follow(std::shared_ptr<const http::ProxyRules> rules)
{
    asio::post(m_thread->context, [thread = m_thread.get(), rules = std::move(rules)] {
        if (thread->direct)
            thread->direct->follow(rules);
    });
}

void Prober::probe(gateway::SharedTarget target, ProbePlan plan, SharedRedactor redactor,
                   std::function<void(Probe)> done)
{
    auto *thread = m_thread.get();
    asio::post(thread->context,
               [thread, target = std::move(target), plan = std::move(plan), redactor = std::move(redactor),
                done = std::move(done)]() mutable {
                   asio::co_spawn(
                       thread->context,
                       thread->run(std::move(target), std::move(plan), std::move(redactor), std::move(done)),
                       asio::detached);
               });
}

void Prober::testRequest(std::string address, std::uint16_t port, SharedSecret token,
                         std::function<void(Result<RequestId>)> done)
{
    static constexpr std::string_view kBody
        = R"({"model":"@practice/echo","messages":[{"role":"user","content":"Hello from Portolan."}]})";
    http::UpstreamRequest request;
    request.endpoint = {.host = std::move(address), .port = port, .tls = false};
    request.target = "/v1/chat/completions";
    request.fields.add("Content-Type", "application/json");
    request.fields.add("User-Agent", "Portolan test");
    request.credential
        = http::Credential{.header = "Authorization", .prefix = "Bearer ", .secret = std::move(token)};
    request.body = {kBody};
    auto *thread = m_thread.get();
    // Shared, because a posted handler of this kind must be copyable.
    auto held = std::make_shared<http::UpstreamRequest>(std::move(request));
    asio::post(thread->context, [thread, held, done = std::move(done)]() mutable {
        asio::co_spawn(thread->context, thread->runTest(std::move(*held), std::move(done)), asio::detached);
    });
}

} // namespace portolan::control

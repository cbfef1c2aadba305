// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/adminapi.h"

#include "core/admin/configcalls.h"
#include "core/admin/logjson.h"

#include <QMetaObject>

#include <charconv>
#include <utility>

namespace portolan::admin {

namespace {

constexpr std::string_view kLogs = "/v1/logs/";
constexpr JsonLimits kBodyLimits{.depth = 128, .nodes = 200'000};

std::optional<RequestId> requestId(std::string_view text)
{
    RequestId id;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
    if (error != std::errc() || end != text.data() + text.size() || id.value <= 0)
        return std::nullopt;
    return id;
}

} // namespace

AdminApi::AdminApi(control::Control &control)
    : m_control(control)
{ }

void AdminApi::answer(gateway::AdminCall call, Reply reply)
{
    // Shared, because a std::function must be copyable.
    auto request = std::make_shared<Request>();
    request->call = std::move(call);
    m_worker.post([this, request = std::move(request), answer = m_open.open(std::move(reply))] {
        if (!request->call.body.empty()) {
            auto body = JsonDocument::parse(std::move(request->call.body), kBodyLimits);
            if (!body)
                return answer.refuse(400, "admin.bad_json", body.error().message);
            if (body->root().kind != JsonNode::Kind::Object)
                return answer.refuse(400, "admin.bad_json", "The body must be a JSON object.");
            request->body = *std::move(body);
        }
        QMetaObject::invokeMethod(
            &m_control, [this, request, answer] { run(request, answer); }, Qt::QueuedConnection);
    });
}

void AdminApi::end()
{
    m_open.end();
}

void AdminApi::run(const SharedRequest &request, const Answer &answer)
{
    const std::string_view path = request->call.path;
    if (path.starts_with(kLogs) && request->call.method == http::Method::Get)
        return showLog(request, answer);
    if (!runConfigCall(m_control, request, answer))
        answer.refuse(404, "admin.no_route", "The admin API has no such call.");
}

void AdminApi::showLog(const SharedRequest &request, const Answer &answer)
{
    const auto id = requestId(std::string_view(request->call.path).substr(kLogs.size()));
    const auto unknown
        = [answer] { answer.refuse(404, "admin.unknown_log", "There is no request with this id."); };
    if (!id)
        return unknown();
    m_control.detail(*id, [this, answer, unknown](Result<std::optional<control::Detail>> found) {
        if (!found)
            return answer.refuse(found.error());
        if (!*found)
            return unknown();
        m_worker.post([answer, detail = **std::move(found)] { answer.send(logJson(detail)); });
    });
}

} // namespace portolan::admin

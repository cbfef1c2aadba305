// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/adminapi.h"

#include "core/admin/routes.h"

#include <QMetaObject>

#include <utility>

namespace portolan::admin {

namespace {

constexpr JsonLimits kBodyLimits{.depth = 128, .nodes = 200'000};

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
    auto found = findRoute(request->call.method, request->call.path);
    if (!found)
        return answer.refuse(404, "admin.no_route", "The admin API has no such call.");
    if (!mayCall(*found->route, request->call.scopes)) {
        return answer.refuse(403, "auth.scope_missing",
                             "This client key may not make this call. It needs the scope "
                                 + std::string(found->route->scopes) + ", or admin.");
    }
    const Call call{.control = m_control,
                    .worker = m_worker,
                    .request = request,
                    .names = std::move(found->names),
                    .answer = answer};
    const auto acting = call.act();
    found->route->run(call);
}

} // namespace portolan::admin

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/admincalls.h"
#include "core/gateway/headers.h"
#include "core/gateway/pipeline.h"
#include "core/gateway/refusals.h"

#include <utility>

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;

constexpr auto kLongestWait = 30s;

} // namespace

/// An admin call from its body to its answer. Neither body is kept with the record: one may hold a credential
/// that is refused for being there, the other whole requests of other programs.
http::Task<Pipeline::Stage> Pipeline::answerAdmin()
{
    m_record.endpoint = "admin";
    m_record.cost_state = trace::CostState::Free;
    auto *const admin = m_thread.services.admin;
    if (!admin)
        co_return std::unexpected(refusal(404, "admin.no_route", "This gateway has no admin API."));
    // Whatever origins may call models: no web page administers (threat-model B5).
    if (head().fields.find("origin"))
        co_return std::unexpected(
            refusal(403, "admin.origin", "Web pages may not call the admin API, whatever key they have."));
    if (auto checked = checkContentType(); !checked)
        co_return checked;

    AdminCall call{.method = head().method,
                   .path = head().path,
                   .query = head().query,
                   .key_name = m_record.client_key_name};
    if (m_key)
        call.scopes = m_key->granted;
    if (head().has_body) {
        const auto expected = head().content_length.value_or(kMostAdminBytes);
        if (expected > kMostAdminBytes || !m_held.add(expected))
            co_return std::unexpected(
                refusal(413, "http.body_too_large", "This is more than an admin call may send."));
        auto body = co_await m_exchange.readBody(kMostAdminBytes);
        if (!body) {
            m_client_gone = body.error().code == "http.client_gone";
            co_return std::unexpected(refusalFor(body.error()));
        }
        call.body = *std::move(body);
    }

    AdminWait waiting(m_thread.io);
    m_exchange.onClientGone(waiting.givingUp());
    admin->answer(std::move(call), waiting.reply());
    auto answer = co_await waiting.wait(kLongestWait);
    m_exchange.onClientGone({});
    if (!answer)
        co_return std::unexpected(refusal(
            504, "admin.no_answer", "Portolan was too busy to answer. See whether the change was made."));

    http::ResponseHead answer_head;
    answer_head.status = answer->status;
    answer_head.fields.add("Content-Type", "application/json");
    addGatewayHeaders(answer_head.fields);
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(answer_head.fields);
    const auto sent = co_await m_exchange.respond(std::move(answer_head), answer->body);
    if (!sent)
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
    else if (answer->error_code.empty())
        end(trace::Outcome::Ok, answer->status);
    else
        end(trace::Outcome::Refused, answer->status, answer->error_code, answer->error_message);
    co_return Stage{};
}

} // namespace portolan::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/logcalls.h"

#include "core/admin/logjson.h"

#include <charconv>
#include <optional>
#include <utility>

namespace portolan::admin {

namespace {

std::optional<RequestId> requestId(std::string_view text)
{
    RequestId id;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
    if (error != std::errc() || end != text.data() + text.size() || id.value <= 0)
        return std::nullopt;
    return id;
}

void refuseUnknown(const Answer &answer)
{
    answer.refuse(404, "admin.unknown_log", "There is no request with this id.");
}

} // namespace

void showLog(const Call &call)
{
    const auto id = requestId(call.names.front());
    if (!id)
        return refuseUnknown(call.answer);
    call.control.detail(
        *id, [answer = call.answer, &worker = call.worker](Result<std::optional<control::Detail>> found) {
            if (!found)
                return answer.refuse(found.error());
            if (!*found)
                return refuseUnknown(answer);
            worker.post([answer, detail = **std::move(found)] { answer.send(logJson(detail)); });
        });
}

} // namespace portolan::admin

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/replyhead.h"

#include "core/http/framing.h"
#include "core/http/headlines.h"
#include "core/http/responsehead.h"

namespace portolan::http {

HeadScanner::Bounds replyBounds(const Limits &limits)
{
    return {.start_line = limits.reply_head_bytes,
            .head = limits.reply_head_bytes,
            .lines = limits.reply_head_lines};
}

std::expected<ReplyHead, std::string_view> readReplyHead(std::string_view bytes, Method method)
{
    Fields lines;
    lines.reserve(24, bytes.size());
    const auto status = parseResponseLines(bytes, lines);
    if (!status)
        return std::unexpected("The answer is not well-formed HTTP.");
    const bool http10 = status->version == 10;
    if (status->status < 100 || status->status > 999)
        return std::unexpected("The answer's status is no HTTP status.");
    if (status->status == 101)
        return std::unexpected("The provider switched to another protocol unasked.");
    const auto framing = readFraming(lines, http10);
    if (!framing)
        return std::unexpected(framing.error());

    ReplyHead head;
    head.reply.status = status->status;
    head.keep_alive = staysOpen(lines, http10);
    head.reply.fields.reserve(lines.size(), bytes.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto [name, value] = lines[i];
        if (!isHopByHop(name) && !listsToken(lines, "connection", name))
            head.reply.fields.add(name, value);
    }
    if (method == Method::Head || isBodiless(head.reply.status)) {
        head.body = ReplyBody::None;
    } else if (framing->chunked) {
        head.body = ReplyBody::Chunked;
    } else if (framing->length) {
        head.reply.content_length = framing->length;
        head.body = *framing->length > 0 ? ReplyBody::Sized : ReplyBody::None;
    } else {
        head.body = ReplyBody::ToEnd;
        head.keep_alive = false;
    }
    return head;
}

} // namespace portolan::http

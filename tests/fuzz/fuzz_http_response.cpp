// SPDX-License-Identifier: GPL-3.0-or-later
// A provider's answer: any cut of the bytes finds the same head, one that is accepted has one framing, and
// nothing that concerns a single hop is passed on.
#include "core/http/framing.h"
#include "core/http/replyhead.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace portolan;
using namespace portolan::http;

namespace {

void need(bool holds)
{
    if (!holds)
        std::abort();
}

const Limits kLimits{.reply_head_bytes = 2048, .reply_head_lines = 16};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 1)
        return 0;
    const auto method = data[0] % 2 == 0 ? Method::Post : Method::Head;
    const std::string bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
    HeadScanner whole(replyBounds(kLimits));
    const auto state = whole.scan(bytes);
    HeadScanner pieces(replyBounds(kLimits));
    auto piecewise = HeadScanner::State::More;
    for (std::size_t end = 1; end <= bytes.size() && piecewise == HeadScanner::State::More; ++end)
        piecewise = pieces.scan(std::string_view(bytes).substr(0, end));
    need((state == HeadScanner::State::Complete) == (piecewise == HeadScanner::State::Complete));
    if (state != HeadScanner::State::Complete)
        return 0;
    need(whole.size() == pieces.size());

    const auto head = readReplyHead(std::string_view(bytes).substr(0, whole.size()), method);
    if (!head) {
        need(!head.error().empty());
        return 0;
    }
    need(head->reply.status >= 100 && head->reply.status != 101);
    need(head->body != ReplyBody::Sized || head->reply.content_length.value_or(0) > 0);
    need(head->body != ReplyBody::ToEnd || !head->keep_alive);
    need(method != Method::Head || head->body == ReplyBody::None);
    for (std::size_t i = 0; i < head->reply.fields.size(); ++i) {
        const auto [name, value] = head->reply.fields[i];
        need(isFieldName(name) && isFieldValue(value) && !isHopByHop(name));
    }
    return 0;
}

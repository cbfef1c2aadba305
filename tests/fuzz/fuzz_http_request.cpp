// SPDX-License-Identifier: GPL-3.0-or-later
// A request's head: any cut of the bytes gives the same result, what is accepted means the same when it is
// written again, and a second, simpler reader finds the same body length.
#include "core/http/framing.h"
#include "core/http/pathform.h"
#include "core/http/requesthead.h"

#include <algorithm>
#include <cctype>
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

const Limits kLimits{.request_line_bytes = 256, .head_bytes = 2048, .head_lines = 16};
const ListenerRules kRules("127.0.0.1", 8787, {"box.lan"}, {});

/// Line by line, as a naive server would read the framing: "chunked", digits, or nothing.
std::string naiveFraming(std::string head)
{
    std::ranges::transform(head, head.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string found;
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
        const auto line = std::string_view(head).substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        for (const std::string_view name : {"content-length", "transfer-encoding"}) {
            if (!line.starts_with(name))
                continue;
            auto value = line.substr(name.size());
            const auto from = value.find_first_not_of(" \t:");
            value = from == std::string_view::npos ? std::string_view{} : value.substr(from);
            value = value.substr(0, value.find_last_not_of(" \t") + 1);
            if (line.size() > name.size() && std::string_view(" \t:").contains(line[name.size()]))
                found.append(value);
        }
    }
    return found;
}

std::string written(const RequestHead &head)
{
    std::string text(toString(head.method));
    text.append(" ").append(head.target).append(head.http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    for (std::size_t i = 0; i < head.fields.size(); ++i)
        text.append(head.fields[i].name).append(": ").append(head.fields[i].value).append("\r\n");
    return text.append("\r\n");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string bytes(reinterpret_cast<const char *>(data), size);
    HeadScanner whole(requestBounds(kLimits));
    const auto state = whole.scan(bytes);

    HeadScanner pieces(requestBounds(kLimits));
    auto piecewise = HeadScanner::State::More;
    for (std::size_t end = 1; end <= size && piecewise == HeadScanner::State::More; ++end)
        piecewise = pieces.scan(std::string_view(bytes).substr(0, end));
    // A head that is refused may be refused for another of its faults when it comes in pieces.
    need((state == HeadScanner::State::Complete) == (piecewise == HeadScanner::State::Complete));
    if (state != HeadScanner::State::Complete)
        return 0;
    need(whole.size() == pieces.size());

    const auto head_bytes = bytes.substr(0, whole.size());
    RequestHead head;
    if (const auto refusal = readRequestHead(head_bytes, kRules, head)) {
        need(refusal->close && refusal->status >= 400 && !refusal->message.empty());
        return 0;
    }
    need(normalPath(head.path) == head.path);
    std::string framing;
    if (head.content_length)
        framing = std::to_string(*head.content_length);
    else if (head.has_body)
        framing = "chunked";
    auto naive = naiveFraming(head_bytes);
    if (head.content_length) {
        need(!naive.empty());
        naive.erase(0, std::min(naive.find_first_not_of('0'), naive.size() - 1));
    }
    need(framing == naive);

    RequestHead again;
    need(!readRequestHead(written(head), kRules, again));
    need(again.target == head.target && again.has_body == head.has_body
         && again.fields.size() == head.fields.size());
    need(again.content_length == head.content_length && again.keep_alive == head.keep_alive);
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/directcall.h"

#include "core/http/gather.h"
#include "core/http/outgoing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

namespace portolan::http {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

} // namespace

Result<> DirectCall::composeHead()
{
    if (auto checked = checkOutgoing(m_request); !checked)
        return checked;
    m_head.reserve(512);
    const Fields fields = std::move(m_request.fields); // not needed any more once the head is composed
    fmt::format_to(std::back_inserter(m_head), "{} {} HTTP/1.1\r\nHost: {}\r\n", toString(m_request.method),
                   m_request.target, hostLine(m_request.endpoint));
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto [name, value] = fields[i];
        if (isSentAlong(name))
            m_head.append(name).append(": ").append(value).append("\r\n");
    }
    if (m_request.source && !m_request.source_bytes)
        m_head += "Transfer-Encoding: chunked\r\n";
    else if (const auto length = outgoingLength(m_request))
        fmt::format_to(std::back_inserter(m_head), "Content-Length: {}\r\n", *length);
    if (const auto &credential = m_request.credential)
        m_head.append(credential->header).append(": ").append(credential->prefix);
    else
        m_head.resize(m_head.size() - 2); // kHeadEnd follows
    return {};
}

Task<Result<DirectCall::Progress>> DirectCall::sendBody()
{
    std::vector<iovec> pieces;
    pieces.reserve(m_request.body.size() + 5);
    pieces.push_back(toIovec(m_head));
    if (m_request.credential)
        pieces.push_back(toIovec(m_request.credential->secret->view()));
    pieces.push_back(toIovec(kHeadEnd));
    std::size_t size = 0;
    for (const auto piece : m_request.body)
        size += piece.size();
    const bool chunked = m_request.source && !m_request.source_bytes;
    const std::string size_line = fmt::format("{:x}\r\n", size);
    if (chunked && size > 0)
        pieces.push_back(toIovec(size_line));
    for (const auto piece : m_request.body)
        pieces.push_back(toIovec(piece));
    if (chunked && size > 0)
        pieces.push_back(toIovec("\r\n"));
    auto progress = co_await sendPieces(pieces);
    if (!progress || *progress == Progress::Answered || !m_request.source)
        co_return progress;
    co_return co_await sendSource();
}

Task<Result<DirectCall::Progress>> DirectCall::sendSource()
{
    const bool chunked = !m_request.source_bytes;
    m_source_used = true;
    std::uint64_t left = m_request.source_bytes.value_or(0);
    while (true) {
        const auto piece = co_await m_request.source->next();
        if (m_wait.cancelled())
            co_return fail(upstreamCancelled());
        if (!piece)
            co_return std::unexpected(piece.error());
        if (!chunked && piece->size() > left)
            co_return fail(badRequest("The request's body is longer than it was announced."));
        left -= chunked ? 0 : piece->size();
        const bool last = piece->empty();
        if (last && left > 0)
            co_return fail(badRequest("The request's body is shorter than it was announced."));
        // A provider may refuse an upload before its end, and then not read the rest.
        if (m_connection->channel()->peek().kind != Io::Kind::Blocked) {
            auto early = advanceHead();
            if (!early || *early == Progress::Answered)
                co_return early;
        }
        if (last && !chunked)
            co_return Progress::Open;
        const std::string size_line = chunked ? fmt::format("{:x}\r\n", piece->size()) : std::string();
        std::array pieces{toIovec(size_line), toIovec(*piece),
                          toIovec(chunked ? std::string_view("\r\n") : std::string_view{})};
        auto progress = co_await sendPieces(pieces);
        if (!progress || *progress == Progress::Answered || last)
            co_return progress;
    }
}

Task<Result<DirectCall::Progress>> DirectCall::sendPieces(std::span<iovec> pieces)
{
    pieces = afterSending(pieces, 0);
    while (!pieces.empty()) {
        const Io io = m_connection->write(pieces);
        if (io.kind == Io::Kind::Moved) {
            m_timings.bytes_sent += io.bytes;
            pieces = afterSending(pieces, io.bytes);
            continue;
        }
        if (io.kind == Io::Kind::Blocked) {
            const auto interest = m_connection->wants() | Channel::kRead;
            co_await m_wait.on(interest, Clock::now() + m_request.idle_timeout);
            if (const auto end = m_wait.end(); end != CallWait::End::Ready)
                co_return ended(end, "upstream.idle_timeout");
        }
        // An answer before the end of the request (413, say) is taken; what the peer will not read is not
        // sent.
        auto early = advanceHead();
        if (!early || *early == Progress::Answered)
            co_return early;
        if (io.kind != Io::Kind::Blocked)
            co_return fail(broken(io));
    }
    co_return Progress::Open;
}

} // namespace portolan::http

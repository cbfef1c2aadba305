// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/http/chunked.h"
#include "core/http/dialer.h"
#include "core/http/pool.h"
#include "core/http/replyhead.h"
#include "core/http/upstream.h"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/uio.h>

namespace portolan::http {

/// What the direct calls of one I/O thread share.
struct DirectState {
    const Limits limits;
    DeadlineList &deadlines;
    Dialer dialer;
    Pool pool;
    std::vector<char> scratch; // valid until the next await
};

/// One call over a pooled or fresh connection.
class DirectCall final : public UpstreamCall
{
public:
    DirectCall(std::shared_ptr<DirectState> state, UpstreamRequest request);

    Task<Result<UpstreamReply>> send() override;
    Task<Result<std::string_view>> read() override;
    [[nodiscard]] bool ready() const override { return m_body_done || !m_buffer.empty(); }
    void cancel() override;
    [[nodiscard]] const CallTimings &timings() const override { return m_timings; }

private:
    using Clock = std::chrono::steady_clock;
    enum class Progress : std::uint8_t { Open, Answered }; // Answered: the reply's head is complete

    // directcall.cpp: the life of a call
    Task<Result<>> exchange();
    void drop();
    [[nodiscard]] std::int64_t micros() const;
    [[nodiscard]] Error broken(const Io &io) const;
    [[nodiscard]] std::unexpected<Error> ended(CallWait::End end, std::string_view code);

    // directcallrequest.cpp
    Result<> composeHead();
    Task<Result<Progress>> sendBody();
    Task<Result<Progress>> sendPieces(std::span<iovec> pieces);
    Task<Result<Progress>> sendSource();

    // directcallreply.cpp
    Task<Result<>> awaitHead();
    Result<Progress> advanceHead();
    Result<Progress> takeHead();
    Result<std::string_view> advanceBody();
    Result<std::span<char>> nextBytes();
    Result<std::string_view> decode(std::span<char> bytes);
    void finishBody(bool surplus);

    const std::shared_ptr<DirectState> m_state;
    UpstreamRequest m_request;
    CallWait m_wait;
    CallTimings m_timings;
    Clock::time_point m_began{};
    std::unique_ptr<Connection> m_connection;

    std::string m_head; // of the request, without the credential
    bool m_source_used = false;
    bool m_request_sent = false;

    HeadScanner m_scanner;
    std::string m_buffer; // received and not decoded yet
    std::string m_held;   // what the last read() returned, when it came from m_buffer
    ReplyHead m_reply;
    std::size_t m_interims = 0;
    std::uint64_t m_left = 0;
    std::optional<ChunkedDecoder> m_chunks;
    bool m_body_done = false;
};

} // namespace portolan::http

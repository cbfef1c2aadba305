// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/channel.h"
#include "core/http/chunked.h"
#include "core/http/deadlines.h"
#include "core/http/exchange.h"
#include "core/http/headscanner.h"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <sys/uio.h>

namespace portolan::http {

class Worker;

/// One client connection: reads heads, hands each request to the handler as its Exchange, and closes when
/// framing, limits or the client say so. While it waits it owns no buffer: bytes are read into the thread's
/// scratch memory and only what is not used up is kept. Owned by its own coroutine; I/O thread only.
class Session final
    : public Exchange,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    Session(Worker &worker, std::shared_ptr<Channel> channel);
    ~Session() override;

    /// Serves the connection to its end.
    static Task<> serve(std::shared_ptr<Session> session);
    /// Answers 503 and closes: one connection too many.
    static Task<> turnAway(std::shared_ptr<Session> session);

    /// No further request: an idle connection closes now, a busy one after its answer.
    void drain();
    /// Ends a running request as if its client had gone.
    void cut();
    void abandon() { m_channel->abandon(); }

    [[nodiscard]] const RequestHead &head() const override { return m_head; }
    [[nodiscard]] std::chrono::steady_clock::time_point startedAt() const override { return m_started; }
    Task<Result<std::string>> readBody(std::size_t limit) override;
    Task<Result<std::string_view>> readSome(std::size_t limit) override;
    Task<Result<>> respond(ResponseHead head, std::string_view body) override;
    void begin(ResponseHead head) override;
    Task<Result<>> flushHead() override;
    Task<Result<>> write(std::string_view bytes) override;
    bool tryWrite(std::string_view bytes) override;
    Task<Result<>> finish() override;
    void abort() override;
    void onClientGone(std::function<void()> gone) override;
    [[nodiscard]] bool clientGone() const override { return m_gone; }
    [[nodiscard]] std::uint64_t bytesRead() const override { return m_bytes_read; }
    [[nodiscard]] std::uint64_t bytesWritten() const override { return m_bytes_written; }
    [[nodiscard]] bool headSent() const override
    {
        return m_reply == Reply::Streaming || m_reply == Reply::Done;
    }
    [[nodiscard]] Executor executor() const override;

private:
    enum class Next : std::uint8_t { Request, Refused, Close };
    enum class Body : std::uint8_t { Unread, Done, Failed };
    enum class Reply : std::uint8_t { None, Begun, Streaming, Done, Aborted };
    enum class Lifetime : std::uint8_t { Caller, Scratch }; ///< Scratch: copy what the kernel does not take

    // session.cpp: the life of a connection
    Task<> run();
    Task<Next> readHead();
    Next takeHead(std::string_view bytes, HeadScanner::State state);
    Task<> answer();
    Task<> refuse();
    Task<> linger();
    void beginRequest();
    void endRequest();
    void noticeReadable();
    void clientLeft();
    void expired();
    [[nodiscard]] Task<Io> receive(std::span<char> into, std::chrono::steady_clock::time_point until);

    // sessionbody.cpp: the request's body
    Result<> openBody(std::size_t limit);
    Task<Result<>> sendContinue();
    Task<Result<>> fillPiece(std::size_t limit);
    Task<Io> receiveBody(std::span<char> into);
    Task<Result<>> readSized(std::string &body);
    [[nodiscard]] std::string_view takeDecoded(std::span<char> bytes, std::string_view &reason);
    std::unexpected<Error> bodyFailed(Error error);
    std::unexpected<Error> bodyEnded(Io io);

    // sessionreply.cpp: the answer
    void composeHead(std::string &out, const ResponseHead &head, std::optional<std::uint64_t> length);
    Result<std::span<iovec>> sendNow(std::span<iovec> pieces);
    Task<Result<>> send(std::span<iovec> pieces, Lifetime lifetime);
    Task<Result<>> sendRest(std::span<iovec> pieces, Lifetime lifetime);

    static constexpr std::size_t kPadding = 64; ///< kJsonPadding, which the JSON reader asks for

    [[nodiscard]] std::string_view buffered() const { return std::string_view(m_buffer).substr(m_buffer_at); }
    void keep(std::string_view bytes);

    Worker &m_worker;
    const std::shared_ptr<Channel> m_channel;
    DeadlineList::Entry m_deadline;
    std::string m_buffer; // received and not used yet
    std::size_t m_buffer_at = 0;
    HeadScanner m_scanner;
    RequestHead m_head;
    std::optional<Refusal> m_refusal;
    std::chrono::steady_clock::time_point m_started{};

    Body m_body = Body::Done;
    std::uint64_t m_body_left = 0;
    std::uint64_t m_body_size = 0; // decoded so far
    std::optional<ChunkedDecoder> m_chunks;
    std::string m_piece; // what readSome() returned
    std::chrono::steady_clock::duration m_body_waited{};
    std::chrono::steady_clock::duration m_rate_waited{};
    std::uint64_t m_rate_bytes = 0;

    Reply m_reply = Reply::None;
    std::string m_reply_head; // composed, leaves with the first bytes
    std::optional<std::uint64_t> m_reply_left;
    bool m_reply_chunked = false;
    bool m_reply_bodiless = false;

    std::function<void()> m_on_gone;
    std::uint64_t m_bytes_read = 0;
    std::uint64_t m_bytes_written = 0;
    bool m_writing = false; // a coroutine waits for the kernel to take bytes
    bool m_serving = false; // a request is with the handler
    bool m_waiting_for_head = false;
    bool m_expired = false;
    bool m_gone = false;
    bool m_close = false;
    bool m_draining = false;
    bool m_fresh = true;
};

} // namespace portolan::http

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/chunked.h"
#include "core/http/curlerrors.h"
#include "core/http/curlloop.h"
#include "core/http/dialer.h"
#include "core/http/replyhead.h"
#include "core/http/upstream.h"

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::http {

/// One call over libcurl. Its callbacks only note what happened and wake the waiting coroutine, which runs in
/// a later turn of the loop: nothing calls libcurl from inside libcurl.
class CurlCall final : public UpstreamCall
{
public:
    CurlCall(std::shared_ptr<CurlLoop> loop, UpstreamRequest request);
    ~CurlCall() override;

    Task<Result<UpstreamReply>> send() override;
    Task<Result<std::string_view>> read() override;
    [[nodiscard]] bool ready() const override { return m_body_done || !m_buffer.empty(); }
    void cancel() override;
    [[nodiscard]] const CallTimings &timings() const override { return m_timings; }

    /// The transfer is over; called by the loop, outside of libcurl's callbacks.
    void finished(CURLcode code);
    /// A connection of this call was closed after the peer had sent so many bytes; told before finished().
    void closed(std::uint64_t received) { m_arrived += m_reopened ? 0 : received; }

private:
    using Clock = std::chrono::steady_clock;
    enum class Phase : std::uint8_t { Connecting, Sending, Waiting, Receiving };
    struct EasyFree {
        void operator()(CURL *easy) const noexcept { curl_easy_cleanup(easy); }
    };

    // curlcall.cpp: the life of a call
    Task<Result<>> exchange();
    Task<Result<>> awaitEvent();
    Task<Result<>> feed();
    void end();
    void wake() { m_channel->interrupt(); }
    void active() { m_active = Clock::now(); }
    [[nodiscard]] std::int64_t micros() const;
    [[nodiscard]] Clock::time_point deadline() const;
    [[nodiscard]] Error expired() const;
    [[nodiscard]] Error failure() const;
    [[nodiscard]] bool mayRepeat(const Error &error) const;
    void pauseAsNeeded();
    void countSent();

    // curlsetup.cpp: what libcurl is told
    [[nodiscard]] Result<> mayCall() const;
    [[nodiscard]] bool begin(bool fresh);
    void setRoute();
    void setTrust();
    void setMessage();
    [[nodiscard]] bool setLines();
    [[nodiscard]] bool addLine(std::string_view name, std::string_view value, std::string_view more = {});
    void forgetLines();

    // curlreply.cpp: what libcurl tells
    static curl_socket_t onOpen(void *self, curlsocktype, curl_sockaddr *address);
    static int onConnected(void *self, char *ip, char *, int port, int local_port);
    static CURLcode onTlsContext(CURL *, void *context, void *self);
    static std::size_t onRead(char *into, std::size_t, std::size_t room, void *self);
    static std::size_t onHead(char *bytes, std::size_t, std::size_t size, void *self);
    static std::size_t onBody(char *bytes, std::size_t, std::size_t size, void *self);
    curl_socket_t open(const curl_sockaddr &address);
    void connected(std::string_view ip, int port, int local_port);
    std::size_t give(char *into, std::size_t room);
    void requestSent();
    bool takeHead(std::string_view bytes);
    bool takeBody(std::string_view bytes);
    bool refuse(Error error);

    const std::shared_ptr<CurlLoop> m_loop;
    UpstreamRequest m_request;
    const std::shared_ptr<Channel> m_channel; // has no socket: it is what the coroutine waits on
    CallWait m_wait;
    CallTimings m_timings;
    Clock::time_point m_began{};
    Clock::time_point m_attempt_began{};
    Clock::time_point m_active{}; // the last byte in or out, or when the wait for it began
    Phase m_phase = Phase::Connecting;
    std::unique_ptr<CURL, EasyFree> m_easy;
    curl_slist *m_lines = nullptr;
    std::array<char, CURL_ERROR_SIZE> m_text{}; // libcurl's words
    bool m_running = false;                     // libcurl has the transfer
    std::optional<CurlEnd> m_end;               // how the transfer went
    std::optional<Error> m_failure;             // found by us, wins over libcurl's

    std::size_t m_piece = 0; // of the request's body: what goes next
    std::size_t m_offset = 0;
    std::string_view m_source_piece;
    std::uint64_t m_source_left = 0;
    bool m_source_used = false;
    bool m_source_ended = false;
    bool m_starved = false; // libcurl waits for the source

    HeadScanner m_scanner;
    std::string m_head; // received and not complete
    bool m_answered = false;
    ReplyHead m_reply;
    std::size_t m_interims = 0;
    std::uint64_t m_left = 0;
    std::optional<ChunkedDecoder> m_chunks;
    std::string m_buffer;        // decoded and not read yet
    std::string m_held;          // what the last read() returned
    std::uint64_t m_arrived = 0; // on the connection that was closed, also what libcurl keeps to itself
    bool m_reopened = false;     // libcurl tries another connection after the one that took the request
    bool m_paused = false;
    bool m_body_done = false;
    bool m_request_sent = false;
};

} // namespace portolan::http

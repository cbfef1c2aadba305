// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// Turns a provider's stream into the client's, whatever pieces it comes in: frames, events, the client's
/// bytes. Watches the order of events, so that no codec's slip and no provider's bytes give a client a stream
/// that its SDK can't read: nothing before the start, nothing behind a finish or the end, exactly one end.
class StreamTranslator
{
public:
    /// Both codecs and the exchange must outlive it.
    StreamTranslator(const ProviderCodec &provider, const ClientCodec &client, Exchange &exchange);

    /// Appends the client's bytes to `out`. After an end or failure it does nothing.
    void feed(std::string_view piece, std::string &out);
    void end(std::string &out); ///< the provider's bytes have ended
    /// Instead of bytes: an answer that came in one piece (replyevents.h).
    void give(StreamEvents events, std::string &out);
    /// The connection broke, or a clock ran out: the client hears of it in its dialect's words.
    void fail(const ApiError &error, std::string &out);

    /// What this piece was about, for traces and for what waits for the first token.
    [[nodiscard]] bool sawContent() const noexcept { return m_saw_content; }
    [[nodiscard]] bool ended() const noexcept { return m_ended; }
    [[nodiscard]] const std::optional<ApiError> &failure() const noexcept { return m_failure; }
    /// What is paid for, where the provider tells that apart.
    [[nodiscard]] const std::optional<Usage> &usage() const noexcept { return m_usage; }
    [[nodiscard]] const std::optional<Finish> &finish() const noexcept { return m_finish; } ///< of choice 0
    [[nodiscard]] const std::string &model() const noexcept { return m_model; }
    /// Bytes of text, reasoning and arguments given so far: what an estimate of tokens is made from.
    [[nodiscard]] std::size_t contentBytes() const noexcept { return m_content_bytes; }

private:
    void drain(std::string &out);
    void pass(const StreamEvents &events, std::string &out);
    void watch(const StreamEvent &event);

    std::unique_ptr<FrameSplitter> m_splitter;
    std::unique_ptr<StreamDecoder> m_decoder;
    std::unique_ptr<StreamEncoder> m_encoder;
    StreamEvents m_events{};
    bool m_started = false;
    bool m_ended = false;
    bool m_saw_content = false;
    std::size_t m_content_bytes = 0;
    std::optional<ApiError> m_failure{};
    std::optional<Usage> m_usage{};
    std::optional<Finish> m_finish{};
    std::string m_model{};
};

} // namespace portolan::dialect

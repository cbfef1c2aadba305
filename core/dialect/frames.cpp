// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/frames.h"

#include "core/dialect/bedrock/eventstream.h"
#include "core/dialect/sse.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect {
namespace {

constexpr std::size_t kFrameBytes = 4U << 20U;

/// JSON that stands among the events without being one: some providers tell of a failure that way, in
/// mid-stream or instead of a stream (gemini.md 7). Empty when these bytes are none.
std::string_view bareJson(std::string_view raw)
{
    constexpr std::string_view kSpace = " \t\r\n";
    raw.remove_prefix(std::min(raw.find_first_not_of(kSpace), raw.size()));
    raw = raw.substr(0, raw.find_last_not_of(kSpace) + 1);
    return raw.starts_with('{') || raw.starts_with('[') ? raw : std::string_view();
}

class SseFrames final : public FrameSplitter
{
public:
    Result<> feed(std::string_view piece) override { return m_events.feed(piece); }

    Result<bool> next(Frame &frame) override
    {
        while (m_events.next(m_event)) {
            const std::string_view data = m_event.has_data ? m_event.data : bareJson(m_event.raw);
            if (!m_event.has_data && data.empty())
                continue;
            frame = {.name = m_event.name, .data = data};
            return true;
        }
        return false;
    }

    bool last(Frame &frame) override
    {
        if (m_events.pending().empty())
            return false;
        // Two line ends complete whatever the bytes broke off in.
        if (!m_events.feed("\n\n\n"))
            return false;
        const auto found = next(frame);
        return found && *found;
    }

    [[nodiscard]] bool midFrame() const override { return !m_events.pending().empty(); }

private:
    SseSplitter m_events{kFrameBytes};
    SseSplitter::Event m_event{};
};

class LineFrames final : public FrameSplitter
{
public:
    Result<> feed(std::string_view piece) override
    {
        m_held.erase(0, std::exchange(m_read, 0));
        m_held += piece;
        if (m_held.size() <= kFrameBytes || m_held.find('\n') != std::string::npos)
            return {};
        return fail({.origin = Origin::Upstream,
                     .code = "frames.too_large",
                     .message = "A line of the provider's stream is longer than 4 MiB."});
    }

    Result<bool> next(Frame &frame) override
    {
        for (;;) {
            const std::size_t line_end = m_held.find('\n', m_read);
            if (line_end == std::string::npos)
                return false;
            const auto line = std::string_view(m_held).substr(m_read, line_end - m_read);
            m_read = line_end + 1;
            if (!give(line, frame))
                continue;
            return true;
        }
    }

    bool last(Frame &frame) override
    {
        const auto line = std::string_view(m_held).substr(std::exchange(m_read, m_held.size()));
        return give(line, frame);
    }

    [[nodiscard]] bool midFrame() const override { return m_read < m_held.size(); }

private:
    static bool give(std::string_view line, Frame &frame)
    {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            return false;
        frame = {.data = line};
        return true;
    }

    std::string m_held{};
    std::size_t m_read = 0;
};

} // namespace

std::unique_ptr<FrameSplitter> frameSplitter(FrameFormat format)
{
    switch (format) {
    case FrameFormat::Sse: break;
    case FrameFormat::EventStream: return std::make_unique<bedrock::EventStreamFrames>();
    case FrameFormat::Lines: return std::make_unique<LineFrames>();
    }
    return std::make_unique<SseFrames>();
}

} // namespace portolan::dialect

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/chunked.h"

#include "core/http/fields.h"

#include <algorithm>

namespace portolan::http {

namespace {

constexpr int kMaxDigits = 8;

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

ChunkedDecoder::ChunkedDecoder(Bounds bounds)
    : m_bounds(bounds)
{ }

std::expected<ChunkedDecoder::Step, std::string_view> ChunkedDecoder::next(std::string_view input)
{
    std::size_t at = 0;
    while (at < input.size() && m_state != State::Done) {
        if (m_state == State::Data) {
            const auto run = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, input.size() - at));
            m_left -= run;
            if (m_left == 0)
                m_state = State::DataCr;
            return Step{.used = at + run, .data = input.substr(at, run)};
        }
        if (const auto reason = take(input[at++]); !reason.empty())
            return std::unexpected(reason);
    }
    return Step{.used = at};
}

std::string_view ChunkedDecoder::take(char c)
{
    const auto expect = [this, c](char wanted, State then) -> std::string_view {
        m_state = then;
        return c == wanted ? "" : "A line of the chunked coding does not end in CR LF.";
    };
    switch (m_state) {
    case State::SizeStart:
        m_digits = 0;
        m_line = 0;
        m_left = 0;
        m_state = State::Size;
        [[fallthrough]];
    case State::Size:
        if (const int digit = hexValue(c); digit >= 0) {
            m_left = m_left * 16 + static_cast<unsigned>(digit);
            return ++m_digits > kMaxDigits ? "A chunk size has more than 8 digits." : "";
        }
        if (m_digits == 0)
            return "A chunk has no size.";
        if (c == ';' || c == '\r') {
            m_state = c == ';' ? State::Extension : State::SizeLf;
            return {};
        }
        return "A chunk size is not hexadecimal.";
    case State::Extension:
        if (c == '\r') {
            m_state = State::SizeLf;
            return {};
        }
        if (!isFieldValue({&c, 1}))
            return "A chunk extension holds a control character.";
        return ++m_line > m_bounds.line ? "A chunk line is too long." : "";
    case State::SizeLf: m_line = 0; return expect('\n', m_left > 0 ? State::Data : State::TrailerStart);
    case State::DataCr: return expect('\r', State::DataLf);
    case State::DataLf: return expect('\n', State::SizeStart);
    case State::TrailerStart:
        if (c == '\r') {
            m_state = State::EndLf;
            return {};
        }
        if (++m_trailers > m_bounds.trailers)
            return "The body has too many trailers.";
        if (!isFieldName({&c, 1}))
            return "A trailer has no name.";
        m_state = State::Trailer;
        [[fallthrough]];
    case State::Trailer:
        if (c == '\r') {
            m_state = State::TrailerLf;
            return {};
        }
        if (!isFieldValue({&c, 1}))
            return "A trailer holds a control character.";
        return ++m_line > m_bounds.line ? "The trailers are too long." : "";
    case State::TrailerLf: return expect('\n', State::TrailerStart);
    case State::EndLf: return expect('\n', State::Done);
    case State::Data:
    case State::Done: break;
    }
    return {};
}

} // namespace portolan::http

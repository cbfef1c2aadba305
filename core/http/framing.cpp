// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/framing.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace portolan::http {

std::expected<Framing, std::string_view> readFraming(const Fields &fields, bool http10)
{
    Framing framing;
    std::size_t lengths = 0;
    std::size_t codings = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto [name, value] = fields[i];
        if (equalsIgnoringCase(name, "content-length")) {
            std::uint64_t length = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
            if (value.empty() || error != std::errc{} || end != value.data() + value.size()
                || length > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
                return std::unexpected("Content-Length must be one whole number in digits.");
            framing.length = length;
            ++lengths;
        } else if (equalsIgnoringCase(name, "transfer-encoding")) {
            if (!equalsIgnoringCase(value, "chunked"))
                return std::unexpected("Transfer-Encoding must be exactly \"chunked\".");
            framing.chunked = true;
            ++codings;
        }
    }
    if (lengths > 1)
        return std::unexpected("Content-Length must stand there once.");
    if (codings > 1)
        return std::unexpected("Transfer-Encoding must stand there once.");
    if (lengths + codings > 1)
        return std::unexpected("Content-Length and Transfer-Encoding exclude each other.");
    if (codings == 1 && http10)
        return std::unexpected("HTTP/1.0 has no Transfer-Encoding.");
    return framing;
}

bool listsToken(const Fields &fields, std::string_view name, std::string_view token)
{
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto line = fields[i];
        if (!equalsIgnoringCase(line.name, name))
            continue;
        std::string_view rest = line.value;
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (equalsIgnoringCase(trimmed(rest.substr(0, comma)), token))
                return true;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return false;
}

bool isHopByHop(std::string_view name) noexcept
{
    constexpr std::array<std::string_view, 9> kNames{
        "connection", "content-length",    "keep-alive", "proxy-connection",  "te",
        "trailer",    "transfer-encoding", "upgrade",    "proxy-authenticate"};
    return std::ranges::any_of(kNames,
                               [name](std::string_view hop) { return equalsIgnoringCase(name, hop); });
}

bool staysOpen(const Fields &fields, bool http10)
{
    if (listsToken(fields, "connection", "close"))
        return false;
    return !http10 || listsToken(fields, "connection", "keep-alive");
}

} // namespace portolan::http

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/responsehead.h"

#include "core/base/text.h"
#include "core/http/framing.h"

#include <boost/beast/http/status.hpp>

#include <charconv>

namespace portolan::http {

namespace {

void appendNumber(std::string &out, std::uint64_t number)
{
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end);
}

void appendReason(std::string &out, int status)
{
    const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
    if (known == boost::beast::http::status::unknown)
        return;
    const auto reason = boost::beast::http::obsolete_reason(known);
    out.append(reason.data(), reason.size());
}

bool isOurs(std::string_view name)
{
    return isHopByHop(name) || equalsIgnoringCase(name, "x-content-type-options")
        || equalsIgnoringCase(name, "cache-control");
}

} // namespace

bool isBodiless(int status) noexcept
{
    return status < 200 || status == 204 || status == 304;
}

void appendResponseHead(std::string &out, int status, const Fields &fields, const ResponseFraming &framing)
{
    out += "HTTP/1.1 ";
    appendNumber(out, static_cast<std::uint64_t>(status));
    out += ' ';
    appendReason(out, status);
    out += "\r\n";
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto [name, value] = fields[i];
        if (isFieldName(name) && isFieldValue(value) && !isOurs(name))
            out.append(name).append(": ").append(value).append("\r\n");
    }
    if (framing.chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (framing.length) {
        out += "Content-Length: ";
        appendNumber(out, *framing.length);
        out += "\r\n";
    }
    if (!framing.keep_alive)
        out += "Connection: close\r\n";
    else if (framing.http10_client)
        out += "Connection: keep-alive\r\n";
    out += "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n";
}

} // namespace portolan::http

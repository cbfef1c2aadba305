// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/headlines.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <limits>

namespace portolan::http {

namespace {

namespace beast = boost::beast;
using ErrorCode = beast::error_code;

/// Beast's parser with the callbacks turned into our own containers, for the head alone.
template <bool IsRequest>
class LineParser final : public beast::http::basic_parser<IsRequest>
{
public:
    explicit LineParser(Fields &fields)
        : m_fields(fields)
    {
        this->header_limit(std::numeric_limits<std::uint32_t>::max()); // HeadScanner has bounded it
        this->body_limit(boost::none);
    }

    bool parse(std::string_view head)
    {
        ErrorCode error;
        this->put(boost::asio::buffer(head.data(), head.size()), error);
        return !error && this->is_header_done() && m_well_formed;
    }

    RequestLine request{};
    StatusLine response{};

private:
    using View = beast::string_view;

    static std::string_view view(View text) { return {text.data(), text.size()}; }

    void on_request_impl(beast::http::verb, View method, View target, int version, ErrorCode &) override
    {
        request = {.method = view(method), .target = view(target), .version = version};
    }
    void on_response_impl(int status, View, int version, ErrorCode &) override
    {
        response = {.status = status, .version = version};
    }
    void on_field_impl(beast::http::field, View name, View value, ErrorCode &) override
    {
        m_well_formed = m_well_formed && isFieldName(view(name)) && isFieldValue(view(value));
        m_fields.add(view(name), view(value));
    }
    void on_header_impl(ErrorCode &) override { }
    void on_body_init_impl(const boost::optional<std::uint64_t> &, ErrorCode &) override { }
    std::size_t on_body_impl(View body, ErrorCode &) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, View, ErrorCode &) override { }
    std::size_t on_chunk_body_impl(std::uint64_t, View body, ErrorCode &) override { return body.size(); }
    void on_finish_impl(ErrorCode &) override { }

    Fields &m_fields;
    bool m_well_formed = true;
};

} // namespace

std::optional<RequestLine> parseRequestLines(std::string_view head, Fields &fields)
{
    LineParser<true> parser(fields);
    if (!parser.parse(head))
        return std::nullopt;
    return parser.request;
}

std::optional<StatusLine> parseResponseLines(std::string_view head, Fields &fields)
{
    LineParser<false> parser(fields);
    if (!parser.parse(head))
        return std::nullopt;
    return parser.response;
}

} // namespace portolan::http

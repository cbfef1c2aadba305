// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/multipart.h"
#include "core/gateway/pipeline.h"
#include "core/gateway/refusals.h"

#include <utility>

namespace portolan::gateway {

namespace {

/// What follows the held part of a form, still arriving. It goes on being read, so that a second `model`
/// cannot slip past the routing.
class RestOfForm : public http::BodySource
{
public:
    RestOfForm(http::Exchange &exchange, std::unique_ptr<dialect::MultipartReader> reader, std::size_t limit)
        : m_exchange(exchange)
        , m_reader(std::move(reader))
        , m_limit(limit)
    { }

    http::Task<Result<std::string_view>> next() override
    {
        auto piece = co_await m_exchange.readSome(m_limit);
        if (!piece)
            co_return piece;
        auto read = piece->empty() ? m_reader->finish() : m_reader->feed(*piece);
        if (!read)
            co_return fail(std::move(read).error());
        co_return piece;
    }

private:
    http::Exchange &m_exchange;
    std::unique_ptr<dialect::MultipartReader> m_reader;
    const std::size_t m_limit;
};

} // namespace

http::Task<Pipeline::Stage> Pipeline::readMultipart()
{
    const auto limit = m_snapshot->limits.multipart_bytes;
    const auto boundary = dialect::multipartBoundary(head().fields.find("content-type").value_or(""));
    if (!boundary)
        co_return std::unexpected(refusalFor(boundary.error()));
    auto reader = std::make_unique<dialect::MultipartReader>(*boundary);
    bool ended = false;
    while (!reader->model()) {
        const auto piece = co_await m_exchange.readSome(limit);
        if (!piece) {
            m_client_gone = piece.error().code == "http.client_gone";
            co_return std::unexpected(refusalFor(piece.error()));
        }
        ended = piece->empty();
        auto read = ended ? reader->finish() : reader->feed(*piece);
        if (!read)
            co_return std::unexpected(refusalFor(read.error()));
        if (ended)
            break;
        if (!m_held.add(piece->size())) {
            co_return std::unexpected(
                refusal(413, "http.too_much_held",
                        "Too many large files are being read at once. Put the field model before "
                        "the file, or try again shortly."));
        }
        m_body.append(*piece);
    }
    if (const auto &model = reader->model()) {
        m_peek.model = model->value;
        m_form_model = model->range;
    }
    if (const auto &stream = reader->stream())
        m_record.stream = stream->value == "true";
    if (ended)
        co_return Stage{};
    if (head().content_length)
        m_rest_bytes = *head().content_length - m_body.size();
    m_rest = std::make_unique<RestOfForm>(m_exchange, std::move(reader), limit);
    co_return Stage{};
}

/// A form is kept for another attempt as far as memory allows (architecture 4); what does not fit goes
/// through once, as it comes.
http::Task<Pipeline::Stage> Pipeline::holdRest()
{
    while (m_rest) {
        const auto piece = co_await m_rest->next();
        if (!piece) {
            m_client_gone = piece.error().code == "http.client_gone";
            co_return std::unexpected(refusalFor(piece.error()));
        }
        if (piece->empty()) {
            m_rest.reset();
            m_rest_bytes.reset();
            break;
        }
        m_body.append(*piece);
        if (m_rest_bytes)
            *m_rest_bytes -= piece->size();
        if (!m_held.add(piece->size()))
            break;
    }
    co_return Stage{};
}

} // namespace portolan::gateway

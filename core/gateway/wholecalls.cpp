// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/wholecalls.h"

#include "core/dialect/embeddings/embeddings.h"
#include "core/dialect/embeddings/rerank.h"

#include <utility>
#include <vector>

namespace portolan::gateway {
namespace {

dialect::Exchange exchangeFor(dialect::Target target, std::string_view requested_model)
{
    dialect::Exchange exchange(0); // these answers have no ids of ours
    exchange.target = std::move(target);
    exchange.requested_model = std::string(requested_model);
    return exchange;
}

class EmbeddingsCalls final : public WholeCalls
{
public:
    EmbeddingsCalls(dialect::embeddings::EmbeddingsRequest request, dialect::Exchange exchange,
                    const dialect::embeddings::EmbeddingsProvider &provider)
        : m_request(std::move(request))
        , m_exchange(std::move(exchange))
        , m_provider(provider)
    { }

    Result<> encode()
    {
        auto calls = m_provider.encode(m_request, m_exchange);
        if (!calls)
            return std::unexpected(std::move(calls).error());
        m_calls = *std::move(calls);
        return {};
    }

    [[nodiscard]] std::size_t size() const noexcept override { return m_calls.size(); }
    [[nodiscard]] const dialect::WireRequest &request(std::size_t index) const override
    {
        return m_calls.at(index).wire;
    }

    std::optional<dialect::ApiError> take(std::size_t index, dialect::WireReply reply) override
    {
        if (reply.status >= 300)
            return dialect::embeddings::decodeError(reply, m_exchange.target);
        auto read = m_provider.decode(reply, m_calls.at(index), m_exchange);
        if (!read)
            return std::move(read).error();
        m_replies.push_back(*std::move(read));
        return std::nullopt;
    }

    std::expected<std::string, dialect::ApiError> body() override
    {
        const auto reply = dialect::embeddings::joined(std::move(m_replies));
        m_facts.usage = reply.usage;
        m_facts.model = reply.model;
        m_facts.has_content = true;
        return dialect::embeddings::encodeReply(reply, m_request, m_exchange);
    }

    [[nodiscard]] dialect::ReplyFacts facts() const override { return m_facts; }
    [[nodiscard]] std::string notes() const override { return inWords(m_exchange.notes); }

private:
    const dialect::embeddings::EmbeddingsRequest m_request;
    dialect::Exchange m_exchange;
    const dialect::embeddings::EmbeddingsProvider &m_provider;
    std::vector<dialect::embeddings::EmbeddingsCall> m_calls{};
    std::vector<dialect::embeddings::EmbeddingsReply> m_replies{};
    dialect::ReplyFacts m_facts{};
};

class RerankCalls final : public WholeCalls
{
public:
    RerankCalls(dialect::rerank::RerankRequest request, dialect::Exchange exchange)
        : m_request(std::move(request))
        , m_exchange(std::move(exchange))
    { }

    Result<> encode()
    {
        auto call = dialect::rerank::encodeCall(m_request, m_exchange);
        if (!call)
            return std::unexpected(std::move(call).error());
        m_call = *std::move(call);
        return {};
    }

    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    [[nodiscard]] const dialect::WireRequest &request(std::size_t /*index*/) const override { return m_call; }

    std::optional<dialect::ApiError> take(std::size_t /*index*/, dialect::WireReply reply) override
    {
        if (reply.status >= 300)
            return dialect::embeddings::decodeError(reply, m_exchange.target);
        auto read = dialect::rerank::decodeCall(reply, m_request);
        if (!read)
            return std::move(read).error();
        m_reply = *std::move(read);
        return std::nullopt;
    }

    std::expected<std::string, dialect::ApiError> body() override
    {
        return dialect::rerank::encodeReply(m_reply, m_request);
    }

    [[nodiscard]] dialect::ReplyFacts facts() const override
    {
        dialect::ReplyFacts facts;
        facts.usage = m_reply.usage;
        facts.has_content = true;
        return facts;
    }
    [[nodiscard]] std::string notes() const override { return inWords(m_exchange.notes); }

private:
    const dialect::rerank::RerankRequest m_request;
    dialect::Exchange m_exchange;
    dialect::WireRequest m_call{};
    dialect::rerank::RerankReply m_reply{};
};

} // namespace

Result<std::unique_ptr<WholeCalls>> embeddingsCalls(std::string body, dialect::Target target,
                                                    std::string_view requested_model)
{
    const auto document = JsonDocument::parse(std::move(body));
    if (!document)
        return std::unexpected(document.error());
    auto request = dialect::embeddings::decodeRequest(*document);
    if (!request)
        return std::unexpected(std::move(request).error());
    const auto *provider = dialect::embeddings::embeddingsProvider(target);
    if (!provider) {
        return fail({.origin = Origin::Client,
                     .code = "route.no_such_endpoint",
                     .message = "This model has no embeddings that Portolan can ask for. Choose another one.",
                     .where = "/model"});
    }
    auto calls = std::make_unique<EmbeddingsCalls>(
        *std::move(request), exchangeFor(std::move(target), requested_model), *provider);
    if (auto encoded = calls->encode(); !encoded)
        return std::unexpected(std::move(encoded).error());
    return calls;
}

Result<std::unique_ptr<WholeCalls>> rerankCalls(std::string body, dialect::Target target,
                                                std::string_view requested_model)
{
    const auto document = JsonDocument::parse(std::move(body));
    if (!document)
        return std::unexpected(document.error());
    auto request = dialect::rerank::decodeRequest(*document);
    if (!request)
        return std::unexpected(std::move(request).error());
    auto calls
        = std::make_unique<RerankCalls>(*std::move(request), exchangeFor(std::move(target), requested_model));
    if (auto encoded = calls->encode(); !encoded)
        return std::unexpected(std::move(encoded).error());
    return calls;
}

} // namespace portolan::gateway

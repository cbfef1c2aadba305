// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/usagereader.h"
#include "core/gateway/translation.h"

#include <memory>
#include <optional>
#include <string>

namespace portolan::gateway {

/// A request whose answer is never streamed and which a provider may want in several calls: embeddings,
/// rerank. The calls are made one after another and their answers become one. Knows no sockets.
class WholeCalls
{
public:
    WholeCalls() = default;
    WholeCalls(const WholeCalls &) = delete;
    WholeCalls &operator=(const WholeCalls &) = delete;
    virtual ~WholeCalls() = default;

    [[nodiscard]] virtual std::size_t size() const noexcept = 0; ///< at least 1
    [[nodiscard]] virtual const dialect::WireRequest &request(std::size_t index) const = 0;
    /// The answer of the call; the error ends the request.
    virtual std::optional<dialect::ApiError> take(std::size_t index, dialect::WireReply reply) = 0;
    /// Once all calls were answered: the client's body.
    virtual std::expected<std::string, dialect::ApiError> body() = 0;
    [[nodiscard]] virtual dialect::ReplyFacts facts() const = 0;
    [[nodiscard]] virtual std::string notes() const = 0; ///< once the calls were made
};

/// The error is the client's (400), or says that this target has no such endpoint.
[[nodiscard]] Result<std::unique_ptr<WholeCalls>> embeddingsCalls(std::string body, dialect::Target target,
                                                                  std::string_view requested_model);
[[nodiscard]] Result<std::unique_ptr<WholeCalls>> rerankCalls(std::string body, dialect::Target target,
                                                              std::string_view requested_model);

} // namespace portolan::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/reply.h"
#include "core/dialect/responses/outputitem.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portolan::dialect::responses {

/// The response object (openai.md 12.4): the answer and what the request said.
struct ResponseObject {
    std::string id{};
    std::string model{};
    std::string service_tier{};
    std::string_view status = "in_progress"; ///< a literal
    std::string_view incomplete{};           ///< a literal: why it is incomplete
    std::optional<ApiError> error{};
    std::optional<Usage> usage{};
};

/// With the id and model as replies say them, whatever the provider gave.
[[nodiscard]] ResponseObject beginResponse(std::string_view id, std::string_view model, Exchange &exchange);
/// Status and incomplete_details of a finish (mapping.md 6 and 14).
void setFinish(ResponseObject &response, const Finish &finish);

void writeResponse(JsonWriter &json, const ResponseObject &response, std::span<const OutputItem> output,
                   const Exchange &exchange);

/// The members of a request that writeResponse repeats.
[[nodiscard]] Extras echoOf(const JsonDocument &body);

} // namespace portolan::dialect::responses

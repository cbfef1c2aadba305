// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/dialect/codec.h"
#include "core/dialect/responses/toolspaces.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Items of a response's output (openai.md 12.2), as whole replies and streams write them.
namespace portolan::dialect::responses {

enum class ItemStatus : std::uint8_t { InProgress, Completed, Incomplete };

/// A part of a message item.
struct ContentPart {
    bool refusal = false;
    std::string text{};
    std::vector<RawJson> annotations{};
    std::vector<RawJson> logprobs{};
};

struct OutputItem {
    enum class Kind : std::uint8_t { Message, Reasoning, FunctionCall, CustomCall, Whole };
    Kind kind = Kind::Message;
    std::string id{};
    ItemStatus status = ItemStatus::InProgress;
    std::vector<ContentPart> content{}; ///< of a message
    std::string text{};                 ///< summary, arguments, or a custom tool's input
    std::string encrypted{};            ///< of reasoning
    std::string call_id{};
    ToolSpaces::Place tool{};
    RawJson whole{}; ///< an item that is there at once
};

void writePart(JsonWriter &json, const ContentPart &part);
void writeItem(JsonWriter &json, const OutputItem &item);

[[nodiscard]] OutputItem messageItem(IdMaker &ids);
[[nodiscard]] OutputItem reasoningItem(IdMaker &ids, std::string text, std::string encrypted);
/// Its arguments are still to come.
[[nodiscard]] OutputItem callItem(IdMaker &ids, const ToolCallPart &call, const ToolSpaces &spaces);
/// An image, or an item that only this API knows; nothing for all else, which is noted in the exchange.
[[nodiscard]] std::optional<OutputItem> wholeItem(const Part &part, Exchange &exchange);

/// Elements of OpenAI's url_citation array in this API's flat form.
[[nodiscard]] std::vector<RawJson> flatAnnotations(const RawJson &annotations);
/// Elements of the `content` of OpenAI's logprobs object.
[[nodiscard]] std::vector<RawJson> logprobElements(const RawJson &logprobs);

} // namespace portolan::dialect::responses

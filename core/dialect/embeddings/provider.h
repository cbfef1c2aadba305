// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/dialect/embeddings/embeddings.h"

#include <expected>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the providers of embeddings share, and who they are.
namespace portolan::dialect::embeddings {

[[nodiscard]] const EmbeddingsProvider &openAiProvider(); ///< and its relatives; Mistral, Voyage and Jina too
[[nodiscard]] const EmbeddingsProvider &cohereProvider();
[[nodiscard]] const EmbeddingsProvider &geminiProvider();
[[nodiscard]] const EmbeddingsProvider &bedrockCohereProvider();
[[nodiscard]] const EmbeddingsProvider &titanProvider();
[[nodiscard]] const EmbeddingsProvider &novaProvider();
[[nodiscard]] const EmbeddingsProvider &vertexProvider();

/// A body that is one JSON object.
[[nodiscard]] std::expected<JsonDocument, ApiError> objectOf(const WireReply &reply);
/// One vector for each of `inputs`, from an array of arrays of numbers.
[[nodiscard]] std::expected<std::vector<Embedding>, ApiError> vectorsOf(const JsonValue &arrays,
                                                                        std::size_t inputs);

/// The same where each vector stands inside of an element of `list`, under these names; brought to length 1
/// where the call asks for that.
[[nodiscard]] std::expected<std::vector<Embedding>, ApiError>
vectorsIn(const JsonValue &list, std::initializer_list<std::string_view> names, const EmbeddingsCall &call);
/// Bedrock counts the tokens of models that don't in a header; nothing when it does not either.
[[nodiscard]] std::optional<Usage> usageOfHead(const WireReply &reply);
/// Google's word for a purpose of Cohere's; its own words pass.
[[nodiscard]] std::string_view googleTask(std::string_view input_type);

/// The error for a provider that takes texts alone.
[[nodiscard]] Result<> requireTexts(const EmbeddingsRequest &request);
/// The error for a model whose vectors have one size.
[[nodiscard]] Result<> refuseDimensions(const EmbeddingsRequest &request);
/// Notes what OpenAI takes and this provider does not.
void noteLeftOut(const EmbeddingsRequest &request, Exchange &exchange);

/// The texts in groups of at most `most`, in order.
[[nodiscard]] std::vector<std::span<const std::string>> groupsOf(const std::vector<std::string> &texts,
                                                                 std::size_t most);
/// Calls of Bedrock's InvokeModel, one for each text, for models that take one at a time.
[[nodiscard]] Result<std::vector<EmbeddingsCall>>
invokePerText(const EmbeddingsRequest &request, std::string_view model,
              const std::function<std::string(const std::string &text)> &bodyOf);
void writeTexts(std::string_view name, std::span<const std::string> texts, JsonWriter &json);

} // namespace portolan::dialect::embeddings

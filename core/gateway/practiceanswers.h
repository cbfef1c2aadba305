// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gateway/practicemodels.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::gateway {

/// What the practice provider was asked, taken from a request body.
struct PracticeQuestion {
    std::string model{};
    std::string text{};                ///< of the last message, or the prompt
    std::vector<std::string> inputs{}; ///< of an embeddings request
    bool stream = false;
    bool include_usage = false;
    std::string tool{};           ///< name of the function to call; empty: answer in words
    std::string tool_arguments{}; ///< JSON that fits the function's schema roughly
    int dimensions = 256;
    bool base64 = false; ///< encoding_format of embeddings
    std::int64_t prompt_tokens = 0;

    /// Nothing when the body is no JSON object.
    static std::optional<PracticeQuestion> parse(std::string_view body);
};

/// Identity of one answer: same id in all its chunks.
struct PracticeStamp {
    std::string id{};
    std::int64_t created_s = 0;
};

/// Text of an answer cut into the pieces that a stream sends: words with the blanks before them.
[[nodiscard]] std::vector<std::string_view> practiceWords(std::string_view text);

[[nodiscard]] std::string chatAnswer(const PracticeQuestion &question, const PracticeStamp &stamp);
/// All frames of the streamed form, each with its blank line, "[DONE]" last.
[[nodiscard]] std::vector<std::string> chatFrames(const PracticeQuestion &question,
                                                  const PracticeStamp &stamp);
[[nodiscard]] std::string embeddingsAnswer(const PracticeQuestion &question);
[[nodiscard]] std::string transcriptionAnswer(std::string_view model, std::size_t audio_bytes);
[[nodiscard]] std::string modelsAnswer();
[[nodiscard]] std::string errorAnswer(std::string_view message, std::string_view type, std::string_view code);

} // namespace portolan::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What the APIs of the field answer, written from their wire documents and without the code under test: one
/// good answer of each, whole and as the frames of a stream, in which tests then break one thing.
namespace vendors {

enum class Api { Chat, Responses, Messages, Gemini, Converse, InvokeModel, Cohere };

inline constexpr std::string_view kText = "Ahoy";

/// The counts as they are spelled in the JSON; an empty spelling leaves the usage out.
struct Counts {
    std::string input = "20";
    std::string output = "7";
};

/// The body of a whole answer that says kText.
[[nodiscard]] std::string whole(Api api, const Counts &counts = {});
/// The pieces of the same answer as a stream, each complete in itself, in the API's framing; the last one
/// ends it.
[[nodiscard]] std::vector<std::string> frames(Api api, const Counts &counts = {});
[[nodiscard]] std::string stream(Api api, const Counts &counts = {});
/// That JSON in one frame, as the API would send an event.
[[nodiscard]] std::string frame(Api api, std::string_view json);

[[nodiscard]] bool isEventStream(Api api);
[[nodiscard]] std::string_view streamType(Api api); ///< Content-Type
/// The member of a whole answer that holds what was said.
[[nodiscard]] std::string_view mainMember(Api api);

} // namespace vendors

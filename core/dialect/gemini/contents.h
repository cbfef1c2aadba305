// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"
#include "core/dialect/turns.h"

#include <string>
#include <vector>

namespace portolan::dialect::gemini {

/// Writes the conversation: "systemInstruction" and "contents". A model's calls are answered in the next
/// content, all of them, in the order of the calls; a result that the client left out says so
/// (gemini.md 2, mapping.md 3). Media goes as bytes; this codec fetches nothing.
class ContentsWriter
{
public:
    ContentsWriter(JsonWriter &json, Exchange &exchange)
        : m_json(json)
        , m_exchange(exchange)
    { }

    /// `instruction` is added to the system messages. 400 for media that is not there as bytes, arguments
    /// that are no JSON object, a result without its call, and when nothing is left to be said.
    Result<> write(const Request &request, const std::string &instruction);

private:
    using Parts = std::vector<const Part *>;
    struct Answer; // a call and its result

    Result<> writeSystem(const Parts &parts, const std::string &instruction);
    Result<> writeModel(const Parts &parts);
    Result<> writeUser(const Parts &parts);
    Result<std::vector<Answer>> answersTo(const Parts &results) const;
    Result<> writeAnswers(const Parts &results);
    Result<> writeResultMedia(const Parts &results);
    Result<> writePart(const Part &part);
    Result<> writeCall(const ToolCallPart &call, bool first_of_step);
    Result<> writeMedia(const Media &media, std::string_view type, std::string_view what);
    void writeText(std::string_view text);
    void noteCache(const Part &part);
    [[nodiscard]] bool sendsIds() const;

    JsonWriter &m_json;
    Exchange &m_exchange;
    std::vector<const ToolCallPart *> m_pending{}; // calls that have no answer yet
};

} // namespace portolan::dialect::gemini

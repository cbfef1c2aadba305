// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/anthropic/cachemarks.h"
#include "core/dialect/codec.h"
#include "core/dialect/turns.h"

#include <string>

namespace portolan::dialect::anthropic {

/// Writes "system" and "messages" of a Messages request from the turns of a conversation.
class ContentWriter
{
public:
    ContentWriter(const Request &request, const CacheMarks &marks, Exchange &exchange)
        : m_request(request)
        , m_marks(marks)
        , m_exchange(exchange)
    { }

    /// `hint`: an instruction of ours behind the client's; may be empty.
    void writeSystem(JsonWriter &json, const Turns &turns, std::string_view hint);
    /// The error (400): something that the API does not take and whose loss would change the meaning.
    Result<> messages(JsonWriter &json, const Turns &turns);

private:
    [[nodiscard]] Result<bool> isSent(const Part &part, bool assistant);
    [[nodiscard]] Result<bool> isSent(const Media &media, bool is_image) const;
    [[nodiscard]] bool isSent(const ForeignPart &part);
    Result<> turn(JsonWriter &json, const Turn &turn);
    void part(JsonWriter &json, const Part &part);
    void text(JsonWriter &json, const TextPart &text) const;
    void source(JsonWriter &json, const Media &media) const;
    void document(JsonWriter &json, const DocumentPart &document) const;
    void call(JsonWriter &json, const ToolCallPart &call);
    void result(JsonWriter &json, const ToolResultPart &result);
    void resultPart(JsonWriter &json, const ResultPart &part);
    void dropped(std::string_view what, std::string_view why);

    const Request &m_request;
    const CacheMarks &m_marks;
    Exchange &m_exchange;
};

} // namespace portolan::dialect::anthropic

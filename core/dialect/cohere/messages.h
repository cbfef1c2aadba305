// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"

#include <string>
#include <vector>

namespace portolan::dialect::cohere {

/// Writes the array of messages, which is close to OpenAI's: system messages keep their places, each tool
/// result is a message of its own. What the model said before its calls goes back as their plan.
class MessagesWriter
{
public:
    MessagesWriter(JsonWriter &json, Exchange &exchange)
        : m_json(json)
        , m_exchange(exchange)
    { }

    /// `instruction` becomes a system message in front. 400 for audio and files, which Cohere does not take,
    /// and when there is no message.
    Result<> write(const Request &request, const std::string &instruction);

private:
    using Parts = std::vector<const Part *>;

    Result<> writeMessage(const Message &message);
    Result<> writeSystem(const Parts &parts);
    Result<> writeUser(const Parts &parts);
    void writeAssistant(const Parts &parts);
    void writeCalls(const Parts &calls);
    Result<> writeResult(const ToolResultPart &result);
    Result<> writeContent(const Parts &parts);
    Result<> writeBlock(const Part &part);
    Result<> writeImage(const ImagePart &image);
    void writeTextMessage(std::string_view role, std::string_view text);

    JsonWriter &m_json;
    Exchange &m_exchange;
};

} // namespace portolan::dialect::cohere

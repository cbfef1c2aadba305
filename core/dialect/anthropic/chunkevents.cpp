// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/chunkevents.h"

#include "core/base/jsonvalue.h"
#include "core/dialect/base64.h"
#include "core/dialect/bedrock/errors.h"
#include "core/dialect/errorkinds.h"

#include <utility>

namespace portolan::dialect::anthropic {

ChunkEvents::ChunkEvents()
    : m_frames(frameSplitter(FrameFormat::EventStream))
{ }

void ChunkEvents::feed(std::string_view piece)
{
    if (!m_failure && !m_frames->feed(piece))
        m_failure = invalidAnswer("a frame of its stream is too large or damaged");
}

std::optional<ChunkEvents::Event> ChunkEvents::next()
{
    Frame frame;
    while (!m_failure) {
        const auto found = m_frames->next(frame);
        if (!found)
            m_failure = invalidAnswer("a frame of its stream is damaged");
        else if (!*found)
            break;
        else if (frame.exception || frame.name == "chunk")
            return unpacked(frame);
    }
    return std::nullopt;
}

std::optional<ChunkEvents::Event> ChunkEvents::unpacked(const Frame &frame)
{
    auto bytes = eventInChunk(frame);
    if (!bytes) {
        m_failure = std::move(bytes).error();
        return std::nullopt;
    }
    const auto event = JsonDocument::parse(*bytes);
    auto name = event ? JsonValue(*event)["type"].string() : std::nullopt;
    if (!name || name->empty() || name->find_first_of("\r\n") != std::string::npos) {
        m_failure = invalidAnswer("a chunk of its stream holds no event");
        return std::nullopt;
    }
    // Between JSON's words only, where they mean nothing; in a stream of lines they would.
    std::erase_if(*bytes, [](char c) { return c == '\r' || c == '\n'; });
    return Event{.name = *std::move(name), .data = *std::move(bytes)};
}

std::expected<std::string, ApiError> eventInChunk(const Frame &frame)
{
    const auto document = JsonDocument::parse(std::string(frame.data));
    const JsonValue root = document ? JsonValue(*document) : JsonValue();
    if (frame.exception)
        return std::unexpected(bedrock::errorOfType(frame.name, root, 0));
    auto bytes = root["bytes"].isString() ? bytesOfBase64(root["bytes"].stringOr("")) : std::nullopt;
    if (!bytes)
        return std::unexpected(invalidAnswer("a chunk of its stream has no bytes"));
    return *std::move(bytes);
}

} // namespace portolan::dialect::anthropic

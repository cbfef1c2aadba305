// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"
#include "core/dialect/openai/relatives.h"

#include <string>
#include <vector>

namespace portolan::dialect::openai {

/// Writes what a system or user message says: one string where that is enough, else parts as the relative
/// spells them. Keeps the first complaint about a part that it can't take.
class PartWriter
{
public:
    PartWriter(JsonWriter &json, const Request &request, const Relative &relative, Exchange &exchange)
        : m_json(json)
        , m_request(request)
        , m_relative(relative)
        , m_exchange(exchange)
    { }

    /// False for empty text and for what no user message holds.
    [[nodiscard]] static bool isSayable(const Part &part);

    void writeSystemText(const std::vector<const Part *> &texts);
    void writeContent(const std::vector<const Part *> &parts); ///< each one sayable
    [[nodiscard]] Result<> result() const { return m_result; }

private:
    void writePart(const Part &part);
    void writeText(const TextPart &text, const Part &part);
    void writeHint(const Part &part);
    void writeImage(const ImagePart &image);
    void writeDocument(const DocumentPart &document);
    void writeAudio(const AudioPart &audio);
    void complain(std::string message);
    /// Hints on single parts, which one string could not carry.
    [[nodiscard]] bool needsParts(const std::vector<const Part *> &parts) const;

    JsonWriter &m_json;
    const Request &m_request;
    const Relative &m_relative;
    Exchange &m_exchange;
    Result<> m_result{};
};

} // namespace portolan::dialect::openai

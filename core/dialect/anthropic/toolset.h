// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/anthropic/cachemarks.h"
#include "core/dialect/claudethinking.h"
#include "core/dialect/codec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace portolan::dialect::anthropic {

/// What a request offers a Claude model to call and whether it must, the emulation of a JSON schema included
/// (anthropic.md 4, mapping.md 11).
class Toolset
{
public:
    /// The error (400): a tool or choice that can't be served and whose loss would change the meaning. The
    /// request must outlive the toolset.
    static Result<Toolset> plan(const Request &request, Exchange &exchange);

    /// A tool must be called, as far as the client said.
    [[nodiscard]] bool isForced() const noexcept
    {
        return m_choice == Choice::Any || m_choice == Choice::Named;
    }
    [[nodiscard]] const std::vector<const Tool *> &tools() const noexcept { return m_tools; }

    enum class Force : std::uint8_t { No, Yes };
    /// Offers the schema of the answer as a tool, whose name the exchange then knows.
    void emulateSchema(Exchange &exchange, Force force);
    /// For models that can't be forced: the choice is left to them.
    void leaveChoice(Exchange &exchange);

    /// The members "tools" and "tool_choice".
    void write(JsonWriter &json, const CacheMarks &marks, Exchange &exchange) const;

private:
    enum class Choice : std::uint8_t { Unsaid, Auto, Any, Named, None };

    Toolset() = default;
    Result<> choose(const ToolChoice &choice);
    void writeTool(JsonWriter &json, const Tool &tool, const CacheMarks &marks, Exchange &exchange) const;
    void writeSchemaTool(JsonWriter &json, const std::string &name) const;
    void writeWebSearch(JsonWriter &json) const;
    void writeChoice(JsonWriter &json, Exchange &exchange) const;

    const Request *m_request = nullptr;
    std::vector<const Tool *> m_tools{};
    Choice m_choice = Choice::Unsaid;
    std::string m_named{}; // as the client calls it
    bool m_web_search = false;
    bool m_schema_tool = false;
};

} // namespace portolan::dialect::anthropic

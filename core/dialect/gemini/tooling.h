// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"

#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect::gemini {

/// The function's name as Gemini takes it: besides what sentToolName sees to, the first character is a letter
/// or an underscore. Remembered in the exchange.
[[nodiscard]] std::string functionName(std::string_view name, Exchange &exchange);

/// What becomes of a request's tools, tool choice and response format, which depend on one another: models
/// up to 2.x refuse functions beside a JSON answer, so that a schema is emulated there by one more function
/// (mapping.md 3 and 11). Views the request, which must outlive it.
class Tooling
{
public:
    /// 400 when the choice can't be kept: it names a tool that is not there, or wants a call without tools.
    static Result<Tooling> of(const Request &request, Exchange &exchange);

    void write(JsonWriter &json) const; ///< members "tools" and "toolConfig", where there are any
    /// The response format goes into generationConfig.
    [[nodiscard]] bool hasNativeFormat() const noexcept { return m_native_format; }
    /// To be added to the system instruction; may be empty.
    [[nodiscard]] const std::string &instruction() const noexcept { return m_instruction; }

private:
    struct Function {
        std::string name{};
        std::string_view description{};
        std::string_view schema{}; ///< empty: takes no arguments
    };

    void declare(const Request &request, Exchange &exchange);
    Result<> choose(const ToolChoice &choice, const Request &request, Exchange &exchange);
    void settleFormat(const Request &request, Exchange &exchange);
    void emulateSchema(const ResponseFormat &format, Exchange &exchange);

    std::vector<Function> m_functions{};
    bool m_google_search = false;
    std::string_view m_mode{}; // empty: no toolConfig
    std::vector<std::string> m_allowed{};
    bool m_native_format = true;
    std::string m_instruction{};
};

} // namespace portolan::dialect::gemini

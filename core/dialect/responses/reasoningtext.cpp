// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/reasoningtext.h"

namespace portolan::dialect::responses {
namespace {

std::string paragraphs(const JsonValue &parts)
{
    std::string text;
    for (const JsonValue part : parts.elements()) {
        if (!text.empty())
            text += "\n\n";
        text += part["text"].stringOr("");
    }
    return text;
}

} // namespace

std::string reasoningText(const JsonValue &item)
{
    std::string text = paragraphs(item["content"]);
    return text.empty() ? paragraphs(item["summary"]) : text;
}

} // namespace portolan::dialect::responses

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/replycontent.h"
#include "core/dialect/usagereader.h"

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// Reads one JSON object of a provider, whichever of the shapes it has: the names of members tell them apart,
/// so that a provider that mixes two of them is understood as well. Made for one object, then thrown away.
/// Not for other rooms: it shows simdjson.
class ReplyShape
{
public:
    using Object = simdjson::ondemand::object;
    using Value = simdjson::ondemand::value;

    explicit ReplyShape(ReplyFacts &facts);

    /// False when the JSON breaks off or is none.
    bool read(Object object);

private:
    bool readIdentity(std::string_view name, Value value);
    bool readEnding(std::string_view name, Value value);
    bool readOutput(std::string_view name, Value value);
    void readParts(std::string_view name, Value value);
    void readChoices(Value value);
    void readChoice(Object choice);
    void readDelta(Value value);
    void readMessage(Value value);
    void readResponse(Value value);
    void readGroq(Value value);
    void readUsage(Value value);
    void readError(Value value);
    void conclude();

    ReplyFacts &m_facts;
    ReplyContent m_content{};
    std::string m_type{};
    std::string m_object{};
    std::string m_status{};       // of a Responses object, which also ends without a finish reason
    std::string m_flat_message{}; // of an error that has no object of its own
    std::string m_flat_code{};
    std::optional<UsageUnit> m_duration{}; // of a verbose transcription
    bool m_has_text = false;
    bool m_choices_empty = false;
};

/// Reads a usage object, or another that has counts in it, into the slots. Negative, absurd or non-numeric
/// counts are left out and make the facts suspect.
void readCounts(ReplyShape::Object object, ReplyFacts &facts);
/// One member of such an object; says whether it was one that counts.
bool readCount(std::string_view name, ReplyShape::Value value, ReplyFacts &facts);

/// Seconds of audio; the facts become suspect when the value is no sensible number.
std::optional<UsageUnit> audioSeconds(ReplyShape::Value value, ReplyFacts &facts);

/// The string, cut to `most` bytes at the border of a character; empty when the value is none.
std::string shortText(ReplyShape::Value value, std::size_t most);

/// Calls each(name, value) for the members of an object; false when the JSON breaks off or is none. A member
/// that `each` leaves alone is skipped.
template <typename Each>
bool eachMember(simdjson::ondemand::object object, Each each)
{
    for (auto member : object) {
        std::string_view name;
        simdjson::ondemand::value value;
        if (member.unescaped_key().get(name) != simdjson::SUCCESS
            || member.value().get(value) != simdjson::SUCCESS)
            return false;
        each(name, value);
    }
    return true;
}

/// The same for the elements of an array.
template <typename Each>
bool eachElement(simdjson::ondemand::array array, Each each)
{
    for (auto element : array) {
        simdjson::ondemand::value value;
        if (element.get(value) != simdjson::SUCCESS)
            return false;
        each(value);
    }
    return true;
}

} // namespace portolan::dialect

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/callids.h"
#include "core/dialect/codec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portolan::dialect::openai {

/// Of one choice; no model makes so many, and each is looked for among the others.
inline constexpr std::size_t kMostCalls = 1000;

/// Puts the tool calls of one choice together from the fragments of a stream. Servers of the family number
/// them badly: a new id is a new call whatever its index says, a missing index counts on, a missing id is
/// made, a name that comes again behind complete arguments begins another call.
class CallAssembler
{
public:
    CallAssembler(std::int64_t choice, Exchange &exchange)
        : m_choice(choice)
        , m_exchange(exchange)
        , m_ids(exchange)
    { }

    /// False when there are more calls than any model makes.
    [[nodiscard]] bool add(const JsonValue &fragment, StreamEvents &out);
    void addFunction(const JsonValue &function_call, StreamEvents &out); ///< the deprecated form
    void end(StreamEvents &out);
    [[nodiscard]] bool any() const noexcept { return m_started > 0; }

private:
    struct Call {
        std::optional<std::int64_t> index{}; // the provider's
        std::string given_id{};              // the provider's, which may be missing or taken
        std::string id{};
        std::string name{};       // the client's own
        std::string arguments{};  // all of them so far
        std::int64_t number = -1; // ours; negative: not told to the client yet, its name has not come
        bool custom = false;      // natively
        bool wrapped = false;     // a function that stands for a custom tool
    };

    Call &callFor(const JsonValue &fragment, const std::string &id, std::string_view name,
                  std::string_view arguments);
    Call &begin(std::optional<std::int64_t> index, const std::string &id);
    Call *withIndex(std::int64_t index);
    Call *withId(std::string_view id);
    void feed(Call &call, std::string_view name, std::string arguments, StreamEvents &out);
    void tellStart(Call &call, StreamEvents &out);

    std::int64_t m_choice;
    Exchange &m_exchange;
    CallIds m_ids;
    std::vector<Call> m_calls{};
    std::int64_t m_started = 0;
    std::string m_signature{}; // of the fragment that is read
};

} // namespace portolan::dialect::openai

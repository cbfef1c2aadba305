// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect::openai {

/// Takes members of a client's object into typed places and keeps the first complaint about one that is of
/// the wrong kind. null and absent leave the place as it is.
class Fields
{
public:
    /// `where` is the JSON Pointer of the object.
    explicit Fields(const JsonValue &object, std::string where = {})
        : m_object(object)
        , m_where(std::move(where))
    { }

    Fields &text(std::string_view name, std::string &into);
    Fields &flag(std::string_view name, std::optional<bool> &into);
    Fields &count(std::string_view name, std::int64_t least, std::optional<std::int64_t> &into);
    Fields &number(std::string_view name, RawJson &into); ///< as it is spelled
    Fields &object(std::string_view name, RawJson &into);
    Fields &array(std::string_view name, RawJson &into);

    [[nodiscard]] Result<> result() const { return m_result; }

private:
    void complain(std::string_view name, std::string_view wanted);

    JsonValue m_object;
    std::string m_where;
    Result<> m_result{};
};

} // namespace portolan::dialect::openai

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/gateway/snapshot.h"
#include "core/http/exchange.h"
#include "core/routing/config.h"
#include "core/routing/problem.h"

#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::gateway {

/// The config that governs one request, the same from its start to its end.
struct Policy {
    routing::SharedConfig config{}; ///< null: none; the request itself says where it goes
    ConfigId id{};                  ///< of a saved one
    int version = 0;
    std::string label{}; ///< "nightly v3", "inline"; empty without a config
    std::string key{};   ///< what breakers and sticky callers hang on (architecture 9.14)
    bool saved = false;  ///< its owner wrote it, not whoever sent the request
};

/// Configs that came in x-portkey-config lately: SDKs send the same text with every request. One per I/O
/// thread.
class InlineConfigs
{
public:
    struct Entry {
        std::string text{};
        std::string key{}; ///< a hash of the text
        routing::SharedConfig config{};
        routing::Problems problems{};
    };
    /// Read now, or remembered.
    const Entry &read(std::string_view text);

private:
    static constexpr std::size_t kMost = 16;
    std::array<Entry, kMost> m_entries{};
    std::size_t m_next = 0; // is replaced next
};

/// Who may say which config: the header, else the client key's default (gateway-protocol 2.6). The refusal
/// says what is wrong with it; of an inline config all problems are named.
[[nodiscard]] std::expected<Policy, http::Refusal> policyOf(const Snapshot &snapshot,
                                                            const admission::ClientKey *key,
                                                            std::optional<std::string_view> header,
                                                            InlineConfigs &inlines);

} // namespace portolan::gateway

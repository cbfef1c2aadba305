// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/usage.h"
#include "core/trace/record.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::store {

/// Name and value pairs in their order: [["name","value"],...]; empty for none.
[[nodiscard]] std::string toText(const trace::Pairs &pairs);
void appendText(std::string &out, const trace::Pairs &pairs); ///< the same, at the end of `out`
/// What stands in a damaged file reads as no pairs.
[[nodiscard]] trace::Pairs pairsFromText(std::string_view text);

/// The counts that are not zero: {"input":12,"units":[["audio_second",1500000]]}; empty when all are.
[[nodiscard]] std::string toText(const Usage &usage);
void appendText(std::string &out, const Usage &usage); ///< the same, at the end of `out`
[[nodiscard]] Usage usageFromText(std::string_view text);

/// Targets that were passed over: [["pointer","label","reason",1],...]; empty for none.
[[nodiscard]] std::string toText(const std::vector<trace::Skipped> &skipped);
[[nodiscard]] std::vector<trace::Skipped> skippedFromText(std::string_view text);

/// zstd for bodies, with a checksum. Keeps its working memory: one per thread.
class Packer
{
public:
    Packer();
    ~Packer();
    Packer(const Packer &) = delete;
    Packer &operator=(const Packer &) = delete;

    /// Valid until the next call.
    std::string_view pack(std::string_view bytes);

private:
    struct Context;
    std::unique_ptr<Context> m_context;
    std::string m_packed;
};

/// Unpacks bytes of a file that may be damaged: at most 128 MiB, and nothing that the frame did not announce.
[[nodiscard]] Result<std::string> unpack(std::string_view packed);

} // namespace portolan::store

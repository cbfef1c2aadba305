// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/http/scriptedupstream.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::test {

/// A chat provider of OpenAI's kind that misbehaves on purpose: each request gets the next mood, and the last
/// mood again ever after.
///
///   "ok"          answers with `name` as the text, streamed where a stream is asked for
///   "429", "500"  that status; "429:2" with Retry-After: 2
///   "reset"       closes with RST instead of an answer
///   "hang"        answers nothing
///   "slow:300"    answers after so many milliseconds
///   "cut"         a stream that ends before its first token
///   "late-cut"    a stream that ends after its first token
///   "silent"      a stream whose head comes and nothing else
///   "error-event" a stream that begins with an error
///   "html"        200 with a page
///   "error-200"   200 with an error, 429 by its own number
///   "not-json"    200 with text that is not the JSON it announces
class MisbehavingVendor
{
public:
    explicit MisbehavingVendor(std::string name, std::vector<std::string> moods = {"ok"});

    [[nodiscard]] std::uint16_t port() const { return m_upstream->port(); }
    [[nodiscard]] int requests() const { return m_upstream->requests(); }
    [[nodiscard]] std::string received() const { return m_upstream->received(); }
    /// A target of a config that leads here, `more` being further members of it: ",\"weight\":2".
    [[nodiscard]] std::string target(std::string_view more = {}) const;

private:
    std::string m_name;
    std::vector<std::string> m_moods;
    std::atomic<std::size_t> m_next{0};
    std::unique_ptr<ScriptedUpstream> m_upstream; // last: its threads use what stands above
};

/// A target whose port nobody listens on.
[[nodiscard]] std::string refusingTarget();
/// {"strategy":{"mode":MODE MORE},"targets":[...]}
[[nodiscard]] std::string strategy(std::string_view mode, const std::vector<std::string> &targets,
                                   std::string_view more = {}, std::string_view beside = {});
/// A chat request.
[[nodiscard]] std::string chatBody(bool stream = false);

} // namespace portolan::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonreader.h"
#include "core/routing/lint.h"
#include "core/routing/params.h"
#include "core/routing/parse.h"
#include "core/routing/simulate.h"
#include "core/routing/walk.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace portolan;
using namespace portolan::routing;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// A world whose every answer comes from the input's bytes.
class Whims final : public Surroundings
{
public:
    explicit Whims(std::string_view bytes)
        : m_bytes(bytes)
    { }

    unsigned next()
    {
        return m_bytes.empty() ? 0U : static_cast<unsigned char>(m_bytes[m_at++ % m_bytes.size()]);
    }
    double dice() override { return next() / 256.0; }
    bool isOpen(const Node & /*target*/) override { return next() % 8 == 1; }
    bool enter(const Node & /*target*/) override
    {
        return m_refusals > 20 || next() % 8 != 2 || ++m_refusals == 0;
    }
    std::optional<std::size_t> remembered(const Node & /*balance*/, std::string_view /*identity*/) override
    {
        return next() % 2 ? std::optional<std::size_t>(next()) : std::nullopt;
    }
    void remember(const Node &balance, std::string_view /*identity*/, std::size_t index) override
    {
        require(index < balance.targets.size());
    }
    std::string misfit(const Node & /*target*/) override { return next() % 8 == 3 ? "too long" : ""; }

    Outcome outcome()
    {
        return {.kind = static_cast<Outcome::Kind>(next() % 5),
                .status = int(100 + next() * 2),
                .retry_after_ms = next() % 2 ? std::optional<std::int64_t>(next() * 300) : std::nullopt,
                .committed = next() % 16 == 1};
    }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
    int m_refusals = 0;
};

/// Walks to the end, which must come.
void walkThrough(const Config &config, const Facts &facts, std::string_view bytes)
{
    Whims whims(bytes);
    Walk walk(config, facts, whims, 16);
    Step step = walk.next();
    int attempts = 0;
    while (step.kind == Step::Kind::Attempt) {
        require(++attempts <= 16 && step.number == attempts);
        require(step.target && step.target->isTarget() && !step.target->disabled && !step.why.empty());
        require(config.find(step.target->pointer) == step.target);
        require(step.delay_ms >= 0 && step.delay_ms <= 60'000);
        step = walk.next(whims.outcome());
    }
    require((step.kind == Step::Kind::Refuse) == (attempts == 0));
    require(walk.retryCount() >= -1 && walk.retryCount() <= 5);
}

void useConfig(const Config &config, std::string_view bytes)
{
    const JsonDocument &document = config.document();
    const Facts facts{.params = JsonValue(document),
                      .pathname = "/v1/chat/completions",
                      .metadata = [&](std::string_view) { return std::optional(bytes); }};
    walkThrough(config, facts, bytes);
    for (const Problem &problem : lint(config, {}, Keeping::Saved))
        require(problem.range.end() <= document.text().size());
    if (const auto assumed = Assumptions::parse(bytes.substr(0, 64), config))
        require(!simulate(config, facts, *assumed, bytes.size()).end.empty());
    require(validateJson(withParams(document, config.root().settings.params)).has_value());
}

} // namespace

/// A config and, behind the last line feed, what happens to the request.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    const auto end = input.rfind('\n');
    const std::string text(input.substr(0, end == std::string_view::npos ? size : end));
    const std::string_view bytes = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
    const auto reading = parseConfig(text, ConfigLimits::ofHeader());
    require((reading.config == nullptr) == hasErrors(reading.problems));
    for (const Problem &problem : reading.problems) {
        require(!problem.code.empty() && !problem.message.empty());
        require(problem.range.end() <= text.size());
    }
    if (reading.config) {
        require(reading.config->text() == text);
        useConfig(*reading.config, bytes);
    }
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redact.h"

#include "core/base/keyshapes.h"
#include "core/base/nameset.h"
#include "core/base/secretforms.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace portolan {

namespace {

constexpr std::string_view kMask = "***";
constexpr std::size_t kAnchor = 3; // bytes of each pattern that the filter knows

/// A hit: [begin, end) of the text.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;

    [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
};

std::uint16_t pairAt(const char *bytes)
{
    std::uint16_t pair = 0;
    std::memcpy(&pair, bytes, sizeof pair);
    return pair;
}

/// A set of two-byte values.
class PairSet
{
public:
    void add(std::uint16_t pair) { m_bits[pair / 64U] |= std::uint64_t{1} << pair % 64U; }
    [[nodiscard]] std::uint64_t bit(std::uint16_t pair) const
    {
        return m_bits[pair / 64U] >> pair % 64U & 1U;
    }
    [[nodiscard]] bool has(std::uint16_t pair) const { return bit(pair) != 0; }

private:
    std::array<std::uint64_t, 1024> m_bits{};
};

std::size_t bucketOf(const char *bytes)
{
    const auto byte
        = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    return (byte(0) | byte(1) << 8U | byte(2) << 16U) * 2654435761U >> 20U; // 12 bits
}

} // namespace

/// All patterns behind one filter of three bytes for each: of a shape the first ones, of a known value the
/// last, which differ most. The scan looks at every second pair of bytes only: whichever way the three fall,
/// their first or their second pair stands at an even offset, and both are in the filter.
struct Redactor::Patterns {
    explicit Patterns(const std::vector<SharedSecret> &known)
        : forms(known)
    {
        for (std::size_t i = 0; i < keyShapes().size(); ++i)
            add(keyShapes()[i].prefix, {.is_shape = true, .index = static_cast<std::uint32_t>(i)});
        for (std::size_t i = 0; i < forms.size(); ++i)
            add(forms[i].substr(forms[i].size() - kAnchor),
                {.is_shape = false, .index = static_cast<std::uint32_t>(i)});
    }

    /// Those of a redactor that knows no credentials.
    static const Patterns &shapesOnly()
    {
        static const Patterns patterns{std::vector<SharedSecret>{}};
        return patterns;
    }

    /// Calls `hit` with each range to mask, in no strict order, until it returns false.
    template <typename Hit>
    void scan(std::string_view text, Hit hit) const;

private:
    [[nodiscard]] std::size_t nextPair(std::string_view text, std::size_t at) const;

    static constexpr std::uint32_t kEnd = 0;

    struct Entry {
        bool is_shape = false;
        std::uint32_t index = 0;
        std::uint32_t next = kEnd; // in m_entries, which begins with an unused one
    };

    void add(std::string_view anchor, Entry entry)
    {
        const std::uint16_t first = pairAt(anchor.data());
        const std::uint16_t second = pairAt(anchor.data() + 1);
        m_first.add(first);
        m_second.add(second);
        m_either.add(first);
        m_either.add(second);
        entry.next
            = std::exchange(m_buckets[bucketOf(anchor.data())], static_cast<std::uint32_t>(m_entries.size()));
        m_entries.push_back(entry);
    }

    /// True for every anchor, and for few other places.
    [[nodiscard]] bool mayBeAnchor(const char *bytes) const
    {
        return m_first.has(pairAt(bytes)) && m_second.has(pairAt(bytes + 1));
    }

    /// What to mask for a pattern whose anchor lies here; the shapes are judged only outside of what is
    /// masked already, so that their look ahead is paid once.
    [[nodiscard]] Span match(std::string_view text, std::size_t at, std::size_t masked_until) const
    {
        Span longest{};
        for (auto i = m_buckets[bucketOf(text.data() + at)]; i != kEnd; i = m_entries[i].next) {
            const Entry &entry = m_entries[i];
            Span found{};
            if (!entry.is_shape) {
                const std::string_view form = forms[entry.index];
                const std::size_t before = form.size() - kAnchor;
                if (at >= before && text.substr(at - before, form.size()) == form)
                    found = {at - before, at + kAnchor};
            } else if (at >= masked_until) {
                const auto [offset, size] = matchShape(keyShapes()[entry.index], text, at);
                found = {offset, offset + size};
            }
            if (found.size() > longest.size())
                longest = found;
        }
        return longest;
    }

    SecretForms forms;
    PairSet m_first{};
    PairSet m_second{};
    PairSet m_either{};
    std::array<std::uint32_t, 4096> m_buckets{};
    std::vector<Entry> m_entries{1};
};

template <typename Hit>
void Redactor::Patterns::scan(std::string_view text, Hit hit) const
{
    if (text.size() < kAnchor)
        return;
    const std::size_t last = text.size() - kAnchor;
    std::size_t masked_until = 0;
    for (std::size_t at = nextPair(text, 0); at + 1 < text.size(); at = nextPair(text, at + 2)) {
        for (std::size_t anchor = at == 0 ? 0 : at - 1; anchor <= std::min(at, last); ++anchor) {
            if (!mayBeAnchor(text.data() + anchor))
                continue;
            const Span found = match(text, anchor, masked_until);
            if (found.size() == 0)
                continue;
            masked_until = std::max(masked_until, found.end);
            if (!hit(found))
                return;
        }
    }
}

/// The next even offset whose pair an anchor has; four of them are looked at together, as most have none.
std::size_t Redactor::Patterns::nextPair(std::string_view text, std::size_t at) const
{
    const char *const bytes = text.data();
    const auto bit = [&](std::size_t i) { return m_either.bit(pairAt(bytes + i)); };
    while (at + 8 <= text.size() && (bit(at) | bit(at + 2) | bit(at + 4) | bit(at + 6)) == 0)
        at += 8;
    while (at + 1 < text.size() && bit(at) == 0)
        at += 2;
    return at;
}

Redactor::Redactor(std::vector<SharedSecret> known)
    : m_patterns(std::make_unique<const Patterns>(known))
{ }

Redactor::Redactor() = default;
Redactor::~Redactor() = default;
Redactor::Redactor(Redactor &&) noexcept = default;
Redactor &Redactor::operator=(Redactor &&) noexcept = default;

namespace {

/// Sorts the spans and joins those that touch or overlap.
void join(std::vector<Span> &spans)
{
    std::ranges::sort(spans, {}, &Span::begin);
    std::size_t kept = 0;
    for (const Span &span : spans) {
        if (kept > 0 && span.begin <= spans[kept - 1].end)
            spans[kept - 1].end = std::max(spans[kept - 1].end, span.end);
        else
            spans[kept++] = span;
    }
    spans.resize(kept);
}

/// Every span is longer than the mask, so the text only shrinks; what is left behind its new end is wiped.
void maskSpans(std::string &text, const std::vector<Span> &spans)
{
    char *out = text.data();
    std::size_t read = 0;
    for (const Span &span : spans) {
        std::memmove(out, text.data() + read, span.begin - read);
        out += span.begin - read;
        std::memcpy(out, kMask.data(), kMask.size());
        out += kMask.size();
        read = span.end;
    }
    std::memmove(out, text.data() + read, text.size() - read);
    out += text.size() - read;
    const auto size = static_cast<std::size_t>(out - text.data());
    sodium_memzero(out, text.size() - size);
    text.resize(size);
}

} // namespace

bool Redactor::redactInPlace(std::string &text) const
{
    const Patterns &patterns = m_patterns ? *m_patterns : Patterns::shapesOnly();
    // A mask can bring a key that hung on to another one to the beginning of a word; hence another look,
    // until there is nothing left to find. Each round shortens the text.
    std::vector<Span> spans;
    bool masked = false;
    for (;;) {
        spans.clear();
        patterns.scan(text, [&](Span found) {
            spans.push_back(found);
            return true;
        });
        if (spans.empty())
            return masked;
        masked = true;
        join(spans);
        maskSpans(text, spans);
    }
}

std::string Redactor::redact(std::string_view text) const
{
    std::string copy(text);
    redactInPlace(copy);
    return copy;
}

bool Redactor::finds(std::string_view text) const
{
    const Patterns &patterns = m_patterns ? *m_patterns : Patterns::shapesOnly();
    bool found = false;
    patterns.scan(text, [&](Span) {
        found = true;
        return false;
    });
    return found;
}

namespace {

constexpr NameSet kLoggable(std::to_array<std::string_view>({
    "accept",
    "accept-encoding",
    "accept-language",
    "anthropic-beta",
    "anthropic-version",
    "cache-control",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expect",
    "host",
    "openai-processing-ms",
    "openai-version",
    "request-id",
    "retry-after",
    "retry-after-ms",
    "server",
    "traceparent",
    "transfer-encoding",
    "user-agent",
    "via",
    "x-generation-id",
    "x-portkey-cache-status",
    "x-portkey-provider",
    "x-portkey-retry-attempt-count",
    "x-portkey-trace-id",
    "x-portolan-request-id",
    "x-request-id",
    "x-should-retry",
}));

constexpr auto kLoggablePrefixes = std::to_array<std::string_view>(
    {"anthropic-ratelimit-", "x-portkey-last-used-option-", "x-ratelimit-", "x-stainless-"});

} // namespace

std::string_view loggableHeaderValue(std::string_view name, std::string_view value)
{
    const auto begins_name = [&](std::string_view prefix) { return startsWithIgnoringCase(name, prefix); };
    const bool allowed = kLoggable.contains(name) || std::ranges::any_of(kLoggablePrefixes, begins_name);
    return allowed ? value : "[redacted]";
}

std::string lastFour(std::string_view credential)
{
    return credential.size() >= 20 ? "..." + std::string(credential.substr(credential.size() - 4)) : "...";
}

} // namespace portolan

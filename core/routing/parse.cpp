// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/parse.h"

#include "core/base/text.h"
#include "core/routing/configreader.h"
#include "core/routing/providerfields.h"

#include <fmt/format.h>

#include <algorithm>

namespace portolan::routing {

namespace {

constexpr double kHeaviest = 1e6;
constexpr std::size_t kConditionWords = 160;
constexpr int kMostAttempts = 16;

/// What a node takes from the one around it.
struct Around {
    const Settings *settings = nullptr;
    const std::optional<BreakerRule> *breaker = nullptr;
    std::size_t depth = 0;
};

std::optional<Mode> modeNamed(std::string_view name)
{
    if (name == "single")
        return Mode::Single;
    if (name == "fallback")
        return Mode::Fallback;
    if (name == "loadbalance")
        return Mode::Loadbalance;
    if (name == "conditional")
        return Mode::Conditional;
    return std::nullopt;
}

/// JSON without the white space between its parts, cut short where a character ends.
std::string inOneLine(std::string_view json, std::size_t most)
{
    std::string line;
    bool in_text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (line.size() >= most && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U)
            return line + "...";
        if (in_text && c == '\\')
            line += json[i++];
        else if (c == '"')
            in_text = !in_text;
        if (in_text || (c != ' ' && c != '\t' && c != '\n' && c != '\r'))
            line += json[i];
    }
    return line;
}

class TreeReader
{
public:
    explicit TreeReader(ConfigReader &reader)
        : m_reader(reader)
    { }

    Node node(const Place &at, const Around &around);
    [[nodiscard]] const Config::Extent &extent() const noexcept { return m_extent; }

private:
    void keys(const Place &at);
    void strategy(const Place &at, Node &node, const Around &around);
    void targets(const Place &at, Node &node, const Around &inner);
    void readMostAttempts(const Place &at, bool is_root);
    void balance(const Place &targets, Node &node);
    void conditional(const Place &strategy, const std::vector<Place> &targets, Node &node);
    std::optional<Condition> condition(const Place &at, const Node &node);
    std::optional<std::size_t> targetNamed(const Place &name, const Node &node);
    std::optional<Sticky> sticky(const Place &at);
    void targetOnly(const Place &at, const Node &node);
    void ignoreInStrategy(const Place &at, const Place &strategy, Mode mode);

    ConfigReader &m_reader;
    Config::Extent m_extent{.nodes = 0};
};

Node TreeReader::node(const Place &at, const Around &around)
{
    Node node{.pointer = at.pointer, .index = m_extent.nodes++};
    if (!m_reader.isObject(at))
        return node;
    keys(at);
    const Place own = at.member("portolan");
    if (own && m_reader.isObject(own)) {
        m_reader.expectOnly(own,
                            {"disabled", "jitter", "first_token_timeout", "stream_idle_timeout",
                             "context_window", "max_attempts"});
        node.disabled = m_reader.flag(own.member("disabled")).value_or(false);
        readMostAttempts(own.member("max_attempts"), around.depth == 0);
    }
    node.name = m_reader.text(at.member("name")).value_or("");
    node.weight = m_reader.number(at.member("weight"), 0, kHeaviest).value_or(1.0);
    node.settings = readSettings(m_reader, at, *around.settings);
    m_extent.denies = m_extent.denies || node.settings.denies;
    node.destination = readDestination(m_reader, at);
    node.breaker = *around.breaker;
    if (const Place has = at.member("strategy"); has || at.member("targets"))
        strategy(at, node, around);
    else
        targetOnly(at, node);
    return node;
}

void TreeReader::keys(const Place &at)
{
    m_reader.expectOnce(at);
    if (const Place codes = at.member("on_status_codes"))
        m_reader.warn(
            codes, "config.ignored",
            "Status codes count only in a fallback's strategy: move them to strategy.on_status_codes.");
    for (const Place::Name &name : at.names()) {
        if (name.snake == "options" || name.snake == "mode") {
            m_reader.error(
                at.at(name), "config.old_format",
                "This version of config is not supported in this route. Please migrate to the latest "
                "version");
        } else if (!isNodeKey(name.snake) && !isProviderField(name.snake)) {
            m_reader.warnOfUnknown(at.at(name));
        }
    }
}

void TreeReader::targetOnly(const Place &at, const Node &node)
{
    const auto &to = node.destination;
    if (!to.provider.empty() && !to.slug.empty()) {
        m_reader.warn(at, "config.two_destinations",
                      fmt::format("Both a provider and a virtual key are named; @{} is used.", to.slug));
    }
}

/// Each object may carry the most attempts, but only the whole config has them.
void TreeReader::readMostAttempts(const Place &at, bool is_root)
{
    const auto most = m_reader.integer(at, 1, kMostAttempts);
    if (most && is_root)
        m_extent.max_attempts = int(*most);
    else if (most)
        m_reader.warn(at, "config.ignored",
                      "The most attempts count only at the top of a config: move them there.");
}

void TreeReader::ignoreInStrategy(const Place &at, const Place &strategy, Mode mode)
{
    for (const std::string_view name : {"provider", "virtual_key", "api_key", "passthrough"}) {
        if (const Place member = at.member(name))
            m_reader.warn(member, "config.ignored",
                          "A strategy calls nobody itself: move this to its targets.");
    }
    const auto belongs = [&](std::string_view name, Mode to, std::string_view to_word) {
        const Place member = strategy.member(name);
        if (member && mode != to)
            m_reader.warn(member, "config.ignored",
                          fmt::format("\"{}\" counts only in the mode {}.", name, to_word));
    };
    belongs("on_status_codes", Mode::Fallback, "fallback");
    belongs("conditions", Mode::Conditional, "conditional");
    belongs("default", Mode::Conditional, "conditional");
    belongs("sticky", Mode::Loadbalance, "loadbalance");
}

void TreeReader::strategy(const Place &at, Node &node, const Around &around)
{
    const Place place = at.member("strategy");
    node.strategy.emplace();
    Strategy &strategy = *node.strategy;
    strategy.mode = Mode::Fallback; // of an unknown mode nothing more is reported
    if (!place) {
        m_reader.error(
            at, "config.missing",
            "These targets have no strategy: write \"strategy\": {\"mode\": \"fallback\"} beside them.");
    } else if (m_reader.isObject(place)) {
        m_reader.expectOnly(place,
                            {"mode", "on_status_codes", "conditions", "default", "sticky", "cb_config"});
        const Place mode = place.member("mode");
        const auto word = m_reader.text(mode);
        const auto known = word ? modeNamed(*word) : std::nullopt;
        if (known)
            strategy.mode = *known;
        else if (!mode || word)
            m_reader.error(
                mode ? mode : place, "config.bad_mode",
                "Invalid 'mode' value. Must be one of: single, loadbalance, fallback, conditional");
        if (known)
            ignoreInStrategy(at, place, *known);
        strategy.on_status_codes = m_reader.statuses(place.member("on_status_codes"));
        strategy.sticky = sticky(place.member("sticky"));
        // Portkey's schema has it beside the strategy too.
        const Place inside = place.member("cb_config");
        strategy.breaker = readBreaker(m_reader, inside ? inside : at.member("cb_config"));
    }
    if (!strategy.breaker)
        strategy.breaker = *around.breaker;
    targets(at, node, {.settings = &node.settings, .breaker = &strategy.breaker, .depth = around.depth + 1});
}

void TreeReader::targets(const Place &at, Node &node, const Around &inner)
{
    const Place list = at.member("targets");
    const auto &limits = m_reader.limits();
    if (!list) {
        m_reader.error(at, "config.missing", "This strategy has no targets: list at least one.");
        return;
    }
    if (!m_reader.isArray(list))
        return;
    if (inner.depth > limits.depth) {
        m_reader.error(list, "config.too_deep",
                       fmt::format("Strategies may lie {} deep inside one another.", limits.depth));
        return;
    }
    const auto elements = list.elements();
    if (elements.empty()) {
        m_reader.error(list, "config.no_targets", "This strategy has no targets: list at least one.");
    } else if (elements.size() > limits.children || m_extent.nodes + elements.size() > limits.nodes) {
        m_reader.error(list, "config.too_large",
                       fmt::format("A strategy may have {} targets and a config {} nodes.", limits.children,
                                   limits.nodes));
        return;
    }
    node.targets.reserve(elements.size());
    for (const Place &element : elements)
        node.targets.push_back(this->node(element, inner));
    for (std::size_t i = 1; node.strategy->mode == Mode::Single && i < elements.size(); ++i)
        m_reader.warn(elements[i], "config.unreachable",
                      "The mode single uses the first target only: this one is never called.");
    if (node.strategy->mode == Mode::Loadbalance)
        balance(list, node);
    if (node.strategy->mode == Mode::Conditional)
        conditional(at.member("strategy"), elements, node);
}

void TreeReader::balance(const Place &list, Node &node)
{
    const bool all_zero
        = std::ranges::all_of(node.targets, [](const Node &target) { return target.weight <= 0; });
    if (all_zero && !node.targets.empty()) {
        m_reader.error(list, "config.no_weight",
                       "Every target has the weight 0, so none can be drawn: give one a weight.");
    }
}

void TreeReader::conditional(const Place &strategy, const std::vector<Place> &targets, Node &node)
{
    const Place list = strategy.member("conditions");
    if (!list || !list.value.isArray() || list.value.empty()) {
        m_reader.error(list ? list : strategy, "config.no_conditions",
                       "No conditions passed in the query router");
        return;
    }
    if (list.value.size() > m_reader.limits().conditions) {
        m_reader.error(list, "config.too_large",
                       fmt::format("A strategy may have {} conditions.", m_reader.limits().conditions));
        return;
    }
    m_extent.reads_params = true;
    std::vector<bool> reached(targets.size());
    for (const Place &element : list.elements()) {
        if (auto read = condition(element, node)) {
            reached[read->then] = true;
            node.strategy->conditions.push_back(*std::move(read));
        }
    }
    if (const Place otherwise = strategy.member("default")) {
        node.strategy->otherwise = targetNamed(otherwise, node);
        if (node.strategy->otherwise)
            reached[*node.strategy->otherwise] = true;
    }
    for (std::size_t i = 0; i < reached.size(); ++i) {
        if (!reached[i])
            m_reader.warn(targets[i], "config.unreachable",
                          "No condition leads to this target: it is never called.");
    }
}

std::optional<Condition> TreeReader::condition(const Place &at, const Node &node)
{
    if (!m_reader.isObject(at))
        return std::nullopt;
    m_reader.expectOnly(at, {"query", "then"});
    const Place query = at.member("query");
    const Place then = at.member("then");
    Condition condition{.words = inOneLine(query.value.raw(), kConditionWords)};
    if (query)
        condition.query = readQuery(m_reader, query);
    else
        m_reader.error(at, "config.missing", "This condition has no query.");
    if (!then) {
        m_reader.error(at, "config.missing", "Name the target that this condition leads to: \"then\".");
        return std::nullopt;
    }
    const auto target = targetNamed(then, node);
    if (!target)
        return std::nullopt;
    condition.then = *target;
    return condition;
}

std::optional<std::size_t> TreeReader::targetNamed(const Place &place, const Node &node)
{
    const auto name = m_reader.text(place);
    if (!name)
        return std::nullopt;
    const auto found
        = std::ranges::find_if(node.targets, [&](const Node &target) { return target.name == *name; });
    if (found == node.targets.end()) {
        m_reader.error(place, "config.unknown_target",
                       fmt::format("Invalid target name found in the query router: {}", *name));
        return std::nullopt;
    }
    return std::size_t(found - node.targets.begin());
}

std::optional<Sticky> TreeReader::sticky(const Place &at)
{
    if (!at || !m_reader.isObject(at))
        return std::nullopt;
    m_reader.expectOnly(at, {"enabled", "hash_fields", "ttl"});
    Sticky sticky{.hash_fields = m_reader.texts(at.member("hash_fields"))};
    for (std::size_t i = 0; i < sticky.hash_fields.size(); ++i) {
        const std::string &field = sticky.hash_fields[i];
        if (!field.starts_with("metadata.") && !field.starts_with("params.")
            && !field.starts_with("headers."))
            m_reader.error(at.member("hash_fields").elements()[i], "config.bad_field",
                           fmt::format("\"{}\" cannot be hashed: write metadata.<name>, params.<name> or "
                                       "headers.<name>.",
                                       field));
    }
    if (const auto ttl_s = m_reader.number(at.member("ttl"), 1, 31'536'000))
        sticky.ttl_s = std::int64_t(*ttl_s);
    if (!m_reader.flag(at.member("enabled")).value_or(false))
        return std::nullopt;
    m_extent.reads_params = true;
    return sticky;
}

} // namespace

Reading parseConfig(std::string text, const ConfigLimits &limits)
{
    Reading reading;
    const auto whole = ByteRange{0, text.size()};
    if (text.size() > limits.bytes) {
        reading.problems.push_back({.range = whole,
                                    .code = "config.too_large",
                                    .message = fmt::format("This config has {} bytes; {} are the most here.",
                                                           text.size(), limits.bytes)});
        return reading;
    }
    auto document = JsonDocument::parse(std::move(text), {.depth = 128, .nodes = 100'000});
    if (!document) {
        reading.problems.push_back(
            {.range = whole, .code = "config.syntax", .message = document.error().message});
        return reading;
    }
    ConfigReader reader(limits);
    TreeReader tree(reader);
    const Place root{JsonValue(*document), ""};
    const Settings settings;
    const std::optional<BreakerRule> breaker;
    Node node = tree.node(root, {.settings = &settings, .breaker = &breaker});
    reading.problems = reader.takeProblems();
    if (!hasErrors(reading.problems)) {
        reading.config = std::make_shared<const Config>(*std::move(document), std::move(node), tree.extent());
    }
    return reading;
}

} // namespace portolan::routing

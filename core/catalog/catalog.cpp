// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/catalog.h"

#include "core/base/text.h"
#include "core/catalog/fields.h"
#include "core/catalog/modelnames.h"
#include "core/catalog/providers.h"
#include "core/catalog/resolver.h"
#include "core/catalog/tariff.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace portolan::catalog {

namespace {

constexpr std::string_view kProvidersForm = "portolan-providers/1";
constexpr std::string_view kModelsForm = "portolan-models/1";

std::unexpected<Error> badLine(std::string_view file, std::size_t line)
{
    return fail({
        .origin = Origin::Internal,
        .code = "catalog.bad_data",
        .message = "The catalog's data is damaged. Make it anew with resources/catalog/compact.py.",
        .where = std::string(file) + ':' + std::to_string(line),
    });
}

struct FileHead {
    std::string_view as_of{};
    std::int64_t count = 0; ///< of providers or models, so that half a file is found out
};

/// "portolan-models/1<tab>as_of=2026-08-21<tab>count=5351"
std::optional<FileHead> readHead(std::string_view line, std::string_view form)
{
    constexpr std::string_view kDate = "as_of=";
    constexpr std::string_view kCount = "count=";
    const auto found_form = takeUntil(line, '\t');
    const auto date = takeUntil(line, '\t');
    if (found_form != form || !date.starts_with(kDate) || date == kDate || !line.starts_with(kCount))
        return {};
    const auto count = readCount(line.substr(kCount.size()));
    if (!count)
        return {};
    return FileHead{.as_of = date.substr(kDate.size()), .count = *count};
}

Model toModel(const Entry &entry, std::string_view provider, std::int32_t index)
{
    const auto price = [&](PriceKey key) { return entry.price ? entry.price->get(key) : std::nullopt; };
    return {
        .provider = provider,
        .id = entry.id,
        .name = entry.name,
        .mode = entry.mode,
        .caps = entry.caps,
        .context = entry.context,
        .max_output = entry.max_output,
        .in = price(PriceKey::In),
        .out = price(PriceKey::Out),
        .cache_read = price(PriceKey::CacheRead),
        .status = entry.status,
        .suspect = entry.suspect,
        .responses_only = entry.responses_only,
        .index = index,
    };
}

/// The text of the two files with indexes into it. Details of a model are read from its line when asked for.
class TextCatalog final : public Catalog
{
public:
    Result<> readProviders(std::string_view text);
    Result<> readModels(std::string_view text);

    [[nodiscard]] std::string_view asOf() const override { return m_as_of; }
    [[nodiscard]] std::span<const Provider> providers() const override { return m_providers; }
    [[nodiscard]] const Provider *provider(std::string_view id_or_alias) const override;
    [[nodiscard]] std::size_t modelCount() const override { return m_lines.size(); }
    [[nodiscard]] std::vector<Model> models(std::string_view provider) const override;
    [[nodiscard]] Resolution resolve(std::string_view provider, std::string_view asked,
                                     std::string_view answered) const override;
    [[nodiscard]] std::optional<Cost> price(const Resolution &resolution, std::string_view provider,
                                            const Usage &usage, const PriceContext &context) const override;
    [[nodiscard]] Tariff tariff(std::string_view provider, std::string_view asked,
                                std::string_view answered) const override;

private:
    struct ProviderName {
        std::string_view name{};
        std::uint32_t provider = 0;
    };
    /// The models of one provider: its entries in the order of the file, and its names in theirs.
    struct Section {
        std::int32_t first_entry = 0;
        std::int32_t last_entry = 0; ///< one past the end
        std::uint32_t first_name = 0;
        std::uint32_t last_name = 0;
    };

    [[nodiscard]] std::size_t indexOf(const Provider &provider) const
    {
        return &provider - m_providers.data();
    }
    [[nodiscard]] Shelf shelf(const Provider &provider) const;
    [[nodiscard]] std::optional<Hit> find(const Provider &provider, std::string_view name) const;
    [[nodiscard]] std::optional<Hit> findAtMaker(const Provider &router, std::string_view name) const;
    [[nodiscard]] Resolution resolved(const Hit &hit) const;
    [[nodiscard]] Tariff tariffOf(Resolution found, std::string_view provider) const;
    [[nodiscard]] const Provider &providerOf(std::int32_t entry) const;
    [[nodiscard]] bool prefersAnswer(const Provider &owner, const Hit &by_request,
                                     const Hit &by_answer) const;
    bool addModel(std::string_view line);
    [[nodiscard]] Section *openSection(std::string_view line);
    void closeSection(Section *section);

    std::string_view m_as_of{};
    std::vector<Provider> m_providers{};
    std::vector<ProviderPricing> m_pricing{};     // of m_providers, in its order
    std::vector<ProviderName> m_provider_names{}; // in order, case ignored
    std::vector<Section> m_sections{};            // of m_providers, in its order
    LineTable m_lines{};
    std::vector<Name> m_names{};
    std::string_view m_models_text{};
};

bool orderIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::lexicographical_compare(a, b, {}, lowered, lowered);
}

Result<> TextCatalog::readProviders(std::string_view text)
{
    const auto head = readHead(takeUntil(text, '\n'), kProvidersForm);
    if (!head)
        return badLine("providers.txt", 1);
    m_as_of = head->as_of;
    for (std::size_t number = 2; !text.empty(); ++number) {
        auto read = readProvider(takeUntil(text, '\n'));
        if (!read)
            return badLine("providers.txt", number);
        m_providers.push_back(std::move(read->provider));
        m_pricing.push_back(std::move(read->pricing));
    }
    if (std::cmp_not_equal(m_providers.size(), head->count))
        return badLine("providers.txt", m_providers.size() + 1);
    m_sections.resize(m_providers.size());
    for (std::uint32_t i = 0; i < m_providers.size(); ++i) {
        m_provider_names.push_back({.name = m_providers[i].id, .provider = i});
        for (const auto alias : m_providers[i].aliases)
            m_provider_names.push_back({.name = alias, .provider = i});
    }
    std::ranges::sort(m_provider_names, orderIgnoringCase, &ProviderName::name);
    return {};
}

Result<> TextCatalog::readModels(std::string_view text)
{
    constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
    const std::string_view whole = text;
    const auto head = readHead(takeUntil(text, '\n'), kModelsForm);
    if (!head || head->as_of != m_as_of || whole.size() > kMost)
        return badLine("models.txt", 1);
    m_models_text = whole;
    m_lines = LineTable(whole);
    Section *section = nullptr;
    std::size_t number = 1;
    while (!text.empty()) {
        ++number;
        const auto line = takeUntil(text, '\n');
        if (!line.starts_with('[')) {
            if (!section || !addModel(line))
                return badLine("models.txt", number);
            continue;
        }
        closeSection(section);
        section = openSection(line);
        if (!section)
            return badLine("models.txt", number);
    }
    closeSection(section);
    if (std::cmp_not_equal(m_lines.size(), head->count))
        return badLine("models.txt", number);
    m_names.shrink_to_fit();
    return {};
}

/// "[openai]"; null when there is no such provider, or when its models were listed before.
TextCatalog::Section *TextCatalog::openSection(std::string_view line)
{
    constexpr std::size_t kBrackets = 2;
    if (line.size() <= kBrackets || !line.ends_with(']'))
        return nullptr;
    const auto *owner = provider(line.substr(1, line.size() - kBrackets));
    if (!owner || m_sections[indexOf(*owner)].last_entry != 0)
        return nullptr;
    Section &section = m_sections[indexOf(*owner)];
    section.first_entry = static_cast<std::int32_t>(m_lines.size());
    section.first_name = static_cast<std::uint32_t>(m_names.size());
    return &section;
}

void TextCatalog::closeSection(Section *section)
{
    if (!section)
        return;
    section->last_entry = static_cast<std::int32_t>(m_lines.size());
    section->last_name = static_cast<std::uint32_t>(m_names.size());
    const std::span names(m_names.data() + section->first_name, m_names.data() + section->last_name);
    std::ranges::sort(names, [&](const Name &a, const Name &b) {
        const auto order
            = compareNames(m_models_text.substr(a.at, a.length), m_models_text.substr(b.at, b.length));
        return order != 0 ? order < 0 : a.entry < b.entry;
    });
}

bool TextCatalog::addModel(std::string_view line)
{
    const auto entry = readEntry(line);
    if (!entry)
        return false;
    const auto index = static_cast<std::int32_t>(m_lines.size());
    m_lines.add(line);
    const auto add = [&](std::string_view name, bool alias) {
        if (name.empty() || name.size() > std::numeric_limits<std::uint16_t>::max())
            return false;
        m_names.push_back({
            .at = static_cast<std::uint32_t>(name.data() - m_models_text.data()),
            .length = static_cast<std::uint16_t>(name.size()),
            .alias = alias,
            .entry = index,
        });
        return true;
    };
    return add(entry->id, false)
        && std::ranges::all_of(entry->aliases, [&](auto alias) { return add(alias, true); });
}

const Provider *TextCatalog::provider(std::string_view id_or_alias) const
{
    const auto found
        = std::ranges::lower_bound(m_provider_names, id_or_alias, orderIgnoringCase, &ProviderName::name);
    if (found == m_provider_names.end() || !equalsIgnoringCase(found->name, id_or_alias))
        return nullptr;
    return &m_providers[found->provider];
}

std::vector<Model> TextCatalog::models(std::string_view id_or_alias) const
{
    std::vector<Model> models;
    const auto *owner = provider(id_or_alias);
    if (!owner)
        return models;
    const Section &section = m_sections[indexOf(*owner)];
    models.reserve(static_cast<std::size_t>(section.last_entry - section.first_entry));
    for (auto index = section.first_entry; index < section.last_entry; ++index)
        models.push_back(toModel(*readEntry(m_lines[index]), owner->id, index));
    return models;
}

Shelf TextCatalog::shelf(const Provider &provider) const
{
    const Section &section = m_sections[indexOf(provider)];
    const std::span names(m_names.data() + section.first_name, m_names.data() + section.last_name);
    return {.provider = &provider, .names = NameTable(m_models_text, names), .lines = &m_lines};
}

const Provider &TextCatalog::providerOf(std::int32_t entry) const
{
    const auto holds = [&](const Section &s) { return entry >= s.first_entry && entry < s.last_entry; };
    const auto found = std::ranges::find_if(m_sections, holds);
    return m_providers[static_cast<std::size_t>(found - m_sections.begin())];
}

std::optional<Hit> TextCatalog::findAtMaker(const Provider &router, std::string_view name) const
{
    const auto model = withoutVariant(router, name);
    const auto slash = model.find('/');
    if (router.id != "openrouter" || slash == std::string_view::npos)
        return {};
    const auto *maker = provider(model.substr(0, slash));
    if (!maker || maker == &router || maker->free_local)
        return {};
    auto hit = findEntry(shelf(*maker), model.substr(slash + 1));
    if (hit)
        hit->match = Match::MakersPrice;
    return hit;
}

std::optional<Hit> TextCatalog::find(const Provider &provider, std::string_view name) const
{
    if (name.empty() || name.size() > kLongestName)
        return {};
    const auto hit = findEntry(shelf(provider), name);
    return hit ? hit : findAtMaker(provider, name);
}

Resolution TextCatalog::resolved(const Hit &hit) const
{
    return {
        .match = hit.match,
        .model = toModel(*readEntry(m_lines[hit.entry]), providerOf(hit.entry).id, hit.entry),
    };
}

Resolution TextCatalog::resolve(std::string_view id_or_alias, std::string_view asked,
                                std::string_view answered) const
{
    const auto *owner = provider(id_or_alias);
    if (!owner)
        return {};
    if (owner->free_local && !runsInOllamaCloud(*owner, asked))
        return {.match = Match::FreeLocal};

    const auto by_request = find(*owner, asked);
    const auto by_answer = find(*owner, answered);
    if (by_answer && (!by_request || prefersAnswer(*owner, *by_request, *by_answer)))
        return resolved(*by_answer);
    return by_request ? resolved(*by_request) : Resolution{};
}

bool TextCatalog::prefersAnswer(const Provider &owner, const Hit &by_request, const Hit &by_answer) const
{
    if (isEstimate(by_answer.match))
        return false;
    // On Azure the request names a deployment, which may be called like another model; a router's own name
    // has no price; and a certain name beats a near one.
    return owner.family == "azure-openai" || isEstimate(by_request.match)
        || readEntry(m_lines[by_request.entry])->variable_price;
}

std::optional<Cost> TextCatalog::price(const Resolution &resolution, std::string_view id_or_alias,
                                       const Usage &usage, const PriceContext &context) const
{
    return tariffOf(resolution, id_or_alias).price(usage, context);
}

Tariff TextCatalog::tariff(std::string_view id_or_alias, std::string_view asked,
                           std::string_view answered) const
{
    return tariffOf(resolve(id_or_alias, asked, answered), id_or_alias);
}

Tariff TextCatalog::tariffOf(Resolution found, std::string_view id_or_alias) const
{
    const auto index = found.model ? found.model->index : -1;
    if (found.match == Match::Unknown || index < 0 || static_cast<std::size_t>(index) >= m_lines.size())
        return Tariff(std::move(found));
    const auto *host = provider(id_or_alias);
    const Provider &owner = providerOf(index);
    return {std::move(found), *readEntry(m_lines[index]), m_pricing[indexOf(host ? *host : owner)],
            m_pricing[indexOf(owner)]};
}

} // namespace

std::string_view toString(Match match) noexcept
{
    switch (match) {
    case Match::Exact: return "exact";
    case Match::Alias: return "alias";
    case Match::Unwrapped: return "unwrapped";
    case Match::FineTune: return "fine-tune";
    case Match::Variant: return "variant";
    case Match::Spelling: return "spelling";
    case Match::RegionProfile: return "region profile";
    case Match::FreeLocal: return "free local";
    case Match::Undated: return "undated";
    case Match::FineTuneBase: return "fine-tune's base";
    case Match::MakersPrice: return "maker's price";
    case Match::Unknown: break;
    }
    return "unknown";
}

bool isEstimate(Match match) noexcept
{
    return match >= Match::Undated;
}

Result<std::shared_ptr<const Catalog>> Catalog::parse(std::string_view providers, std::string_view models)
{
    auto catalog = std::make_shared<TextCatalog>();
    if (auto read = catalog->readProviders(providers); !read)
        return fail(std::move(read).error());
    if (auto read = catalog->readModels(models); !read)
        return fail(std::move(read).error());
    return catalog;
}

} // namespace portolan::catalog

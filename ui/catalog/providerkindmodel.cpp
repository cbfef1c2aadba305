// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/providerkindmodel.h"

#include "ui/widgets/delegates.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// What most people look for, in that order; the search finds the rest.
constexpr std::array<std::string_view, 17> kWellKnown{
    "openai", "anthropic", "google",    "azure-openai", "bedrock",    "mistral-ai",
    "cohere", "groq",      "deepseek",  "x-ai",         "openrouter", "together-ai",
    "github", "ollama",    "lm-studio", "llama-cpp",    "vllm",
};

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

} // namespace

std::vector<ProviderKind> providerKinds(const catalog::Catalog &catalog)
{
    struct Ranked {
        std::size_t rank = kWellKnown.size();
        ProviderKind kind{};
    };
    std::vector<Ranked> ranked;
    for (const catalog::Provider &provider : catalog.providers()) {
        catalog::AccountForm form = catalog::accountForm(provider);
        const bool takes_key = form.takes(catalog::CredentialForm::Key);
        if (!form.unavailable.empty() || (!takes_key && !form.takes(catalog::CredentialForm::None)))
            continue;
        const bool local = provider.kind == catalog::ProviderKind::Local;
        const auto known = std::ranges::find(kWellKnown, provider.id);
        ranked.push_back({
            .rank = std::size_t(known - kWellKnown.begin()),
            .kind = {
                .id = text(provider.id),
                .name = text(provider.name),
                .base_url = text(provider.base_url),
                .form = std::move(form),
                .place = local ? AccountListModel::Place::Computer : AccountListModel::Place::Cloud,
                .needs_key = !local && provider.auth.scheme != "none",
                .takes_key = takes_key,
            },
        });
    }
    std::ranges::sort(ranked, [](const Ranked &a, const Ranked &b) {
        return a.rank != b.rank ? a.rank < b.rank : a.kind.name.compare(b.kind.name, Qt::CaseInsensitive) < 0;
    });
    std::vector<ProviderKind> out;
    for (Ranked &entry : ranked)
        out.push_back(std::move(entry.kind));
    return out;
}

ProviderKindModel::ProviderKindModel(std::vector<ProviderKind> kinds, QObject *parent)
    : QAbstractListModel(parent)
    , m_kinds(std::move(kinds))
{ }

int ProviderKindModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_kinds.size());
}

QVariant ProviderKindModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ProviderKind &entry = kind(index.row());
    switch (role) {
    case Qt::DisplayRole: return entry.name;
    case LineIconRole: return int(placeIcon(entry.place));
    default: return {};
    }
}

int ProviderKindModel::rowOf(const QString &id) const
{
    const auto at = std::ranges::find(m_kinds, id, &ProviderKind::id);
    return at == m_kinds.end() ? -1 : int(at - m_kinds.begin());
}

} // namespace portolan::ui

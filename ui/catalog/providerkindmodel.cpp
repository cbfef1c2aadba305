// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/providerkindmodel.h"

#include "ui/widgets/delegates.h"
#include "ui/widgets/formgrid.h"
#include "ui/widgets/plaintext.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// What most people look for, in that order; the search finds the rest.
constexpr std::array<std::string_view, 18> kWellKnown{
    "openai",      "anthropic", "google", "vertex-ai", "azure-openai", "bedrock",
    "mistral-ai",  "cohere",    "groq",   "deepseek",  "x-ai",         "openrouter",
    "together-ai", "github",    "ollama", "lm-studio", "llama-cpp",    "vllm",
};

// Set by hardly anybody: for clouds that are not the vendor's own.
constexpr std::string_view kRare = "token_uri";

} // namespace

ProviderKind kindOf(const catalog::Provider &provider)
{
    const bool local = provider.kind == catalog::ProviderKind::Local;
    ProviderKind kind{
        .id = fromCore(provider.id),
        .name = fromCore(provider.name),
        .form = catalog::accountForm(provider),
        .place = local ? AccountListModel::Place::Computer : AccountListModel::Place::Cloud,
        .needs_key = !local && provider.auth.scheme != "none",
    };
    for (const catalog::AccountField &field : kind.form.fields) {
        if (field.name == "profile" && kind.form.takes(catalog::CredentialForm::AwsProfile))
            continue; // the credential asks for it
        (field.name == kRare ? kind.rare : kind.fields).push_back(field);
    }
    return kind;
}

std::vector<ProviderKind> providerKinds(const catalog::Catalog &catalog)
{
    struct Ranked {
        std::size_t rank = kWellKnown.size();
        ProviderKind kind{};
    };
    std::vector<Ranked> ranked;
    for (const catalog::Provider &provider : catalog.providers()) {
        const auto known = std::ranges::find(kWellKnown, provider.id);
        Ranked entry{.rank = std::size_t(known - kWellKnown.begin()), .kind = kindOf(provider)};
        if (!entry.kind.canBeCalled())
            entry.rank = kWellKnown.size() + 1;
        ranked.push_back(std::move(entry));
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
    case CornerRole: return entry.canBeCalled() ? QString() : tr("prices only");
    case MutedRole: return !entry.canBeCalled();
    case Qt::ToolTipRole:
        return entry.canBeCalled() ? QVariant() : plainToolTip(fromCore(entry.form.unavailable));
    case Qt::AccessibleTextRole:
        return entry.canBeCalled() ? entry.name : tr("%1, prices only").arg(entry.name);
    default: return {};
    }
}

int ProviderKindModel::rowOf(const QString &id) const
{
    const auto at = std::ranges::find(m_kinds, id, &ProviderKind::id);
    return at == m_kinds.end() ? -1 : int(at - m_kinds.begin());
}

} // namespace portolan::ui

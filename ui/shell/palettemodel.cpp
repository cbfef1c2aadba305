// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palettemodel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kRecentBonus = 300;
constexpr size_t kMostOfGroup = 8;

struct Group {
    QString name;
    int best = 0;
    size_t order = 0;
    std::vector<PaletteModel::Row> rows;
};

/// What stands behind a prefix, without it.
QString withoutPrefix(const QString &typed)
{
    return typed.startsWith(u'>') || typed.startsWith(u'#') || typed.startsWith(u'@') ? typed.mid(1) : typed;
}

int recentBonus(const QStringList &recent, const QString &key)
{
    const auto at = recent.indexOf(key);
    return at < 0 ? 0 : kRecentBonus - int(at);
}

Group &groupNamed(std::vector<Group> &groups, const QString &name)
{
    const auto found = std::ranges::find(groups, name, &Group::name);
    if (found != groups.end())
        return *found;
    return groups.emplace_back(Group{.name = name, .best = 0, .order = groups.size(), .rows = {}});
}

} // namespace

void PaletteModel::setEntries(const QString &typed, std::vector<PaletteEntry> fixed,
                              std::vector<PaletteEntry> found, const QStringList &recent)
{
    const QString words = withoutPrefix(typed);
    std::vector<Group> groups;
    for (PaletteEntry &entry : found) {
        Match hit = ui::match(entry.what.text, words).value_or(Match{});
        Group &group = groupNamed(groups, entry.what.group);
        group.best = std::max(group.best, hit.score + 1);
        group.rows.push_back({false, std::move(entry), std::move(hit), group.rows.size()});
    }
    for (PaletteEntry &entry : fixed) {
        auto hit = ui::match(entry.what.text, words);
        if (!hit)
            continue;
        hit->score += recentBonus(recent, entry.key);
        Group &group = groupNamed(groups, entry.what.group);
        group.best = std::max(group.best, hit->score);
        group.rows.push_back({false, std::move(entry), std::move(*hit), group.rows.size()});
    }
    std::ranges::sort(groups, {}, [](const Group &group) { return std::pair(-group.best, group.order); });

    beginResetModel();
    m_rows.clear();
    m_results = 0;
    const bool everything = groups.size() == 1;
    for (Group &group : groups) {
        std::ranges::sort(group.rows, {},
                          [](const Row &row) { return std::pair(-row.hit.score, row.order); });
        if (!everything && !words.isEmpty() && group.rows.size() > kMostOfGroup)
            group.rows.resize(kMostOfGroup);
        m_results += int(group.rows.size());
        Row heading{.heading = true};
        heading.entry.what.text = group.name;
        m_rows.push_back(std::move(heading));
        std::ranges::move(group.rows, std::back_inserter(m_rows));
    }
    endResetModel();
}

int PaletteModel::entryFrom(int from, int step) const
{
    for (int i = from; i >= 0 && i < rowCount(); i += step)
        if (!row(i).heading)
            return i;
    return -1;
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)
        || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole))
        return {};
    const Finding &what = row(index.row()).entry.what;
    return what.detail.isEmpty() ? what.text : what.text + u", "_s + what.detail;
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex &index) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || row(index.row()).heading)
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

} // namespace portolan::ui

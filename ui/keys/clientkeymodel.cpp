// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/clientkeymodel.h"

#include "ui/keys/virtualkeymodel.h"
#include "ui/widgets/format.h"

using namespace Qt::StringLiterals;

namespace portolan::ui {

int ClientKeyModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_keys.size());
}

int ClientKeyModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QString ClientKeyModel::words(int row) const
{
    const control::ClientKeyInfo &k = key(row);
    return QStringList{k.name, k.lastFour, k.defaultConfig, k.note, k.slugs.join(u' '), lookOf(k.state).word}
        .join(u'\n')
        .toLower();
}

void ClientKeyModel::setKeys(std::vector<control::ClientKeyInfo> keys)
{
    replace(m_keys, std::move(keys), &control::ClientKeyInfo::id);
}

int ClientKeyModel::rowOf(ClientKeyId id) const
{
    const auto at = std::ranges::find(m_keys, id, &control::ClientKeyInfo::id);
    return at == m_keys.end() ? -1 : int(at - m_keys.begin());
}

KeyModel::Row ClientKeyModel::row(int row) const
{
    const control::ClientKeyInfo &k = key(row);
    return {.limits = k.limits, .use = k.use, .state = k.state};
}

QString ClientKeyModel::text(int row, int column) const
{
    const control::ClientKeyInfo &k = key(row);
    switch (Column(column)) {
    case Name: return k.name;
    case Token: return k.lastFour;
    case Config: return k.defaultConfig.isEmpty() ? u"-"_s : k.defaultConfig;
    case Slugs:
        return k.slugs.size() == 1 ? u'@' + k.slugs.first()
                                   : someWords(k.slugs, tr("%n slugs", nullptr, int(k.slugs.size())));
    case Budget: return k.limits.budget ? QString() : tr("no budget");
    case Limits: return limitLines(k.limits).first();
    case LastUsed: return format::ago(k.lastUsed, now());
    case Expires: return dayWords(k.expires, now());
    case State: return lookOf(k.state).word;
    }
    return {};
}

QVariant ClientKeyModel::raw(int row, int column) const
{
    const control::ClientKeyInfo &k = key(row);
    switch (Column(column)) {
    case Config: return k.defaultConfig.isEmpty() ? QVariant() : QVariant(k.defaultConfig);
    case Slugs: return k.slugs.isEmpty() ? QVariant() : QVariant(k.slugs.size());
    case LastUsed: return k.lastUsed.isValid() ? QVariant(k.lastUsed) : QVariant();
    case Expires: return k.expires.isValid() ? QVariant(k.expires) : QVariant();
    default: return text(row, column);
    }
}

QString ClientKeyModel::toolTip(int row, int column) const
{
    const control::ClientKeyInfo &k = key(row);
    const auto whole = [](const QDateTime &moment) {
        return moment.isValid() ? format::locale().toString(moment.toLocalTime(), QLocale::LongFormat)
                                : QString();
    };
    switch (Column(column)) {
    case Name: return k.note;
    case Token:
        return k.oldTokenEnds.isValid() ? tr("The token before the last rotation is valid until %1.")
                                              .arg(format::when(k.oldTokenEnds, now()))
                                        : QString();
    case Slugs: return k.slugs.join(u'\n');
    case LastUsed: return whole(k.lastUsed);
    case Expires: return whole(k.expires);
    default: return {};
    }
}

QString ClientKeyModel::title(int column) const
{
    switch (Column(column)) {
    case Name: return tr("Name");
    case Token: return tr("Key");
    case Config: return tr("Default config");
    case Slugs: return tr("Allowed slugs");
    case Budget: return tr("Budget");
    case Limits: return tr("Limits");
    case LastUsed: return tr("Last used");
    case Expires: return tr("Expires");
    case State: return tr("State");
    }
    return {};
}

} // namespace portolan::ui

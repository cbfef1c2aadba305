// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/virtualkeymodel.h"

#include "ui/widgets/format.h"

using namespace Qt::StringLiterals;

namespace portolan::ui {

QString someWords(const QStringList &some, const QString &many)
{
    if (some.isEmpty())
        return KeyModel::tr("all");
    return some.size() == 1 ? some.first() : many;
}

int VirtualKeyModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_keys.size());
}

int VirtualKeyModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QString VirtualKeyModel::words(int row) const
{
    const control::VirtualKey &k = key(row);
    return QStringList{u'@' + k.slug, k.accountSlug,       k.providerName,
                       k.note,        k.usedBy.join(u' '), lookOf(k.state).word}
        .join(u'\n')
        .toLower();
}

void VirtualKeyModel::setKeys(std::vector<control::VirtualKey> keys)
{
    replace(m_keys, std::move(keys), &control::VirtualKey::slug);
}

int VirtualKeyModel::rowOf(const QString &slug) const
{
    const auto at = std::ranges::find(m_keys, slug, &control::VirtualKey::slug);
    return at == m_keys.end() ? -1 : int(at - m_keys.begin());
}

KeyModel::Row VirtualKeyModel::row(int row) const
{
    const control::VirtualKey &k = key(row);
    return {.limits = k.limits, .use = k.use, .state = k.state};
}

QString VirtualKeyModel::text(int row, int column) const
{
    const control::VirtualKey &k = key(row);
    switch (Column(column)) {
    case Slug: return u'@' + k.slug;
    case Account: return k.providerName;
    case Models: return someWords(k.models, tr("%n models", nullptr, int(k.models.size())));
    case Budget: return k.limits.budget ? QString() : tr("no budget");
    case Limits: return limitLines(k.limits).first();
    case UsedBy:
        return k.usedBy.isEmpty()  ? u"-"_s
            : k.usedBy.size() == 1 ? tr("1 config")
                                   : tr("%n configs", nullptr, int(k.usedBy.size()));
    case Expires: return dayWords(k.expires, now());
    case State: return lookOf(k.state).word;
    }
    return {};
}

QVariant VirtualKeyModel::raw(int row, int column) const
{
    const control::VirtualKey &k = key(row);
    switch (Column(column)) {
    case Models: return k.models.isEmpty() ? QVariant() : QVariant(k.models.size());
    case UsedBy: return k.usedBy.isEmpty() ? QVariant() : QVariant(k.usedBy.size());
    case Expires: return k.expires.isValid() ? QVariant(k.expires) : QVariant();
    default: return text(row, column);
    }
}

QString VirtualKeyModel::toolTip(int row, int column) const
{
    const control::VirtualKey &k = key(row);
    switch (Column(column)) {
    case Slug: return k.note;
    case Account: return tr("Account @%1").arg(k.accountSlug);
    case Models: return k.models.join(u'\n');
    case UsedBy: return k.usedBy.join(u'\n');
    case Expires:
        return k.expires.isValid() ? format::locale().toString(k.expires.toLocalTime(), QLocale::LongFormat)
                                   : QString();
    default: return {};
    }
}

QString VirtualKeyModel::copied(int row, int column) const
{
    return column == Slug ? text(row, column) : QString();
}

QString VirtualKeyModel::title(int column) const
{
    switch (Column(column)) {
    case Slug: return tr("Slug");
    case Account: return tr("Account");
    case Models: return tr("Models allowed");
    case Budget: return tr("Budget");
    case Limits: return tr("Limits");
    case UsedBy: return tr("Used by");
    case Expires: return tr("Expires");
    case State: return tr("State");
    }
    return {};
}

} // namespace portolan::ui

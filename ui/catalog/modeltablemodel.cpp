// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/modeltablemodel.h"

#include "core/base/money.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plaintext.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString reference(const control::ModelInfo &info)
{
    return u'@' + info.slug + u'/' + info.id;
}

QVariant known(std::optional<qint64> value)
{
    return value ? QVariant(*value) : QVariant();
}

QString configsWords(const QStringList &configs)
{
    if (configs.isEmpty())
        return u"-"_s;
    return configs.size() == 1 ? ModelTableModel::tr("1 config")
                               : ModelTableModel::tr("%1 configs").arg(configs.size());
}

Qt::AlignmentFlag alignmentOf(int column)
{
    if (column == ModelTableModel::On)
        return Qt::AlignHCenter;
    return column >= ModelTableModel::Context && column <= ModelTableModel::Cached ? Qt::AlignRight
                                                                                   : Qt::AlignLeft;
}

bool isPriceColumn(int column)
{
    return column == ModelTableModel::In || column == ModelTableModel::Out
        || column == ModelTableModel::Cached;
}

QString price(const control::ModelInfo &info, std::optional<qint64> nano_usd)
{
    if (!nano_usd)
        return u"-"_s;
    const QString text = format::price(NanoUsd{*nano_usd});
    return info.estimate ? u'~' + text : text;
}

} // namespace

QString contextText(qint64 tokens)
{
    if (tokens <= 0)
        return u"-"_s;
    const QLocale locale = format::locale();
    if (tokens < 1000)
        return locale.toString(tokens);
    // Both 128,000 and 131,072 are sold as 128k.
    const bool binary = tokens % 1024 == 0 && tokens % 1000 != 0;
    const qint64 thousand = binary ? 1024 : 1000;
    const qint64 million = thousand * thousand;
    if (tokens >= 1'000'000)
        return locale.toString(double(tokens) / double(million), 'g', 3) + u'M';
    return locale.toString(qRound64(double(tokens) / double(thousand))) + u'k';
}

QString priceWords(const control::ModelInfo &model, const QString &listed)
{
    if (!model.ownPrice)
        return ModelTableModel::tr("Prices of %1 from the built-in list.").arg(listed);
    const QString day = format::locale().toString(model.priceSince.date(), QLocale::ShortFormat);
    return model.priceSource.isEmpty()
        ? ModelTableModel::tr("Your own price since %1.").arg(day)
        : ModelTableModel::tr("Your own price since %1: %2.").arg(day, model.priceSource);
}

int ModelTableModel::ownPrices() const
{
    return int(std::ranges::count_if(m_rows, [](const Row &row) { return row.info.ownPrice; }));
}

int ModelTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ModelTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant ModelTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const control::ModelInfo &info = model(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        switch (Column(column)) {
        case Model: return info.id;
        case Slug: return reference(info);
        case Context: return contextText(info.context);
        case In: return price(info, info.in);
        case Out: return price(info, info.out);
        case Cached: return price(info, info.cached);
        case UsedBy: return configsWords(info.usedBy);
        case On: return {};
        }
        return {};
    case Qt::CheckStateRole:
        return column == On ? QVariant(info.enabled ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::ToolTipRole:
        if (column == UsedBy && !info.usedBy.isEmpty())
            return plainToolTip(info.usedBy.join(u'\n'));
        return isPriceColumn(column) && info.ownPrice ? QVariant(plainToolTip(priceWords(info, {})))
                                                      : QVariant();
    case Qt::AccessibleTextRole:
        if (column == On)
            return info.enabled ? tr("on") : tr("off");
        return column == Model && !info.caps.isEmpty() ? QVariant(info.id + u", "_s + info.caps.join(u", "_s))
                                                       : data(index, Qt::DisplayRole);
    case Qt::TextAlignmentRole: return int(Qt::AlignVCenter | alignmentOf(column));
    case RawRole:
        switch (Column(column)) {
        case Context: return info.context > 0 ? QVariant(info.context) : QVariant();
        case In: return known(info.in);
        case Out: return known(info.out);
        case Cached: return known(info.cached);
        case UsedBy: return qlonglong(info.usedBy.size());
        case On: return info.enabled ? 1 : 0;
        default: return data(index, Qt::DisplayRole);
        }
    case SecondLineRole: {
        if (column != Model)
            return {};
        // What a practice model is for stands nowhere else.
        if (info.slug == u"practice")
            return info.name;
        QStringList words = info.caps;
        if (info.status == u"deprecated" || info.status == u"retired")
            words += info.status;
        if (info.own)
            words += tr("added here");
        return words.isEmpty() ? info.mode : words.join(u", "_s);
    }
    case MutedRole: return !info.enabled || info.status == u"deprecated" || info.status == u"retired";
    case OwnPriceRole: return info.ownPrice && column == In;
    case ReferenceRole: return reference(info);
    default: return {};
    }
}

QVariant ModelTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | alignmentOf(section));
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Model: return tr("Model, can");
    case Slug: return tr("Slug");
    case Context: return tr("Context");
    case In: return tr("In $/M");
    case Out: return tr("Out $/M");
    case Cached: return tr("Cached");
    case UsedBy: return tr("Used by");
    case On: return tr("On");
    }
    return {};
}

void ModelTableModel::setModels(std::vector<control::ModelInfo> models)
{
    beginResetModel();
    m_rows.clear();
    m_rows.reserve(models.size());
    for (control::ModelInfo &info : models) {
        QString words = (reference(info) + u' ' + info.name + u' ' + info.mode).toLower();
        m_rows.push_back({.info = std::move(info), .words = std::move(words)});
    }
    endResetModel();
}

ModelFilter::ModelFilter(ModelTableModel *models, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_models(models)
{
    setSourceModel(models);
    setSortRole(RawRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void ModelFilter::setSearch(const QString &text)
{
    m_words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    invalidateRowsFilter();
}

void ModelFilter::setCapabilities(const QStringList &caps)
{
    m_caps = caps;
    invalidateRowsFilter();
}

void ModelFilter::setSlug(const QString &slug)
{
    m_slug = slug;
    invalidateRowsFilter();
}

bool ModelFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const control::ModelInfo &info = m_models->model(row);
    if (!m_slug.isEmpty() && info.slug != m_slug)
        return false;
    const QString &words = m_models->words(row);
    return std::ranges::all_of(m_words, [&](const QString &word) { return words.contains(word); })
        && std::ranges::all_of(m_caps, [&](const QString &cap) { return info.caps.contains(cap); });
}

bool ModelFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(RawRole);
    const QVariant b = right.data(RawRole);
    // What is unknown comes after every number, not among the free ones.
    if (a.isValid() != b.isValid())
        return a.isValid();
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace portolan::ui

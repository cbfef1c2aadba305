// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/keyparts.h"

#include "core/control/answers.h"

#include <QCoreApplication>

namespace portolan::control {

namespace {

constexpr std::size_t kMostNames = 1'000;
constexpr qsizetype kLongestName = 300;

bool isPlain(const QString &text)
{
    return text.size() <= kLongestName
        && std::ranges::all_of(text, [](QChar c) { return c.isPrint() && !c.isSpace(); });
}

} // namespace

Result<std::vector<std::string>> toNames(const QStringList &list)
{
    std::vector<std::string> names;
    for (const auto &entry : list) {
        const auto name = entry.trimmed();
        if (!isPlain(name))
            return refused("key.bad_name",
                           QCoreApplication::translate("Control",
                                                       "\"%1\" cannot be a slug or a model: it "
                                                       "has blanks or is too long.")
                               .arg(name.left(kLongestName)));
        if (!name.isEmpty() && std::ranges::count(names, name.toStdString()) == 0)
            names.push_back(name.toStdString());
    }
    if (names.size() > kMostNames)
        return refused("key.too_many_names",
                       QCoreApplication::translate("Control", "A key lists at most 1,000 slugs or models."));
    return names;
}

QStringList toList(const std::vector<std::string> &names)
{
    QStringList list;
    for (const auto &name : names)
        list.append(QString::fromStdString(name));
    return list;
}

} // namespace portolan::control

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/textfile.h"

#include "core/base/text.h"

#include <QFile>

#include <cstdio>

namespace portolan::app {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMost = qint64{2} << 20;

std::unexpected<Error> unreadable(const QString &path, const QString &why)
{
    return fail({.origin = Origin::Client,
                 .code = "command.usage",
                 .message = u"%1 cannot be read: %2"_s.arg(path, why).toStdString()});
}

} // namespace

Result<std::string> readTextFile(const QString &path)
{
    QFile file(path);
    const bool is_open
        = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!is_open)
        return unreadable(path, file.errorString());
    QByteArray bytes;
    while (bytes.size() <= kMost) {
        const auto more = file.read(kMost + 1 - bytes.size());
        if (more.isEmpty())
            break;
        bytes += more;
    }
    if (bytes.size() > kMost)
        return unreadable(path, u"it has more than 2 MiB."_s);
    auto text = bytes.toStdString();
    if (!isUtf8(text))
        return unreadable(path, u"it is no UTF-8 text."_s);
    return text;
}

} // namespace portolan::app

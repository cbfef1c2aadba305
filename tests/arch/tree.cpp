// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/arch/tree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::arch {

QStringList filesOf(const QStringList &folders, const QStringList &suffixes)
{
    const QDir root(QStringLiteral(PORTOLAN_SOURCE_DIR));
    QStringList files;
    for (const auto &folder : folders) {
        QDirIterator entries(root.filePath(folder), QDir::Files, QDirIterator::Subdirectories);
        while (entries.hasNext()) {
            const auto path = root.relativeFilePath(entries.next());
            if (path.contains(u"/node_modules/"_s) || path.contains(u"/build/"_s))
                continue;
            if (std::ranges::any_of(suffixes, [&](const QString &suffix) { return path.endsWith(suffix); }))
                files << path;
        }
    }
    files.sort();
    return files;
}

QString textOf(const QString &path)
{
    QFile file(QDir(QStringLiteral(PORTOLAN_SOURCE_DIR)).filePath(path));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace portolan::arch

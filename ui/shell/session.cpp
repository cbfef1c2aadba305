// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/session.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kWriteAfterMs = 700;
constexpr qint64 kLargestFile = 1024 * 1024; ///< ours are some kB: more is not ours
constexpr auto kRun = "run"_L1;
constexpr auto kCrashes = "crashes"_L1;
constexpr auto kUnderWay = "underWay"_L1;

} // namespace

Session::Session(const QString &directory, QObject *parent)
    : QObject(parent)
    , m_file(QDir(directory).filePath(u"session.json"_s))
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kWriteAfterMs);
    connect(&m_soon, &QTimer::timeout, this, &Session::write);

    QFile file(m_file);
    if (file.size() <= kLargestFile && file.open(QIODevice::ReadOnly))
        m_all = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject run = value(kRun);
    if (run[kUnderWay].toBool())
        m_crashesBefore = std::clamp(run[kCrashes].toInt(), 0, 1000) + 1;
}

Session::~Session()
{
    if (m_soon.isActive())
        write();
}

QJsonObject Session::value(const QString &name) const
{
    return m_all[name].toObject();
}

void Session::setValue(const QString &name, const QJsonObject &value)
{
    if (m_all[name].toObject() == value)
        return;
    m_all[name] = value;
    // Started once and not again: a stream of changes is still written within the second.
    if (!m_soon.isActive())
        m_soon.start();
}

void Session::beginRun()
{
    m_all[kRun] = QJsonObject{{kUnderWay, true}, {kCrashes, m_crashesBefore}};
    write();
}

void Session::endRun()
{
    m_all[kRun] = QJsonObject{{kUnderWay, false}, {kCrashes, 0}};
    write();
}

void Session::write()
{
    m_soon.stop();
    QSaveFile file(m_file);
    // A full disk must not keep the window from working: the last good file stays.
    if (!file.open(QIODevice::WriteOnly))
        return;
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(QJsonDocument(m_all).toJson(QJsonDocument::Compact));
    file.commit();
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/arch/includerules.h"

#include "tests/arch/sourcetext.h"

#include <QDir>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QRegularExpression>

#include <algorithm>
#include <map>
#include <optional>

using namespace Qt::StringLiterals;

namespace portolan::arch {
namespace {

enum class QtUse { None, Core, Window };

struct Room {
    QStringList uses{};
    QtUse qt = QtUse::None;
    bool pure = false;
};

/// The table of rooms. A room may always include itself.
const std::map<QString, Room> &rooms()
{
    static const QStringList pure{u"core/base"_s,    u"core/catalog"_s,  u"core/trace"_s,   u"core/dialect"_s,
                                  u"core/routing"_s, u"core/exchange"_s, u"core/logquery"_s};
    static const QStringList upToTwo
        = pure + QStringList{u"core/http"_s,  u"core/store"_s, u"core/vault"_s,    u"core/admission"_s,
                             u"core/cache"_s, u"core/guard"_s, u"core/telemetry"_s};
    static const QStringList panel = pure + QStringList{u"core/control"_s, u"ui/theme"_s, u"ui/widgets"_s};
    static const QStringList panels{u"ui/home"_s,    u"ui/logs"_s,   u"ui/catalog"_s,    u"ui/keys"_s,
                                    u"ui/routing"_s, u"ui/charts"_s, u"ui/playground"_s, u"ui/settings"_s};
    static const auto table = [] {
        const auto pureRoom = [](const QStringList &uses) { return Room{.uses = uses, .pure = true}; };
        const auto coreRoom = [](const QStringList &uses, QtUse qt) { return Room{.uses = uses, .qt = qt}; };
        const auto uiRoom = [](const QStringList &uses) { return Room{.uses = uses, .qt = QtUse::Window}; };
        const QString base = u"core/base"_s;
        std::map<QString, Room> t{
            {base, coreRoom({}, QtUse::None)},
            {u"core/catalog"_s, pureRoom({base})},
            {u"core/trace"_s, pureRoom({base})},
            {u"core/dialect"_s, pureRoom({base})},
            {u"core/routing"_s, pureRoom({base})},
            {u"core/logquery"_s, pureRoom({base, u"core/trace"_s})},
            {u"core/exchange"_s, pureRoom({base, u"core/routing"_s, u"core/catalog"_s, u"core/trace"_s})},
            {u"core/http"_s, coreRoom({base}, QtUse::None)},
            {u"core/admission"_s, coreRoom({base, u"core/catalog"_s, u"core/trace"_s}, QtUse::Core)},
            {u"core/cache"_s, coreRoom({base, u"core/dialect"_s}, QtUse::None)},
            {u"core/guard"_s, coreRoom({base, u"core/dialect"_s}, QtUse::None)},
            {u"core/telemetry"_s, coreRoom({base, u"core/trace"_s}, QtUse::Core)},
            {u"core/vault"_s, coreRoom({base}, QtUse::Core)},
            {u"core/store"_s, coreRoom({base, u"core/trace"_s, u"core/logquery"_s}, QtUse::Core)},
            {u"core/gateway"_s, coreRoom(upToTwo, QtUse::None)},
            {u"core/control"_s, coreRoom(upToTwo + QStringList{u"core/gateway"_s}, QtUse::Core)},
            {u"core/admin"_s,
             coreRoom(
                 pure
                     + QStringList{u"core/control"_s, u"core/gateway"_s, u"core/http"_s, u"core/admission"_s},
                 QtUse::Core)},
            {u"ui/theme"_s, uiRoom({})},
            {u"ui/widgets"_s, uiRoom(pure + QStringList{u"ui/theme"_s})},
            {u"ui/shell"_s, uiRoom(panel + panels)},
            {u"app"_s, uiRoom({u"core/"_s, u"ui/"_s})},
        };
        for (const auto &name : panels)
            t.emplace(name, uiRoom(panel));
        return t;
    }();
    return table;
}

/// "core/http" of "core/http/server.h", "app" of "app/main.cpp".
QString roomOf(const QString &path)
{
    return path.startsWith(u"app/"_s) ? u"app"_s : path.section(u'/', 0, 1);
}

bool allows(const Room &room, const QString &from, const QString &to)
{
    if (from == to || room.uses.contains(to))
        return true;
    return std::ranges::any_of(room.uses,
                               [&](const QString &use) { return use.endsWith(u'/') && to.startsWith(use); });
}

/// "QtWidgets" for <QLabel> and <QtWidgets/QLabel>: the installed headers know. Empty: not one of Qt's.
QString qtModuleOf(const QString &header)
{
    static const QDir headers(QLibraryInfo::path(QLibraryInfo::HeadersPath));
    if (header.startsWith(u"Qt"_s) && header.contains(u'/'))
        return header.section(u'/', 0, 0);
    if (!header.startsWith(u'Q') && !header.startsWith(u"qt6keychain/"_s) && !header.startsWith(u"q"_s))
        return {};
    for (const auto module :
         {"QtCore", "QtNetwork", "QtSql", "QtDBus", "QtGui", "QtWidgets", "QtCharts", "QtSvg", "QtSvgWidgets",
          "QtOpenGL", "QtOpenGLWidgets", "QtPrintSupport", "QtTest"}) {
        const auto name = QString::fromLatin1(module);
        if (QFileInfo::exists(headers.filePath(name + u'/' + header)) || header == name)
            return name;
    }
    return header.startsWith(u"Qt"_s) ? header : QString();
}

bool belongsToWindow(const QString &module)
{
    static const QStringList windowless{u"QtCore"_s, u"QtNetwork"_s, u"QtSql"_s, u"QtDBus"_s, u"QtTest"_s};
    return !windowless.contains(module);
}

/// Why a pure room may not include that header; nothing when it may.
std::optional<QString> impurity(const QString &header)
{
    static const QRegularExpression world(u"^(boost/"
                                          u"(asio|beast)|thread$|mutex$|shared_mutex$|condition_variable$|"
                                          u"future$|stop_token$|semaphore$|barrier$"
                                          "|latch$|random$|fstream$|iostream$|filesystem$|sys/"
                                          "|unistd\\.h$|fcntl\\.h$|time\\.h$|poll\\.h$|netdb\\.h$"
                                          "|netinet/|arpa/|sqlite3\\.h$|openssl/rand\\.h$|curl/)"_s);
    if (world.match(header).hasMatch())
        return u"a pure room has no I/O, thread or dice of its own: take the value as a parameter"_s;
    return std::nullopt;
}

class Checker
{
public:
    Checker(const QString &path, const QString &text)
        : m_path(path)
        , m_source(SourceText::read(text))
        , m_name(roomOf(path))
    { }

    Findings run()
    {
        const auto found = rooms().find(m_name);
        if (found == rooms().end()) {
            report(0, u"unknown-room"_s,
                   u"%1 is not in the table of rooms: add it there and here"_s.arg(m_name));
            return m_findings;
        }
        m_room = found->second;
        // Found where literals are blank, so that one inside a string is none; read where they are not.
        static const QRegularExpression include(u"^[ \\t]*#[ \\t]*include[ \\t]*([<\"])"_s,
                                                QRegularExpression::MultilineOption);
        for (auto matches = include.globalMatch(m_source.code); matches.hasNext();) {
            const auto match = matches.next();
            const bool isOwn = match.captured(1) == u"\""_s;
            const auto begin = match.capturedEnd();
            const auto end = m_source.literals.indexOf(isOwn ? u'"' : u'>', begin);
            const auto header = m_source.literals.mid(begin, end - begin);
            if (isOwn)
                checkOwn(begin, header);
            else
                checkForeign(begin, header);
        }
        if (m_room.pure)
            checkCalls();
        return m_findings;
    }

private:
    void checkOwn(qsizetype at, const QString &header)
    {
        if (!header.contains(u'/')) {
            // moc's own output stands beside the file that includes it.
            if (!header.endsWith(u".moc"_s))
                report(at, u"include-path"_s,
                       u"write \"%1/%2\": includes start at the project's root"_s.arg(m_name, header));
            return;
        }
        const auto target = roomOf(header);
        if (!allows(m_room, m_name, target))
            report(at, u"arrow"_s,
                   u"%1 may not include %2 (core/README.md, the rooms)"_s.arg(m_name, target));
    }

    void checkForeign(qsizetype at, const QString &header)
    {
        if (m_room.pure) {
            if (const auto why = impurity(header))
                report(at, u"impure"_s, u"<%1>: %2"_s.arg(header, *why));
        }
        if (header.startsWith(u"boost/beast"_s) && m_name != u"core/http"_s)
            report(at, u"beast"_s,
                   u"Beast stays inside core/http: it costs every file that sees it seconds to compile"_s);
        const auto module = qtModuleOf(header);
        if (module.isEmpty())
            return;
        if (m_room.qt == QtUse::None)
            report(at, u"qt"_s,
                   u"<%1>: %2 uses the standard library's types, not Qt's"_s.arg(header, m_name));
        else if (m_room.qt == QtUse::Core && belongsToWindow(module))
            report(at, u"window"_s, u"<%1>: core must not know the window"_s.arg(header));
        else if (module == u"QtSql"_s && m_room.qt == QtUse::Window)
            report(at, u"sql"_s, u"<%1>: only core/store speaks SQL"_s.arg(header));
    }

    void checkCalls()
    {
        static const QRegularExpression call(
            u"(_clock::now|\\bclock_gettime|\\bgettimeofday|\\bstd::time\\(|\\b(s?rand|random)\\(|\\bgetenv\\(|\\brandombytes_)"_s);
        for (auto matches = call.globalMatch(m_source.code); matches.hasNext();) {
            const auto match = matches.next();
            report(match.capturedStart(), u"impure"_s,
                   u"%1: time, dice and environment come into a pure room as parameters"_s.arg(
                       match.captured(1)));
        }
    }

    void report(qsizetype at, const QString &rule, const QString &words)
    {
        m_findings.push_back(
            {.file = m_path, .line = lineAt(m_source.code, at), .rule = rule, .words = words});
    }

    const QString m_path;
    const SourceText m_source;
    const QString m_name;
    Room m_room{};
    Findings m_findings{};
};

} // namespace

Findings checkIncludes(const QString &path, const QString &text)
{
    return Checker(path, text).run();
}

} // namespace portolan::arch

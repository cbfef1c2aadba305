// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/arch/sourcerules.h"

#include "tests/arch/sourcetext.h"

#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace portolan::arch {
namespace {

constexpr int kMaxLines = 800;

enum class Reading { Code, Literals, Whole };

/// One forbidden pattern. `where` is matched against the path.
struct Pattern {
    QString rule{};
    QRegularExpression where{};
    Reading reading = Reading::Code;
    QRegularExpression what{};
    QString words{};
};

const std::vector<Pattern> &patterns()
{
    static const auto list = [] {
        const auto expression = [](const QString &text) {
            return QRegularExpression(text, QRegularExpression::MultilineOption);
        };
        const auto cpp = expression(u"\\.(h|cpp)$"_s);
        const auto shipped = expression(u"^(core|ui|app)/.*\\.(h|cpp)$"_s);
        const auto window = expression(u"^(ui|app)/.*\\.(h|cpp)$"_s);
        const auto tests = expression(u"^tests/.*\\.(h|cpp)$"_s);
        const auto header = expression(u"^(core|ui|app)/.*\\.h$"_s);
        const auto lintsSelf = expression(u"^(?!tests/arch/).*\\.(h|cpp|sh|py|mjs|cmake|txt)$"_s);
        return std::vector<Pattern>{
            {u"unfinished"_s, lintsSelf, Reading::Whole, expression(u"\\b(TODO|FIXME|XXX|HACK)\\b"_s),
             u"finish it, or leave it out and say so in the issue"_s},
            {u"markup"_s, window, Reading::Code,
             expression(
                 u"\\b(setHtml|insertHtml|appendHtml|RichText|AutoText|MarkdownText|setMarkdown)\\b"_s),
             u"text on the screen is plain text: a provider's words must not become markup"_s},
            {u"message-box"_s, window, Reading::Code,
             expression(u"\\bQMessageBox::(warning|critical|information|question|about)\\s*\\("_s),
             u"a message box guesses whether its text is HTML; use a dialog with Qt::PlainText"_s},
            {u"nested-loop"_s, window, Reading::Code,
             expression(u"\\b(processEvents|waitForFinished|waitForReadyRead)\\b"_s),
             u"the UI thread never waits: take the answer by signal"_s},
            {u"regex"_s, shipped, Reading::Code, expression(u"\\bstd::regex\\b|^#include <regex>"_s),
             u"std::regex overflows the stack on hostile input"_s},
            {u"number"_s, shipped, Reading::Code,
             expression(
                 u"\\b(strtol|strtoul|strtoll|strtoull|strtod|strtof|atoi|atol|atoll|atof|sscanf|std::sto[a-z]+)\\s*\\("_s),
             u"use std::from_chars and check that it read everything"_s},
            {u"buffer"_s, shipped, Reading::Code,
             expression(u"\\b(strcpy|strcat|sprintf|vsprintf|gets|alloca)\\s*\\("_s),
             u"no unbounded writes"_s},
            {u"shell"_s, shipped, Reading::Code,
             expression(u"(?<![\\w.>:])(std::system|system|popen)\\s*\\("_s),
             u"no shell: arguments would be parsed"_s},
            {u"sql-joined"_s, shipped, Reading::Literals,
             expression(
                 u"\\b(exec|prepare|execute)\\s*\\(\\s*u?R?\"[^\"\\n]*\"(_s|_L1)?\\s*(\\+|\\.arg|%)"_s),
             u"bind values to placeholders; SQL is a fixed text"_s},
            {u"sql-joined"_s, shipped, Reading::Literals,
             expression(u"\"\\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE)\\s[^\"\\n]*(%[1-9]|\\{\\})"_s),
             u"a hole in an SQL text: bind values to placeholders"_s},
            {u"using-namespace"_s, header, Reading::Code, expression(u"^\\s*using namespace "_s),
             u"a header changes no one's names"_s},
            {u"skipped"_s, tests, Reading::Code, expression(u"\\b(QSKIP|QEXPECT_FAIL)\\s*\\("_s),
             u"a test that does not test is left out"_s},
            {u"slept"_s, tests, Reading::Code, expression(u"\\b(qWait|qSleep)\\s*\\("_s),
             u"wait for the event (QTRY_*, QSignalSpy), not for the clock"_s},
            {u"include-guard"_s, cpp, Reading::Code, expression(u"^#ifndef \\w+_H_?$"_s),
             u"use #pragma once"_s},
        };
    }();
    return list;
}

/// The comment that starts the licence line in a file of that suffix; empty where none is asked for.
QString licenceLine(const QString &path)
{
    static const QString words = u"SPDX-License-Identifier: GPL-3.0-or-later"_s;
    const auto suffix = path.section(u'.', -1);
    if (suffix == u"h"_s || suffix == u"cpp"_s || suffix == u"mjs"_s)
        return u"// "_s + words;
    if (suffix == u"sh"_s || suffix == u"py"_s || suffix == u"cmake"_s || path.endsWith(u"CMakeLists.txt"_s))
        return u"# "_s + words;
    return {};
}

void checkLicence(const QString &path, const QStringList &lines, Findings &findings)
{
    const auto wanted = licenceLine(path);
    if (wanted.isEmpty())
        return;
    const bool isScript = lines.value(0).startsWith(u"#!"_s) || lines.value(0).startsWith(u"# shellcheck"_s);
    if (lines.value(isScript ? 1 : 0) != wanted)
        findings.push_back(
            {.file = path, .line = 1, .rule = u"licence"_s, .words = u"begin with: "_s + wanted});
}

void checkPragmaOnce(const QString &path, const QStringList &lines, Findings &findings)
{
    if (path.endsWith(u".h"_s) && lines.value(1) != u"#pragma once"_s)
        findings.push_back({.file = path,
                            .line = 2,
                            .rule = u"include-guard"_s,
                            .words = u"#pragma once is the second line"_s});
}

/// QLabel and QMessageBox guess by themselves whether a text is HTML; a file that makes one says that it is
/// not.
void checkPlainText(const QString &path, const QString &code, Findings &findings)
{
    if (!path.startsWith(u"ui/"_s))
        return;
    static const QRegularExpression label(u"\\b(new QLabel\\b|\\bQMessageBox \\w+|new QMessageBox\\b)"_s);
    const auto match = label.match(code);
    if (match.hasMatch() && !code.contains(u"PlainText"_s) && !code.contains(u"plainLabel"_s)) {
        findings.push_back(
            {.file = path,
             .line = lineAt(code, match.capturedStart()),
             .rule = u"markup"_s,
             .words = u"say setTextFormat(Qt::PlainText), or take a label of ui/widgets that does"_s});
    }
}

} // namespace

Findings checkSource(const QString &path, const QString &text)
{
    Findings findings;
    auto lines = text.split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    checkLicence(path, lines, findings);
    checkPragmaOnce(path, lines, findings);
    static const QRegularExpression counted(u"\\.(h|cpp|py|sh|mjs)$"_s);
    if (lines.size() > kMaxLines && counted.match(path).hasMatch()) {
        findings.push_back(
            {.file = path,
             .line = int(lines.size()),
             .rule = u"length"_s,
             .words = u"longer than %1 lines: which two reasons to exist does it have?"_s.arg(kMaxLines)});
    }

    const bool isCpp = path.endsWith(u".h"_s) || path.endsWith(u".cpp"_s);
    const auto source = isCpp ? SourceText::read(text) : SourceText{.code = text, .literals = text};
    checkPlainText(path, source.code, findings);
    for (const auto &pattern : patterns()) {
        if (!pattern.where.match(path).hasMatch())
            continue;
        const std::array<const QString *, 3> readings{&source.code, &source.literals, &text};
        const auto &reading = *readings[size_t(pattern.reading)];
        for (auto matches = pattern.what.globalMatch(reading); matches.hasNext();) {
            const auto match = matches.next();
            findings.push_back({.file = path,
                                .line = lineAt(reading, match.capturedStart()),
                                .rule = pattern.rule,
                                .words = u"'%1': %2"_s.arg(match.captured().trimmed(), pattern.words)});
        }
    }
    return findings;
}

} // namespace portolan::arch

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/textpage.h"

#include "ui/widgets/format.h"
#include "ui/widgets/plaintext.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// Characters that mean something to QTextDocument: frame borders and the place of an embedded object.
bool isDocumentCharacter(QChar c)
{
    return (c >= QChar(0xFDD0) && c <= QChar(0xFDEF)) || c == QChar::ObjectReplacementCharacter;
}

QString withMarks(const QString &line)
{
    QString out = shown(line, Lines::Many);
    if (std::ranges::any_of(out, isDocumentCharacter)) {
        for (QChar &c : out) {
            if (isDocumentCharacter(c))
                c = QChar::ReplacementCharacter;
        }
    }
    return out;
}

} // namespace

TextPage textPage(std::string_view source, std::size_t from, std::size_t bytes)
{
    TextPage page;
    std::size_t at = std::min(from, source.size());
    std::size_t taken = 0;
    while (at < source.size() && taken < bytes) {
        const auto feed = source.find('\n', at);
        const std::size_t end = feed == std::string_view::npos ? source.size() : feed;
        std::string_view line = source.substr(at, end - at);
        if (line.ends_with('\r') && end < source.size())
            line.remove_suffix(1);
        if (at != from)
            page.text += u'\n';
        // At most four bytes make a character, so no more than this is decoded of a line that will be cut.
        const std::size_t enough = std::min<std::size_t>(line.size(), 4 * (std::size_t(kLineLimit) + 1));
        const QString decoded = QString::fromUtf8(line.data(), qsizetype(enough));
        if (decoded.size() <= kLineLimit) {
            page.text += withMarks(decoded);
            taken += line.size() + 1;
        } else {
            const bool inPair = decoded[kLineLimit - 1].isHighSurrogate();
            const QString kept = decoded.first(inPair ? kLineLimit - 1 : kLineLimit);
            const std::size_t keptBytes = std::size_t(kept.toUtf8().size());
            page.text += withMarks(kept);
            page.text += QCoreApplication::translate("TextPage", " … (line cut, %1 more)")
                             .arg(format::bytes(line.size() - std::min(keptBytes, line.size())));
            ++page.cutLines;
            taken += keptBytes;
        }
        at = feed == std::string_view::npos ? source.size() : feed + 1;
    }
    page.end = at;
    return page;
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/arch/sourcetext.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::arch {
namespace {

/// End of the literal whose opening quote stands at `open`: the position behind the closing quote.
qsizetype literalEnd(const QString &text, qsizetype open)
{
    const QChar quote = text[open];
    for (qsizetype i = open + 1; i < text.size(); ++i) {
        if (text[i] == u'\\')
            ++i;
        else if (text[i] == quote || text[i] == u'\n')
            return i + 1;
    }
    return text.size();
}

/// The same for R"tag( ... )tag".
qsizetype rawLiteralEnd(const QString &text, qsizetype open)
{
    const auto parenthesis = text.indexOf(u'(', open);
    if (parenthesis < 0)
        return text.size();
    const QString closing = u')' + text.mid(open + 1, parenthesis - open - 1) + u'"';
    const auto end = text.indexOf(closing, parenthesis);
    return end < 0 ? text.size() : end + closing.size();
}

bool isDigitSeparator(const QString &text, qsizetype at)
{
    return at > 0 && text[at] == u'\'' && text[at - 1].isLetterOrNumber() && at + 1 < text.size()
        && text[at + 1].isLetterOrNumber() && text[at - 1] != u'u' && text[at - 1] != u'L';
}

void blank(QString &text, qsizetype from, qsizetype to)
{
    for (auto i = from; i < to; ++i) {
        if (text[i] != u'\n')
            text[i] = u' ';
    }
}

} // namespace

SourceText SourceText::read(const QString &text)
{
    SourceText result{.code = text, .literals = text};
    qsizetype i = 0;
    while (i < text.size()) {
        const auto pair = QStringView(text).mid(i, 2);
        if (pair == u"//" || pair == u"/*") {
            const bool isLine = pair == u"//";
            auto end = text.indexOf(isLine ? u"\n"_s : u"*/"_s, i + 2);
            end = end < 0 ? text.size() : end + (isLine ? 0 : 2);
            blank(result.code, i, end);
            blank(result.literals, i, end);
            i = end;
        } else if (text[i] == u'"' || (text[i] == u'\'' && !isDigitSeparator(text, i))) {
            const bool isRaw = text[i] == u'"' && i > 0 && text[i - 1] == u'R';
            const auto end = isRaw ? rawLiteralEnd(text, i) : literalEnd(text, i);
            blank(result.code, i + 1, std::max(i + 1, end - 1));
            i = end;
        } else {
            ++i;
        }
    }
    return result;
}

int lineAt(const QString &text, qsizetype position)
{
    return 1 + int(QStringView(text).left(position).count(u'\n'));
}

} // namespace portolan::arch

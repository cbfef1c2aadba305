// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plaintext.h"

#include <QChar>
#include <QStringDecoder>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

bool isInvisible(char32_t c)
{
    // Fillers are letters to Unicode but draw nothing, and so do the variation selectors.
    if (c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x034F
        || (c >= 0x17B4 && c <= 0x17B5))
        return true;
    if ((c >= 0x180B && c <= 0x180F) || (c >= 0xE0100 && c <= 0xE01EF))
        return true;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    default: return false;
    }
}

void appendMark(QString &out, char32_t c)
{
    if (c < 0x20)
        out += QChar(char16_t(0x2400 + c)); // the pictures of the control characters
    else if (c == 0x7F)
        out += QChar(u'\u2421');
    else
        out += u"[U+%1]"_s.arg(QString::number(uint(c), 16).toUpper().rightJustified(4, u'0'));
}

} // namespace

QString shown(QStringView foreign, Lines lines)
{
    QString out;
    out.reserve(std::min(foreign.size(), kLineLimit) + 16);
    qsizetype column = 0;
    bool cut = false;
    for (qsizetype i = 0; i < foreign.size(); ++i) {
        char32_t c = foreign[i].unicode();
        if (QChar::isHighSurrogate(c) && i + 1 < foreign.size() && foreign[i + 1].isLowSurrogate())
            c = QChar::surrogateToUcs4(char16_t(c), foreign[++i].unicode());
        if (lines == Lines::Many && c == u'\n') {
            out += u'\n';
            column = 0;
            cut = false;
            continue;
        }
        if (cut)
            continue;
        if (++column > kLineLimit) {
            out += u'\u2026';
            if (lines == Lines::One)
                break;
            cut = true;
            continue;
        }
        if (lines == Lines::Many && c == u'\t')
            out += u'\t';
        else if (isInvisible(c))
            appendMark(out, c);
        else
            out += QChar::fromUcs4(c);
    }
    return out;
}

QString shown(std::string_view foreign, Lines lines)
{
    // One line never shows more than its limit, so a huge text is not decoded whole.
    const auto most = lines == Lines::One ? size_t(kLineLimit) * 4 + 4 : foreign.size();
    return shown(QString::fromUtf8(foreign.substr(0, most)), lines);
}

QString plainToolTip(QStringView foreign)
{
    constexpr qsizetype kTipLimit = 1000;
    QString text = shown(foreign.left(kTipLimit), Lines::Many);
    if (foreign.size() > kTipLimit)
        text += u'\u2026';
    return u"<span style=\"white-space:pre-wrap\">"_s + text.toHtmlEscaped() + u"</span>"_s;
}

} // namespace portolan::ui

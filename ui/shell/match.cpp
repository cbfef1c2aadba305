// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/match.h"

#include <QList>

#include <algorithm>

namespace portolan::ui {

namespace {

constexpr int kAtStart = 1000;
constexpr int kAtWord = 800;
constexpr int kInside = 500;
constexpr int kSpread = 200;
constexpr int kMostSteps = 2000; ///< of a search that grows with what was typed; real names take some dozens

bool startsWord(QStringView text, qsizetype at)
{
    return at == 0 || (text[at].isLetterOrNumber() && !text[at - 1].isLetterOrNumber());
}

bool same(QChar a, QChar b)
{
    return a.toCaseFolded() == b.toCaseFolded();
}

/// The rest of `typed` as runs that each begin a word of `text` from `from` on.
bool spread(QStringView text, QStringView typed, qsizetype from, std::vector<Match::Range> &ranges,
            int &budget)
{
    if (typed.isEmpty())
        return true;
    for (qsizetype at = from; at < text.size() && budget > 0; ++at) {
        --budget;
        if (!startsWord(text, at) || !same(text[at], typed[0]))
            continue;
        qsizetype length = 0;
        while (length < typed.size() && at + length < text.size() && same(text[at + length], typed[length]))
            ++length;
        for (; length > 0; --length) { // a shorter run may let the rest begin another word
            ranges.push_back({at, length});
            if (spread(text, typed.sliced(length), at + length, ranges, budget))
                return true;
            ranges.pop_back();
        }
    }
    return false;
}

std::optional<Match> matchWord(QStringView text, QStringView word)
{
    qsizetype inside = -1;
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        if (startsWord(text, at)) {
            const int penalty = int(std::min<qsizetype>(at, 100));
            return Match{(at == 0 ? kAtStart : kAtWord) - penalty, {{at, word.size()}}};
        }
        if (inside < 0)
            inside = at;
    }
    if (inside >= 0)
        return Match{kInside - int(std::min<qsizetype>(inside, 100)), {{inside, word.size()}}};
    Match found{kSpread, {}};
    int budget = kMostSteps;
    if (!spread(text, word, 0, found.ranges, budget))
        return {};
    found.score -= int(found.ranges.size()) * 10;
    return found;
}

} // namespace

std::optional<Match> match(QStringView text, QStringView typed)
{
    Match all;
    for (const QStringView word : typed.split(u' ', Qt::SkipEmptyParts)) {
        const auto found = matchWord(text, word);
        if (!found)
            return {};
        all.score += found->score;
        all.ranges.insert(all.ranges.end(), found->ranges.begin(), found->ranges.end());
    }
    std::ranges::sort(all.ranges, {}, &Match::Range::from);
    return all;
}

} // namespace portolan::ui

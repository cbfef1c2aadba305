// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/routewords.h"

#include "ui/logs/errorwords.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(RouteWords)
};

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

QString placed(const QString &name, const std::string &pointer)
{
    return pointer.empty() ? name : Words::tr("%1 at %2", "a target and its place").arg(name, text(pointer));
}

QString nameOf(const trace::Attempt &attempt)
{
    QString name = attempt.slug.empty() ? text(attempt.provider) : u'@' + text(attempt.slug);
    if (name.isEmpty())
        name = Words::tr("the target");
    return attempt.model.empty() ? name : name + u'/' + text(attempt.model);
}

bool isTimeOut(const std::string &code)
{
    return code == "request.timeout" || (code.starts_with("upstream.") && code.ends_with("_timeout"));
}

QString endOf(const trace::Attempt &attempt)
{
    if (attempt.error_code.empty())
        return attempt.end_us < 0 ? Words::tr("is being asked") : Words::tr("answered");
    if (isTimeOut(attempt.error_code))
        return Words::tr("timed out");
    if (attempt.status >= 400)
        return Words::tr("answered %1").arg(attempt.status);
    const QString known = errorWords(attempt.error_code);
    return Words::tr("failed (%1)").arg(known.isEmpty() ? text(attempt.error_code) : known);
}

QString timesWords(int times)
{
    return times == 1 ? QString() : u' ' + Words::tr("%1 times").arg(times);
}

} // namespace

QString routeWords(const trace::Record &record)
{
    const auto &attempts = record.attempts;
    if (record.config.empty() || (attempts.empty() && record.skipped.empty()))
        return {};
    QStringList parts;
    const auto addSkipped = [&](std::size_t before) {
        for (const trace::Skipped &skipped : record.skipped) {
            if (std::min(skipped.before_attempt, attempts.size()) == before)
                parts += Words::tr("%1 was passed over: %2")
                             .arg(placed(text(skipped.label), skipped.pointer), text(skipped.reason));
        }
    };
    int times = 0; // calls of one target that ended alike make one part
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        if (times == 0)
            addSkipped(i);
        ++times;
        const trace::Attempt &attempt = attempts[i];
        const bool again = i + 1 < attempts.size() && attempts[i + 1].pointer == attempt.pointer
            && endOf(attempts[i + 1]) == endOf(attempt);
        if (again)
            continue;
        parts += placed(nameOf(attempt), attempt.pointer) + u' ' + endOf(attempt) + timesWords(times);
        times = 0;
    }
    addSkipped(attempts.size());
    if (parts.size() == 1 && attempts.size() == 1 && attempts.front().error_code.empty()
        && !attempts.front().chosen_by.empty())
        parts.back() += Words::tr(" (%1)", "why it was chosen").arg(text(attempts.front().chosen_by));
    // What the core says of the last one: why nothing followed.
    if (!attempts.empty() && !attempts.back().error_code.empty() && !attempts.back().then.empty())
        parts += text(attempts.back().then);
    return parts.join(u"; "_s) + u'.';
}

} // namespace portolan::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QDateTime>
#include <QString>

#include <cstdint>
#include <string>
#include <utility>

namespace portolan::control {

/// A refusal of something the person asked for, in translated words.
[[nodiscard]] inline std::unexpected<Error> refused(std::string code, const QString &message)
{
    return fail({.origin = Origin::Client, .code = std::move(code), .message = message.toStdString()});
}

/// A stored time, microseconds since 1970; 0 is an invalid one: never.
[[nodiscard]] inline QDateTime fromUs(std::int64_t us)
{
    return us == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(us / 1000);
}

/// Likewise the other way.
[[nodiscard]] inline std::int64_t toUs(const QDateTime &time)
{
    return time.isValid() ? time.toMSecsSinceEpoch() * 1000 : 0;
}

} // namespace portolan::control

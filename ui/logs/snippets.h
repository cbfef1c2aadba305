// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/record.h"

#include <QString>

namespace portolan::ui {

/// A command line for a POSIX shell that sends the request to this gateway again. `$PORTOLAN_KEY` stands for
/// the client key, and no recorded credential is in it. "logs.body_missing" when the body was not kept whole.
[[nodiscard]] Result<QString> curlFor(const trace::Record &record, const QString &base_url);

/// The whole record as JSON, for tickets and scripts: times in microseconds, money in nano-dollars; what is
/// unknown is null.
[[nodiscard]] QByteArray recordToJson(const trace::Record &record);

} // namespace portolan::ui

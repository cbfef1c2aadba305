// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <string>

namespace portolan::app {

/// The text of a file, of standard input for "-": at most 2 MiB of UTF-8.
Result<std::string> readTextFile(const QString &path);

} // namespace portolan::app

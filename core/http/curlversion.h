// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace portolan::http {

/// Of the libcurl that runs, e.g. "7.88.1": it may be newer than the one this was built with.
[[nodiscard]] std::string curlVersion();

} // namespace portolan::http

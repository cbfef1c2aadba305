// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/http/scriptedupstream.h"

#include <string>

namespace portolan::test {

/// A self-signed certificate for `alternative_names` as OpenSSL writes them ("DNS:localhost,IP:127.0.0.1"),
/// valid from yesterday until `days` from now; negative: expired.
[[nodiscard]] Certificate makeCertificate(const std::string &alternative_names, int days = 30);

} // namespace portolan::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>

#include <QJsonObject>

#include <string>

namespace portolan::test {

/// The key of serviceAccountFile(), made once for the process.
[[nodiscard]] EVP_PKEY *serviceAccountKey();
/// A service account's file as Google hands it out.
[[nodiscard]] QJsonObject serviceAccountFile();
[[nodiscard]] std::string toJsonText(const QJsonObject &object);

} // namespace portolan::test

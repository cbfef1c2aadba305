// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/curlversion.h"

#include <curl/curl.h>

namespace portolan::http {

std::string curlVersion()
{
    return curl_version_info(CURLVERSION_NOW)->version;
}

} // namespace portolan::http

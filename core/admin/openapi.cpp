// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/openapi.h"

// The assembler reads the file into this object, as in core/catalog/shipped.cpp.
asm(".pushsection .rodata.portolan_openapi, \"a\"\n"
    ".global portolan_openapi\n"
    ".hidden portolan_openapi\n"
    "portolan_openapi:\n"
    ".incbin \"" PORTOLAN_OPENAPI "\"\n"
    ".global portolan_openapi_end\n"
    ".hidden portolan_openapi_end\n"
    "portolan_openapi_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char portolan_openapi[];
extern const char portolan_openapi_end[];
}

namespace portolan::admin {

std::string_view openApi()
{
    return {portolan_openapi, portolan_openapi_end};
}

void showOpenApi(const Call &call)
{
    call.answer.send(std::string(openApi()));
}

} // namespace portolan::admin

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/catalog.h"

#include <cstdlib>

// The assembler reads the two files into this object: nothing is looked up at run time and no build step
// needs a script. CMakeLists.txt names the files as inputs of this one. The directive is spelled with its
// quote so that ccache sees it and leaves this object alone.
asm(".pushsection .rodata.portolan_catalog, \"a\"\n"
    ".global portolan_catalog_providers\n"
    ".hidden portolan_catalog_providers\n"
    "portolan_catalog_providers:\n"
    ".incbin \"" PORTOLAN_CATALOG_DATA "/providers.txt\"\n"
    ".global portolan_catalog_models\n"
    ".hidden portolan_catalog_models\n"
    "portolan_catalog_models:\n"
    ".incbin \"" PORTOLAN_CATALOG_DATA "/models.txt\"\n"
    ".global portolan_catalog_end\n"
    ".hidden portolan_catalog_end\n"
    "portolan_catalog_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char portolan_catalog_providers[];
extern const char portolan_catalog_models[];
extern const char portolan_catalog_end[];
}

namespace portolan::catalog {

std::shared_ptr<const Catalog> Catalog::shipped()
{
    static const std::shared_ptr<const Catalog> catalog = [] {
        auto parsed = parse({portolan_catalog_providers, portolan_catalog_models},
                            {portolan_catalog_models, portolan_catalog_end});
        if (!parsed)
            std::abort(); // a build whose own data is broken; tst_catalog fails first
        return *std::move(parsed);
    }();
    return catalog;
}

} // namespace portolan::catalog

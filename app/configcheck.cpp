// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/configcheck.h"

#include "app/commandline.h"
#include "app/output.h"
#include "app/textfile.h"
#include "core/control/commands.h"
#include "core/control/configtext.h"

#include <vector>

namespace portolan::app {

using namespace Qt::StringLiterals;

Result<int> checkConfig(const QString &file, Voice voice)
{
    const auto text = readTextFile(file);
    if (!text)
        return fail(text.error());
    // Which accounts there are is not looked up; a config that a request brings may hold credentials.
    const routing::Installation installation{.providers
                                             = control::knownProviders(*catalog::Catalog::shipped())};
    auto problems = control::readConfigText(*text, Redactor(), installation, routing::Keeping::Read).problems;
    std::erase_if(problems,
                  [](const routing::Problem &problem) { return problem.code == "lint.unknown_slug"; });
    const bool fails = routing::hasErrors(problems);
    printProblems(file, control::toJson(problems, *text), voice);
    return fails ? kExitFailed : kExitDone;
}

} // namespace portolan::app

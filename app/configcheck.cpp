// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/configcheck.h"

#include "app/commandline.h"
#include "app/output.h"
#include "app/textfile.h"
#include "core/control/commands.h"
#include "core/control/configtext.h"

namespace portolan::app {

using namespace Qt::StringLiterals;

Result<int> checkConfig(const QString &file, Voice voice)
{
    const auto text = readTextFile(file);
    if (!text)
        return fail(text.error());
    // A config in a header may hold credentials; only a saved one may not.
    const auto problems = control::readConfigText(*text, Redactor(), routing::Severity::Warning).problems;
    const bool fails = routing::hasErrors(problems);
    printProblems(file, control::toJson(problems, *text), voice);
    return fails ? kExitFailed : kExitDone;
}

} // namespace portolan::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/snippets.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portolan::ui {

QStringList snippetTitles()
{
    return {QCoreApplication::translate("portolan::ui::snippets", "Environment"), u"curl"_s, u"Python"_s,
            u"JavaScript"_s};
}

QString snippet(SnippetKind kind, const QString &baseUrl, const QString &model)
{
    switch (kind) {
    case SnippetKind::Environment:
        return u"export OPENAI_BASE_URL=%1\n"
               "export OPENAI_API_KEY=$PORTOLAN_KEY"_s.arg(baseUrl);
    case SnippetKind::Curl:
        return u"curl %1/chat/completions \\\n"
               "  -H \"Authorization: Bearer $PORTOLAN_KEY\" \\\n"
               "  -H \"Content-Type: application/json\" \\\n"
               "  -d '{\"model\": \"%2\", \"messages\":\n"
               "       [{\"role\": \"user\", \"content\": \"Hello\"}]}'"_s.arg(baseUrl, model);
    case SnippetKind::Python:
        return u"import os\n"
               "from openai import OpenAI\n"
               "client = OpenAI(base_url=\"%1\",\n"
               "                api_key=os.environ[\"PORTOLAN_KEY\"])\n"
               "reply = client.chat.completions.create(model=\"%2\",\n"
               "    messages=[{\"role\": \"user\", \"content\": \"Hello\"}])\n"
               "print(reply.choices[0].message.content)"_s.arg(baseUrl, model);
    case SnippetKind::JavaScript:
        return u"import OpenAI from \"openai\";\n"
               "const client = new OpenAI({baseURL: \"%1\",\n"
               "                           apiKey: process.env.PORTOLAN_KEY});\n"
               "const reply = await client.chat.completions.create({model: \"%2\",\n"
               "    messages: [{role: \"user\", content: \"Hello\"}]});\n"
               "console.log(reply.choices[0].message.content);"_s.arg(baseUrl, model);
    }
    return {};
}

} // namespace portolan::ui

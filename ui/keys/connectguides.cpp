// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/connectguides.h"

#include "ui/widgets/snippets.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

/// The context of this file's translations.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(ConnectGuides)
};

QString inShell()
{
    return Words::tr("In the shell");
}

std::pair<QString, QString> keyVariable(const QString &name)
{
    return {name,
            Words::tr("A client key of this gateway. Put it in PORTOLAN_KEY, where other programs "
                      "find it too, or write it here.")};
}

Guide claudeCode(const GuideTarget &to)
{
    QString root = to.baseUrl;
    if (root.endsWith(u"/v1"))
        root.chop(3);
    return {
        .id = u"claude-code"_s,
        .name = u"Claude Code"_s,
        .intro = Words::tr("Speaks Anthropic's Messages API. A default config on its key decides where "
                           "the names it asks for lead; without one the name has to say it."),
        .steps
        = {{.where = inShell(),
            .text = u"export ANTHROPIC_BASE_URL=%1\n"
                    "export ANTHROPIC_AUTH_TOKEN=$PORTOLAN_KEY\n"
                    "export ANTHROPIC_MODEL=%2\n"
                    "export ANTHROPIC_DEFAULT_HAIKU_MODEL=%2\n"
                    "export ENABLE_TOOL_SEARCH=true\n"
                    "claude"_s.arg(root, to.model),
            .explained
            = {{u"ANTHROPIC_BASE_URL"_s, Words::tr("Where it calls. Without /v1: it adds that by itself.")},
               keyVariable(u"ANTHROPIC_AUTH_TOKEN"_s),
               {u"ANTHROPIC_MODEL"_s,
                Words::tr("The model of the conversation. Leave it out if the key has a default config.")},
               {u"ANTHROPIC_DEFAULT_HAIKU_MODEL"_s,
                Words::tr("The model of small tasks in the background. A cheap one will do.")},
               {u"ENABLE_TOOL_SEARCH"_s,
                Words::tr("At an address that is not Anthropic's, tool search is off and every request "
                          "carries the descriptions of all tools. This turns it on again.")}}}}};
}

Guide codex(const GuideTarget &to)
{
    return {
        .id = u"codex"_s,
        .name = u"Codex"_s,
        .intro = Words::tr("Speaks the Responses API. It is read at its start, so start it again after a "
                           "change."),
        .steps
        = {{.where = Words::tr("In ~/.codex/config.toml"),
            .text = u"model = \"%2\"\n"
                    "model_provider = \"portolan\"\n"
                    "\n"
                    "[model_providers.portolan]\n"
                    "name = \"Portolan\"\n"
                    "base_url = \"%1\"\n"
                    "env_key = \"PORTOLAN_KEY\"\n"
                    "wire_api = \"responses\"\n"
                    "supports_websockets = false"_s.arg(to.baseUrl, to.model),
            .explained
            = {{u"model_provider"_s,
                Words::tr("Chooses the table below; without it Codex calls OpenAI. Both lines "
                          "stand above all tables of the file.")},
               {u"env_key"_s, Words::tr("The name of the variable that holds the client key, not the key.")},
               {u"wire_api"_s, Words::tr("The only one Codex still has.")},
               {u"supports_websockets"_s,
                Words::tr("Codex would try a WebSocket several times before it calls over HTTP.")}}},
           {.where = inShell(), .text = u"export PORTOLAN_KEY=YOUR-CLIENT-KEY"_s}}};
}

Guide continueDev(const GuideTarget &to)
{
    return {.id = u"continue"_s,
            .name = u"Continue"_s,
            .intro = Words::tr("Reads a file for its models and another one for their keys."),
            .steps
            = {{.where = Words::tr("In ~/.continue/config.yaml"),
                .text = u"name: Portolan\n"
                        "version: 0.0.1\n"
                        "schema: v1\n"
                        "models:\n"
                        "  - name: Portolan\n"
                        "    provider: openai\n"
                        "    model: \"%2\"\n"
                        "    apiBase: %1\n"
                        "    apiKey: ${{ secrets.PORTOLAN_KEY }}\n"
                        "    roles: [chat, edit, apply]"_s.arg(to.baseUrl, to.model),
                .explained
                = {{u"provider"_s, Words::tr("openai means: any server with OpenAI's API, at apiBase.")},
                   {u"model"_s, Words::tr("In quotes: YAML keeps @ for itself.")},
                   {u"roles"_s,
                    Words::tr("Leave autocomplete out unless the model is quick and cheap: "
                              "it calls with almost every key you press.")}}},
               {.where = Words::tr("In ~/.continue/.env"), .text = u"PORTOLAN_KEY=YOUR-CLIENT-KEY"_s}}};
}

Guide cline(const GuideTarget &to)
{
    return {.id = u"cline"_s,
            .name = u"Cline"_s,
            .intro = Words::tr("Is set up in its own settings, behind the gear of its panel."),
            .steps
            = {{.where = Words::tr("In its settings"),
                .text = u"API Provider   OpenAI Compatible\n"
                        "Base URL       %1\n"
                        "API Key        YOUR-CLIENT-KEY\n"
                        "Model ID       %2"_s.arg(to.baseUrl, to.model),
                .explained = {{u"Base URL"_s, Words::tr("With /v1.")},
                              {u"API Key"_s, Words::tr("A client key of this gateway. Cline keeps it.")},
                              {u"Model ID"_s, Words::tr("As typed: Cline does not look the name up.")}}}}};
}

Guide opencode(const GuideTarget &to)
{
    return {
        .id = u"opencode"_s,
        .name = u"opencode"_s,
        .intro = Words::tr("Takes a provider of its own in its settings file."),
        .steps
        = {{.where = Words::tr("In ~/.config/opencode/opencode.json, or in the project's opencode.json"),
            .text = u"{\n"
                    "  \"$schema\": \"https://opencode.ai/config.json\",\n"
                    "  \"model\": \"portolan/%2\",\n"
                    "  \"provider\": {\n"
                    "    \"portolan\": {\n"
                    "      \"npm\": \"@ai-sdk/openai-compatible\",\n"
                    "      \"name\": \"Portolan\",\n"
                    "      \"options\": {\n"
                    "        \"baseURL\": \"%1\",\n"
                    "        \"apiKey\": \"{env:PORTOLAN_KEY}\"\n"
                    "      },\n"
                    "      \"models\": { \"%2\": {} }\n"
                    "    }\n"
                    "  }\n"
                    "}"_s.arg(to.baseUrl, to.model),
            .explained
            = {{u"model"_s, Words::tr("The provider's name here, then the model as this gateway calls it.")},
               {u"apiKey"_s,
                Words::tr("Read from the variable PORTOLAN_KEY. There is no $ in this spelling.")},
               {u"models"_s, Words::tr("What opencode offers to choose from; add more by their names.")}}},
           {.where = inShell(), .text = u"export PORTOLAN_KEY=YOUR-CLIENT-KEY"_s}}};
}

Guide aider(const GuideTarget &to)
{
    return {.id = u"aider"_s,
            .name = u"Aider"_s,
            .intro = Words::tr("Is set up by two variables, or by the same names in its .env file."),
            .steps
            = {{.where = inShell(),
                .text = u"export OPENAI_API_BASE=%1\n"
                        "export OPENAI_API_KEY=$PORTOLAN_KEY\n"
                        "aider --model openai/%2"_s.arg(to.baseUrl, to.model),
                .explained = {{u"OPENAI_API_BASE"_s, Words::tr("Where it calls, with /v1.")},
                              keyVariable(u"OPENAI_API_KEY"_s),
                              {u"openai/"_s,
                               Words::tr("Tells Aider which API to speak. It takes that part off before it "
                                         "calls.")}}}}};
}

Guide sdks(const GuideTarget &to)
{
    Guide guide{.id = u"sdk"_s,
                .name = Words::tr("Your own program"),
                .intro = Words::tr("Whatever takes an address and a key can call: SDKs of OpenAI, Anthropic, "
                                   "Google and Portkey among them.")};
    const QStringList titles = snippetTitles();
    for (int i = 0; i < kSnippetKinds; ++i)
        guide.steps.push_back({.where = titles[i], .text = snippet(SnippetKind(i), to.baseUrl, to.model)});
    guide.steps.front().explained = {
        {u"OPENAI_BASE_URL"_s, Words::tr("OpenAI's SDKs read it unless the program sets an address itself.")},
        keyVariable(u"OPENAI_API_KEY"_s)};
    return guide;
}

Guide cursor()
{
    return {.id = u"cursor"_s,
            .name = u"Cursor"_s,
            .intro = Words::tr("Cursor cannot call this gateway. It sends your requests to its own servers, "
                               "and those call the address you set: 127.0.0.1 is then their computer, not "
                               "yours. It would need a public tunnel to this one, which Portolan does not "
                               "provide.")};
}

} // namespace

std::vector<Guide> guides(const GuideTarget &target)
{
    return {claudeCode(target), codex(target), continueDev(target), cline(target),
            opencode(target),   aider(target), sdks(target),        cursor()};
}

} // namespace portolan::ui

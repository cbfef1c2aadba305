// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/accountform.h"

#include <QTest>

#include <algorithm>

using namespace portolan;
using namespace portolan::catalog;

namespace {

const Provider &provider(std::string_view id)
{
    static const auto kCatalog = Catalog::shipped();
    return *kCatalog->provider(id);
}

std::string namesOf(const AccountForm &form)
{
    std::string names;
    for (const AccountField &field : form.fields)
        names.append(names.empty() ? "" : " ").append(field.name).append(field.required ? "!" : "");
    return names;
}

} // namespace

class TestAccountForm : public QObject
{
    Q_OBJECT

private slots:
    void asksForWhatTheProviderNeeds_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<std::string>("fields"); // '!': required
        QTest::addColumn<int>("credential");     // the usual form

        const auto row = [](const char *id, const char *fields, CredentialForm form) {
            QTest::newRow(id) << std::string(id) << std::string(fields) << int(form);
        };
        row("openai", "", CredentialForm::Key);
        row("anthropic", "", CredentialForm::Key);
        row("google", "", CredentialForm::Key);
        row("cohere", "", CredentialForm::Key);
        row("ollama", "", CredentialForm::None);
        row("bedrock", "region! profile", CredentialForm::AwsKeys);
        row("bedrock-mantle", "region!", CredentialForm::Key);
        row("azure-openai", "resource! deployment api_version", CredentialForm::Key);
        row("vertex-ai", "location! project token_uri", CredentialForm::ServiceAccount);
        row("cloudflare-ai-gateway", "account_id! gateway!", CredentialForm::Key);
        row("databricks", "host!", CredentialForm::Key);
    }

    void asksForWhatTheProviderNeeds()
    {
        QFETCH(std::string, id);
        QFETCH(std::string, fields);
        QFETCH(int, credential);

        const AccountForm form = accountForm(provider(id));
        QCOMPARE(form.unavailable, "");
        QCOMPARE(namesOf(form), fields);
        QCOMPARE(int(form.credentials.front()), credential);
        for (const AccountField &field : form.fields) {
            QVERIFY2(!field.label.empty() && !field.example.empty(), field.name.data());
            QCOMPARE(faultOf(field, field.example), "");
        }
    }

    void everyProviderCanBeCalledOrSaysThatItHasPricesOnly()
    {
        for (const Provider &one : Catalog::shipped()->providers()) {
            const AccountForm form = accountForm(one);
            QCOMPARE(form.credentials.empty(), !form.unavailable.empty());
            QVERIFY(form.unavailable.empty() || form.unavailable.starts_with("Prices only: "));
        }
        for (const char *id : {"sagemaker", "watsonx", "replicate", "azure-ai", "elevenlabs", "triton"})
            QVERIFY2(!accountForm(provider(id)).unavailable.empty(), id);
    }

    void everyTemplateIsFilledFromItsFields()
    {
        for (const Provider &one : Catalog::shipped()->providers()) {
            const AccountForm form = accountForm(one);
            if (!form.unavailable.empty() || form.needs_address)
                continue;
            AccountSettings settings;
            for (const AccountField &field : form.fields)
                settings[std::string(field.name)] = field.example;
            QVERIFY2(checkSettings(one, settings, {}), one.id.data());
            const auto url = filledUrl(urlTemplate(one, settings), settings);
            QVERIFY2(url && !url->contains('{'), one.id.data());
        }
    }

    void choosesTheAddress_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<AccountSettings>("settings");
        QTest::addColumn<std::string>("url");

        const auto row = [](const char *name, const char *id, AccountSettings settings, const char *url) {
            QTest::newRow(name) << std::string(id) << std::move(settings) << std::string(url);
        };
        row("bedrock", "bedrock", {{"region", "eu-central-1"}},
            "https://bedrock-runtime.eu-central-1.amazonaws.com");
        row("azure v1", "azure-openai", {{"resource", "acme"}}, "https://acme.openai.azure.com/openai/v1");
        row("azure classic", "azure-openai",
            {{"resource", "acme"}, {"deployment", "d"}, {"api_version", "2024-10-21"}},
            "https://acme.openai.azure.com/openai");
        row("vertex", "vertex-ai", {{"location", "us-central1"}, {"project", "p"}},
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1");
        row("vertex global", "vertex-ai", {{"location", "global"}, {"project", "p"}},
            "https://aiplatform.googleapis.com/v1/projects/p/locations/global");
        row("vertex eu", "vertex-ai", {{"location", "eu"}, {"project", "p"}},
            "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu");
        row("nothing to fill", "openai", {}, "https://api.openai.com/v1");
        row("a host", "databricks", {{"host", "dbc-1.cloud.databricks.com"}},
            "https://dbc-1.cloud.databricks.com/serving-endpoints");
    }

    void choosesTheAddress()
    {
        QFETCH(std::string, id);
        QFETCH(AccountSettings, settings);
        QFETCH(std::string, url);

        const auto filled = filledUrl(urlTemplate(provider(id), settings), settings);
        QVERIFY(filled);
        QCOMPARE(*filled, url);
    }

    // threat-model E5
    void noValueLeavesItsPlaceInTheAddress_data()
    {
        QTest::addColumn<std::string>("url");
        QTest::addColumn<std::string>("value");
        int number = 0;
        for (const char *url : {"https://{x}.example.com/v1", "https://x.example/{project}/v1"}) {
            for (const char *value :
                 {"evil.example/#", "a.b@host/", "../..", "..", ".", "?x=", "%0d%0a", "a\r\nb", "a b", "a{b}",
                  "\xc3\xa4", "a/b", "a\\b", "evil.example:80/", ""})
                QTest::addRow("%d", ++number) << std::string(url) << std::string(value);
        }
        QTest::newRow("user info") << std::string("https://{x}.example.com/v1") << std::string("me@evil");
        QTest::newRow("port") << std::string("https://{x}.example.com/v1") << std::string("evil:1");
    }

    void noValueLeavesItsPlaceInTheAddress()
    {
        QFETCH(std::string, url);
        QFETCH(std::string, value);

        const auto filled = filledUrl(url, {{"x", value}, {"project", value}});
        QVERIFY(!filled);
        QVERIFY(filled.error().code.starts_with("account."));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<AccountSettings>("settings");
        QTest::addColumn<std::string>("address");
        QTest::addColumn<std::string>("code"); // empty: nothing is wrong
        QTest::addColumn<std::string>("where");

        const auto row = [](const char *name, const char *id, AccountSettings settings, const char *address,
                            const char *code, const char *where) {
            QTest::newRow(name) << std::string(id) << std::move(settings) << std::string(address)
                                << std::string(code) << std::string(where);
        };
        row("nothing asked, nothing given", "openai", {}, "", "", "");
        row("unknown name", "openai", {{"region", "x"}}, "", "account.unknown_setting", "region");
        row("no region", "bedrock", {}, "", "account.missing_setting", "region");
        row("no region for a signed call elsewhere", "bedrock", {}, "http://127.0.0.1:9",
            "account.missing_setting", "region");
        row("bad region", "bedrock", {{"region", "us/east"}}, "", "account.bad_setting", "region");
        row("empty values are not there", "bedrock", {{"region", ""}}, "", "account.missing_setting",
            "region");
        row("an address of one's own has no resource", "azure-openai", {}, "https://apim.example/openai", "",
            "");
        row("an address with the part", "azure-openai", {}, "https://{resource}.openai.azure.us/openai",
            "account.missing_setting", "resource");
        row("deployment without a version", "azure-openai", {{"resource", "a"}, {"deployment", "d"}}, "",
            "account.missing_setting", "api_version");
        row("dated version without a deployment", "azure-openai",
            {{"resource", "a"}, {"api_version", "2024-10-21"}}, "", "account.missing_setting", "deployment");
        row("v1 preview", "azure-openai", {{"resource", "a"}, {"api_version", "preview"}}, "", "", "");
        row("token address in clear", "vertex-ai",
            {{"location", "us-central1"}, {"token_uri", "http://evil.example/"}}, "", "account.bad_setting",
            "token_uri");
        row("token address on this computer", "vertex-ai",
            {{"location", "us-central1"}, {"token_uri", "http://127.0.0.1:1234/token"}}, "", "", "");
    }

    void saysWhatIsWrong()
    {
        QFETCH(std::string, id);
        QFETCH(AccountSettings, settings);
        QFETCH(std::string, address);
        QFETCH(std::string, code);
        QFETCH(std::string, where);

        const auto checked = checkSettings(provider(id), settings, address);
        QCOMPARE(checked ? std::string() : checked.error().code, code);
        QCOMPARE(checked ? std::string() : checked.error().where, where);
        QVERIFY(checked || checked.error().message.ends_with('.'));
    }
};

QTEST_APPLESS_MAIN(TestAccountForm)
#include "tst_accountform.moc"

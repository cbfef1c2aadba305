// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalogtext.h"

#include <QTest>

using namespace portolan::catalog;

namespace {

std::string line(const std::string &id, const std::string &family, const std::string &more = {})
{
    return id + '\t' + id + "\tcloud\t" + family + (more.empty() ? "" : '\t' + more);
}

/// One provider of each kind that has rules of its own.
const SmallCatalog &small()
{
    static const SmallCatalog catalog(
        {
            line("azure-openai", "azure-openai", "aliases=azure"),
            line("bedrock", "bedrock"),
            line("huggingface", "openai"),
            line("maker", "openai", "aliases=mk"),
            "ollama\tOllama\tlocal\topenai\tfree_local=yes",
            line("openrouter", "openai"),
            line("vertex-ai", "vertex"),
        },
        {
            "[azure-openai]",
            "gpt-3.5-x\t\tchat",
            "gpt-4\t\tchat",
            "gpt-4.ft\t\tchat",
            "[bedrock]",
            "acme.new\t\tchat",
            "acme.one-v1:0\t\tchat",
            "eu.acme.new\t\tchat",
            "[huggingface]",
            "acme/one\t\tchat",
            "huggingface/own\t\tchat",
            "[maker]",
            "Model-A\tmodel-first\tchat",
            "deep-1.5\t\tchat",
            "family-0314\t\tchat\treleased=2023-03-14",
            "family-0613\t\tchat\treleased=2024-06-13",
            "family-1106\t\tchat\treleased=2023-11",
            "ft:deep-1.5\t\tchat",
            "long-2024-05-01\t\tchat",
            "long-20250101\t\tchat",
            "long-mini-2026-01-01\t\tchat",
            "num-001\t\tchat",
            "num-010\t\tchat",
            "only-here\t\tchat",
            "[openrouter]",
            "maker/model-a\t\tchat",
            "openrouter/auto\t\tchat\tvariable_price=yes",
            "maker/model-a:free\t\tchat",
            "[vertex-ai]",
            "acme/shared\t\tchat",
            "acme/single\t\tchat",
            "beta/shared\t\tchat",
            "claude-x@20250929\t\tchat",
            "plain\t\tchat",
        });
    return catalog;
}

std::string repeated(const std::string &piece, std::size_t bytes)
{
    std::string text;
    while (text.size() < bytes)
        text += piece;
    return text;
}

} // namespace

class TestResolve : public QObject
{
    Q_OBJECT

private slots:
    void followsTheReadmesTable_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("asked");
        QTest::addColumn<std::string>("entry"); // empty: unknown
        QTest::addColumn<std::string>("how");

        const auto cases = casesFrom("resolutions.json");
        QCOMPARE(cases.size(), 36);
        for (const auto &value : cases) {
            const auto one = value.toObject();
            QTest::newRow(qPrintable(one.value(QLatin1StringView("asked")).toString()))
                << text(one, "provider") << text(one, "asked") << text(one, "entry") << text(one, "how");
        }
    }

    void followsTheReadmesTable()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, asked);
        QFETCH(std::string, entry);
        QFETCH(std::string, how);

        const auto found = Catalog::shipped()->resolve(provider, asked);
        QCOMPARE(wordOf(found.match), how);
        QCOMPARE(found.model.has_value(), !entry.empty());
        if (!found.model)
            return;
        const bool at_maker = found.match == Match::MakersPrice;
        const auto id = std::string(found.model->id);
        QCOMPARE(at_maker ? std::string(found.model->provider) + '/' + id : id, entry);
        QVERIFY(at_maker || found.model->provider == provider);
        QCOMPARE(isEstimate(found.match), how == "undated" || at_maker);
    }

    void followsEachRule_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("asked");
        QTest::addColumn<std::string>("entry"); // empty: unknown
        QTest::addColumn<Match>("match");

        const auto row = [](const char *name, const std::string &provider, const std::string &asked,
                            const std::string &entry,
                            Match match) { QTest::newRow(name) << provider << asked << entry << match; };
        row("1: an alias of the provider", "MK", "model-a", "Model-A", Match::Exact);
        row("1: no such provider", "nobody", "model-a", "", Match::Unknown);
        row("2: an alias, in any case", "maker", "MODEL-FIRST", "Model-A", Match::Alias);
        row("3: models/", "maker", "models/model-a", "Model-A", Match::Unwrapped);
        row("3: models/ and nothing", "maker", "models/", "", Match::Unknown);
        row("3: the provider's own name", "maker", "Maker/Model-A", "Model-A", Match::Unwrapped);
        row("3: the provider's alias", "maker", "mk/model-a", "Model-A", Match::Unwrapped);
        row("3: another provider's name", "maker", "openai/model-a", "", Match::Unknown);
        row("3: two wrappers", "maker", "maker/models/model-a[1M]", "Model-A", Match::Unwrapped);
        row("3: a project's path", "vertex-ai", "projects/p/locations/l/publishers/q/models/plain", "plain",
            Match::Unwrapped);
        row("3: a publisher without a model", "vertex-ai", "publishers/q/models/", "", Match::Unknown);
        row("3: no vendor is taken off at Hugging Face", "huggingface", "huggingface/acme/one", "",
            Match::Unknown);
        row("3: an ARN", "bedrock", "arn:aws:bedrock:us-east-1::foundation-model/acme.one-v1:0",
            "acme.one-v1:0", Match::Unwrapped);
        row("3: an application profile tells no model", "bedrock",
            "arn:aws:bedrock:us-east-1:1:application-inference-profile/acme.one-v1:0", "", Match::Unknown);
        row("4: a tuned model with its own price", "maker", "ft:deep-1.5:org:name:id", "ft:deep-1.5",
            Match::FineTune);
        row("4: its base's date off", "maker", "ft:deep-1.5-2031-01-01:org::id", "ft:deep-1.5",
            Match::FineTune);
        row("4: the base's price", "maker", "ft:only-here:org::id", "only-here", Match::FineTuneBase);
        row("4: the undated base's price", "maker", "ft:only-here-20310101:org", "only-here",
            Match::FineTuneBase);
        row("4: no base", "maker", "ft::::", "", Match::Unknown);
        row("4: Azure's tuned model", "azure", "gpt-4.ft-0a1b", "gpt-4.ft", Match::FineTune);
        row("4: Azure's base", "azure", "gpt-3.5-x.ft-0a1b", "gpt-3.5-x", Match::FineTuneBase);
        row("4: two variants", "openrouter", "maker/model-a:online:nitro", "maker/model-a", Match::Variant);
        row("4: free is no variant", "openrouter", "maker/model-a:free", "maker/model-a:free", Match::Exact);
        row("4: a host is no variant", "huggingface", "acme/one:nobody", "", Match::Unknown);
        row("4: another router's variant", "huggingface", "acme/one:nitro", "", Match::Unknown);
        row("4: the cheapest host", "huggingface", "acme/one:cheapest", "acme/one", Match::Variant);
        row("5: a version left out", "bedrock", "acme.one", "", Match::Unknown);
        row("5: a context length", "bedrock", "acme.one-v1:0:200k", "acme.one-v1:0", Match::Spelling);
        row("5: a profile without its own entry", "bedrock", "us-gov.acme.new-v1:0", "acme.new",
            Match::RegionProfile);
        row("5: a profile with its own entry", "bedrock", "eu.acme.new-v1:0", "eu.acme.new",
            Match::RegionProfile);
        row("5: a profile and nothing", "bedrock", "eu.", "", Match::Unknown);
        row("5: -latest of Vertex", "vertex-ai", "plain@latest", "plain", Match::Spelling);
        row("5: a hyphen for the at sign", "vertex-ai", "claude-x-20250929", "claude-x@20250929",
            Match::Spelling);
        row("5: a vendor too many", "vertex-ai", "acme/plain", "plain", Match::Spelling);
        row("5: a vendor left out", "vertex-ai", "single", "acme/single", Match::Spelling);
        row("5: a vendor left out of two", "vertex-ai", "shared", "", Match::Unknown);
        row("5: gpt-35", "azure", "gpt-35-x", "gpt-3.5-x", Match::Spelling);
        row("5: a hyphen between digits", "maker", "deep-1-5", "deep-1.5", Match::Spelling);
        row("5: a point beside a letter", "maker", "model.a", "", Match::Unknown);
        row("6: a day with hyphens", "maker", "only-here-2031-12-31", "only-here", Match::Undated);
        row("6: a day with an at sign", "maker", "only-here@20311231", "only-here", Match::Undated);
        row("6: month and year", "maker", "only-here-12-2031", "only-here", Match::Undated);
        row("6: month and day", "maker", "only-here-1231", "only-here", Match::Undated);
        row("6: year and month", "maker", "only-here-3112", "only-here", Match::Undated);
        row("6: a number", "maker", "only-here-002", "only-here", Match::Undated);
        row("6: stages in a row", "maker", "only-here-exp-0101-preview-latest", "only-here", Match::Undated);
        row("6: with another spelling", "maker", "deep-1-5-latest", "deep-1.5", Match::Undated);
        row("6: no such day", "maker", "only-here-8192", "", Match::Unknown);
        row("6: no such month", "maker", "only-here-2031-13-01", "", Match::Unknown);
        row("6: the newest of two forms", "maker", "long", "long-20250101", Match::Undated);
        row("6: another's newest", "maker", "long-2030-01-01", "long-20250101", Match::Undated);
        row("6: the newest by release", "maker", "family", "family-0613", Match::Undated);
        row("6: the newest by number", "maker", "num", "num-010", Match::Undated);
        row("6: half a family's name", "maker", "lon", "", Match::Unknown);
        row("7: the maker's price", "openrouter", "mk/only-here:nitro", "only-here", Match::MakersPrice);
        row("7: the maker has no free one", "openrouter", "maker/only-here:free", "", Match::Unknown);
        row("7: an unknown maker", "openrouter", "nobody/only-here", "", Match::Unknown);
        row("7: only at OpenRouter", "huggingface", "maker/only-here", "", Match::Unknown);
        row("8: unknown", "maker", "my-private-model", "", Match::Unknown);
    }

    void followsEachRule()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, asked);
        QFETCH(std::string, entry);
        QFETCH(Match, match);

        QVERIFY(small().catalog);
        const auto found = small().catalog->resolve(provider, asked);
        QCOMPARE(wordOf(found.match), wordOf(match));
        QCOMPARE(found.model ? std::string(found.model->id) : std::string(), entry);
    }

    void triesTheAnswersNameSecond_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("asked");
        QTest::addColumn<std::string>("answered");
        QTest::addColumn<std::string>("entry");
        QTest::addColumn<Match>("match");

        const auto row = [](const char *name, const char *provider, const char *asked, const char *answered,
                            const char *entry, Match match) {
            QTest::newRow(name) << std::string(provider) << std::string(asked) << std::string(answered)
                                << std::string(entry) << match;
        };
        row("the request's name holds", "maker", "model-a", "deep-1.5", "Model-A", Match::Exact);
        row("the request's is unknown", "maker", "x", "deep-1.5", "deep-1.5", Match::Exact);
        row("both are unknown", "maker", "x", "y", "", Match::Unknown);
        row("a certain name beats a near one", "maker", "long", "long-2024-05-01", "long-2024-05-01",
            Match::Exact);
        row("two near names", "maker", "long", "family", "long-20250101", Match::Undated);
        row("an Azure deployment called like a model", "azure", "gpt-4", "gpt-3.5-x", "gpt-3.5-x",
            Match::Exact);
        row("an Azure answer that is unknown", "azure", "gpt-4", "x", "gpt-4", Match::Exact);
        row("a router's choice", "openrouter", "openrouter/auto", "maker/model-a", "maker/model-a",
            Match::Exact);
    }

    void triesTheAnswersNameSecond()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, asked);
        QFETCH(std::string, answered);
        QFETCH(std::string, entry);
        QFETCH(Match, match);

        const auto found = small().catalog->resolve(provider, asked, answered);
        QCOMPARE(wordOf(found.match), wordOf(match));
        QCOMPARE(found.model ? std::string(found.model->id) : std::string(), entry);
    }

    void isFreeOnTheOwnMachineOnly_data()
    {
        QTest::addColumn<std::string>("asked");
        QTest::addColumn<Match>("match");
        QTest::newRow("any model") << std::string("llama3.1:70b") << Match::FreeLocal;
        QTest::newRow("none named") << std::string() << Match::FreeLocal;
        QTest::newRow("cloud in the name") << std::string("my-cloud") << Match::FreeLocal;
        QTest::newRow("a tag that ends in -cloud") << std::string("gpt-oss:120b-Cloud") << Match::Unknown;
        QTest::newRow("the tag cloud") << std::string("glm-4.6:cloud") << Match::Unknown;
        QTest::newRow("a tag that only ends alike") << std::string("x:mycloud") << Match::FreeLocal;
    }

    void isFreeOnTheOwnMachineOnly()
    {
        QFETCH(std::string, asked);
        QFETCH(Match, match);
        const auto found = small().catalog->resolve("ollama", asked);
        QCOMPARE(wordOf(found.match), wordOf(match));
        QVERIFY(!found.model);
    }

    void survivesHostileNames_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::newRow("empty") << std::string();
        QTest::newRow("64 KiB") << std::string(65536, 'a');
        QTest::newRow("64 KiB of dates") << repeated("-2024-01-01", 65536);
        QTest::newRow("2 KiB of dates") << ("only-here" + repeated("-001", 2000));
        QTest::newRow("2 KiB of wrappers") << repeated("models/", 2000) + "only-here";
        QTest::newRow("2 KiB of tuned models") << repeated("ft:", 2000);
        QTest::newRow("2 KiB of hashes") << repeated("x.ft-", 2000);
        QTest::newRow("2 KiB of slashes") << std::string(2000, '/');
        QTest::newRow("2 KiB of revisions") << "us." + repeated(":0", 2000);
        QTest::newRow("control characters") << std::string("\0\x01\t\n\x7f", 5);
        QTest::newRow("not UTF-8") << std::string("\xff\xfe\x80");
        QTest::newRow("separators of the data") << std::string("model-a\t\tchat");
        QTest::newRow("only a date") << std::string("-2024-01-01");
        QTest::newRow("only a wrapper") << std::string("[1m]");
        QTest::newRow("only a region") << std::string("us-gov.");
    }

    void survivesHostileNames()
    {
        QFETCH(std::string, name);
        for (const auto &provider : small().catalog->providers()) {
            if (provider.free_local)
                continue;
            const auto found = small().catalog->resolve(provider.id, name, name);
            QCOMPARE(wordOf(found.match), wordOf(Match::Unknown));
            QVERIFY(!found.model);
        }
        for (const auto &provider : Catalog::shipped()->providers())
            QVERIFY(!Catalog::shipped()->resolve(provider.id, name).model);
    }
};

QTEST_APPLESS_MAIN(TestResolve)
#include "tst_resolve.moc"

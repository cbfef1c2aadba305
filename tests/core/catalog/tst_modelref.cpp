// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/catalog.h"

#include <QTest>

using portolan::catalog::ModelRef;

class TestModelRef : public QObject
{
    Q_OBJECT

private slots:
    void splitsAtTheFirstSlash_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("slug"); // empty: parsing must fail
        QTest::addColumn<std::string>("model");

        const auto row = [](const char *name, const std::string &text, const std::string &slug,
                            const std::string &model) { QTest::newRow(name) << text << slug << model; };
        row("plain", "@openai/gpt-4o", "openai", "gpt-4o");
        row("slashes in the model", "@router/meta/llama-3/x", "router", "meta/llama-3/x");
        row("an at sign in the model", "@vertex/claude@20250929", "vertex", "claude@20250929");
        row("a Workers AI model behind a slug", "@cloud/@cf/meta/llama-3", "cloud", "@cf/meta/llama-3");
        row("a slug that begins like Workers AI", "@cfx/m", "cfx", "m");
        row("Workers AI", "@cf/meta/llama-3", "", "");
        row("Hugging Face on Workers AI", "@hf/mistral/x", "", "");
        row("no at sign", "openai/gpt-4o", "", "");
        row("no slash", "@openai", "", "");
        row("no slug", "@/gpt-4o", "", "");
        row("no model", "@openai/", "", "");
        row("only an at sign", "@", "", "");
        row("empty", "", "", "");
    }

    void splitsAtTheFirstSlash()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, slug);
        QFETCH(std::string, model);

        const auto ref = ModelRef::parse(text);
        QCOMPARE(ref.has_value(), !slug.empty());
        if (!ref) {
            QCOMPARE(ref.error().code, std::string("catalog.bad_model_ref"));
            QCOMPARE(ref.error().origin, portolan::Origin::Client);
            return;
        }
        QCOMPARE(ref->slug(), slug);
        QCOMPARE(ref->model(), model);
        QCOMPARE(ref->toString(), text);
    }
};

QTEST_APPLESS_MAIN(TestModelRef)
#include "tst_modelref.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/estimate.h"

#include <QTest>

using namespace portolan;
using namespace portolan::admission;

class TestEstimate : public QObject
{
    Q_OBJECT

    const std::shared_ptr<const catalog::Catalog> m_catalog = catalog::Catalog::shipped();

private slots:
    void reservesInputAndTheLongestAnswer_data()
    {
        QTest::addColumn<std::int64_t>("allowed"); // -1: the request does not say
        QTest::addColumn<std::int64_t>("choices");
        QTest::addColumn<std::int64_t>("learned"); // -1: nothing was learned
        QTest::addColumn<std::int64_t>("output");
        QTest::addColumn<bool>("guessed");

        const auto row = [](const char *name, std::int64_t allowed, std::int64_t choices,
                            std::int64_t learned, std::int64_t output, bool guessed) {
            QTest::newRow(name) << allowed << choices << learned << output << guessed;
        };
        row("as the request allows", 300, 1, 900, 300, false);
        row("for each answer", 300, 3, -1, 900, false);
        row("no answer at all", 0, 1, 900, 0, false);
        row("as was learned", -1, 1, 900, 900, true);
        row("as was learned, for each answer", -1, 2, 900, 1'800, true);
        row("nothing is known", -1, 1, -1, 4'096, true);
        row("more than the model permits", 1'000'000'000'000, 1, -1, 16'384, false);
        row("nonsense", -5, -7, -1, 0, false);
    }

    void reservesInputAndTheLongestAnswer()
    {
        QFETCH(std::int64_t, allowed);
        QFETCH(std::int64_t, choices);
        QFETCH(std::int64_t, learned);
        QFETCH(std::int64_t, output);
        QFETCH(bool, guessed);
        EstimateQuestion question{.input = 1'000, .choices = choices};
        const bool isSilent = allowed == -1;
        if (!isSilent)
            question.max_output = allowed;
        if (learned >= 0)
            question.learned = learned;
        const auto tariff = m_catalog->tariff("openai", "gpt-4o", {});
        QCOMPARE(tariff.resolution().model->max_output, 16'384);
        const auto estimate = estimateOf(question, &tariff, {}, {});
        QCOMPARE(estimate.tokens, 1'000 + output);
        QCOMPARE(estimate.guessed, guessed);
        // gpt-4o: $2.50 and $10 per million.
        QCOMPARE(estimate.cost.value, 1'000 * 2'500 + output * 10'000);
    }

    void aModelWithoutAPriceCostsTheFallback()
    {
        const FallbackPrice fallback{.input = NanoUsd{1'000'000'000}, .output = NanoUsd{2'000'000'001}};
        const EstimateQuestion question{.input = 1'000, .max_output = 10};
        const auto unknown = m_catalog->tariff("openai", "no-such-model-at-all", {});
        for (const auto *tariff : {&unknown, static_cast<const catalog::Tariff *>(nullptr)}) {
            const auto estimate = estimateOf(question, tariff, {}, fallback);
            QCOMPARE(estimate.cost.value, 1'000'000 + 20'000 + 1);
        }
        QCOMPARE(fallbackCost(fallback, std::numeric_limits<std::int64_t>::max(),
                              std::numeric_limits<std::int64_t>::max())
                     .value,
                 std::numeric_limits<std::int64_t>::max());
        QCOMPARE(fallbackCost(fallback, -1, -1).value, 0);
    }

    void aLocalServerIsFree()
    {
        const auto tariff = m_catalog->tariff("ollama", "llama3.2", {});
        const auto estimate = estimateOf({.input = 1'000}, &tariff, {}, {});
        QCOMPARE(estimate.cost.value, 0);
        QCOMPARE(estimate.tokens, 5'096);
    }

    void inputAloneIsNoGuess()
    {
        const auto tariff = m_catalog->tariff("openai", "text-embedding-3-small", {});
        const auto estimate = estimateOf({.input = 1'000, .has_output = false}, &tariff, {}, {});
        QCOMPARE(estimate.tokens, 1'000);
        QVERIFY(!estimate.guessed);
        QCOMPARE(estimate.cost.value, 20'000);
    }

    void learnsWhatAnswersDoNotPass()
    {
        LearnedOutputs outputs;
        for (std::uint64_t i = 1; i < LearnedOutputs::kFewest; ++i)
            outputs.note("openai", "gpt-4o", 100);
        outputs.note("openai", "gpt-4o", 0);
        QVERIFY(!outputs.most("openai", "gpt-4o"));
        outputs.note("openai", "gpt-4o", 5'000);
        const auto most = *outputs.most("openai", "gpt-4o");
        QVERIFY2(most > 4'800 && most < 5'200, qPrintable(QString::number(most)));
        QVERIFY(!outputs.most("openai", "gpt-4"));
        // Two generations later the long answer is forgotten.
        for (std::uint64_t i = 0; i < 3 * LearnedOutputs::kGeneration; ++i)
            outputs.note("openai", "gpt-4o", 100);
        QVERIFY(*outputs.most("openai", "gpt-4o") < 110);
    }

    void remembersTheModelsInUse()
    {
        LearnedOutputs outputs;
        const auto noteAll = [&](std::string_view model) {
            for (std::uint64_t i = 0; i < LearnedOutputs::kFewest; ++i)
                outputs.note("openai", model, 100);
        };
        noteAll("in use");
        for (std::size_t i = 0; i < 3 * LearnedOutputs::kMostModels; ++i) {
            noteAll("tried " + std::to_string(i));
            outputs.note("openai", "in use", 100);
        }
        QCOMPARE(outputs.size(), LearnedOutputs::kMostModels);
        QVERIFY(outputs.most("openai", "in use"));
        QVERIFY(!outputs.most("openai", "tried 0"));
    }
};

QTEST_GUILESS_MAIN(TestEstimate)
#include "tst_estimate.moc"

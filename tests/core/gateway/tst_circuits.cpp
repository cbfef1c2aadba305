// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/surroundings.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace portolan::gateway {

namespace {

using routing::Outcome;

/// A target whose breaker opens with its first failure and lets its trial through at once.
routing::Node fragile(std::string pointer)
{
    routing::Node node;
    node.pointer = std::move(pointer);
    node.name = "near";
    node.destination.slug = "mock";
    node.breaker = routing::BreakerRule{.failure_threshold = 1, .cooldown_ms = 0};
    return node;
}

const Outcome kFailed{.status = 500};
const Outcome kAnswered{.status = 200};

} // namespace

class TestCircuits : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_circuits = std::make_unique<Circuits>();
        m_snapshot.catalog = catalog::Catalog::shipped();
    }

    void showsWhatIsOpenAndNothingElse()
    {
        const auto quiet = m_circuits->changes();
        QVERIFY(m_circuits->enter("7", m_node));
        QVERIFY(m_circuits->shown().empty());
        QCOMPARE(m_circuits->changes(), quiet);

        QVERIFY(m_circuits->record("7", m_node, kFailed));
        QVERIFY(m_circuits->changes() != quiet);
        const auto shown = m_circuits->shown();
        QCOMPARE(shown.size(), std::size_t(1));
        QCOMPARE(shown[0].config, std::string("7"));
        QCOMPARE(shown[0].pointer, std::string("/targets/0"));
        QCOMPARE(shown[0].label, std::string("near"));
        QCOMPARE(shown[0].slug, std::string("mock"));
        QVERIFY(shown[0].opened_us > 0);
        QCOMPARE(shown[0].trial_in_ms, std::int64_t(0));

        const auto open = m_circuits->changes();
        QVERIFY(m_circuits->enter("7", m_node));
        QVERIFY(!m_circuits->record("7", m_node, kAnswered)); // the trial
        QVERIFY(m_circuits->changes() != open);
        QVERIFY(m_circuits->shown().empty());
    }

    void closesByHand()
    {
        m_node.breaker->cooldown_ms = 60'000;
        m_circuits->record("7", m_node, kFailed);
        QVERIFY(m_circuits->isOpen("7", m_node));
        QVERIFY(!m_circuits->isOpen("8", m_node));
        const auto before = m_circuits->changes();
        m_circuits->reset("7", m_node.pointer);
        QVERIFY(!m_circuits->isOpen("7", m_node));
        QVERIFY(m_circuits->changes() != before);
        m_node.breaker->cooldown_ms = 0;
    }

    void aTrialWithoutAnOutcomeIsGivenBack()
    {
        m_circuits->record(m_policy.key, m_node, kFailed);
        {
            Surroundings left(m_snapshot, *m_circuits, m_policy, 0, "m"); // its client goes
            QVERIFY(left.enter(m_node));
            QVERIFY(m_circuits->isOpen(m_policy.key, m_node));
        }
        QVERIFY(!m_circuits->isOpen(m_policy.key, m_node));
        Surroundings next(m_snapshot, *m_circuits, m_policy, 0, "m");
        QVERIFY(next.enter(m_node));
        QVERIFY(!next.noteOutcome(m_node, kAnswered));
        QVERIFY(m_circuits->shown().empty());
    }

    void whoDidNotEnterDecidesNoTrial()
    {
        m_circuits->record(m_policy.key, m_node, kFailed);
        Surroundings trial(m_snapshot, *m_circuits, m_policy, 0, "m");
        QVERIFY(trial.enter(m_node));
        {
            Surroundings beside(m_snapshot, *m_circuits, m_policy, 0, "m");
            QVERIFY(!beside.enter(m_node));
            QVERIFY(!beside.noteOutcome(m_node, kAnswered)); // called because no target was left
        }
        QCOMPARE(m_circuits->shown().size(), std::size_t(1));
        QVERIFY(m_circuits->isOpen(m_policy.key, m_node));
        trial.noteOutcome(m_node, kAnswered);
        QVERIFY(m_circuits->shown().empty());
    }

    void anOwnersWindowHoldsBeforeTheCatalogs()
    {
        Target target;
        target.provider_id = "openai";
        target.own_models = std::make_shared<const catalog::OwnModels>(std::vector<catalog::OwnModels::Said>{
            {.model = "mine", .own = true, .context = 2'000}, {.model = "gpt-4o", .context = 1'000}});
        Snapshot snapshot;
        snapshot.catalog = m_snapshot.catalog;
        snapshot.targets.emplace("mock", std::make_shared<const Target>(target));
        const auto misfit = [&](std::string_view model) {
            Surroundings surroundings(snapshot, *m_circuits, m_policy, 16'000, model); // about 4,000 tokens
            return surroundings.misfit(m_node);
        };
        QCOMPARE(misfit("mine"), std::string("the prompt has about 4000 tokens, its window holds 2000"));
        QVERIFY(!misfit("gpt-4o").empty());
        QVERIFY(misfit("gpt-4o-mini").empty());
        QVERIFY(misfit("nobody-knows-it").empty());
    }

    void oneOfManyThreadsGetsTheTrial()
    {
        for (int round = 0; round < 50; ++round) {
            m_circuits->record("7", m_node, kFailed);
            std::atomic<int> passed{0};
            {
                std::vector<std::jthread> threads;
                for (int i = 0; i < 4; ++i) {
                    threads.emplace_back([&] {
                        if (m_circuits->enter("7", m_node))
                            ++passed;
                    });
                }
            }
            QCOMPARE(passed.load(), 1);
            m_circuits->record("7", m_node, kAnswered);
        }
    }

    void openBreakersOfManyConfigsTakeBoundedRoom()
    {
        m_node.breaker->cooldown_ms = 60'000;
        for (int i = 0; i < 25'000; ++i)
            m_circuits->record("inline " + std::to_string(i), m_node, kFailed);
        m_node.breaker->cooldown_ms = 0;
        QVERIFY(m_circuits->shown().size() <= 10'000);
        QVERIFY(m_circuits->isOpen("inline 24999", m_node));
    }

private:
    Snapshot m_snapshot;
    const Policy m_policy{.key = "7"};
    routing::Node m_node = fragile("/targets/0");
    std::unique_ptr<Circuits> m_circuits;
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestCircuits)
#include "tst_circuits.moc"

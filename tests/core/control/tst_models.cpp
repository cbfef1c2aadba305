// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/control.h"
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/scriptedupstream.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <string>

using namespace Qt::StringLiterals;

namespace portolan::control {

namespace {

using test::Awaited;
using test::PlainReply;
using test::RunningGateway;
using test::ScriptedUpstream;

constexpr qint64 kUsd = 1'000'000'000; // also a price: a dollar per million tokens
constexpr quint16 kNobody = 9;         // @mock is never called here

/// Answers every request with what `body` holds then.
std::unique_ptr<ScriptedUpstream> answering(const std::string &body)
{
    return std::make_unique<ScriptedUpstream>([&body](ScriptedUpstream::Peer &peer) {
        while (peer.readRequest() && peer.send(test::answer(body, "Content-Type: application/json\r\n")))
            ;
    });
}

const std::string kChatAnswer
    = "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
      "\"message\":"
      "{\"role\":\"assistant\",\"content\":\"Ahoy\"},\"finish_reason\":\"stop\"}],\"usage\":"
      "{\"prompt_tokens\":1000000,\"completion_tokens\":500000,\"total_tokens\":1500000}}";

QByteArray chatOf(const QByteArray &model)
{
    return "{\"model\":\"@mock/" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
}

const ModelInfo *modelOf(const std::vector<ModelInfo> &models, const QString &id)
{
    const auto found = std::ranges::find_if(
        models, [&](const ModelInfo &model) { return model.slug == u"mock" && model.id == id; });
    return found == models.end() ? nullptr : &*found;
}

bool edit(RunningGateway &gateway, const QString &model, const ModelEdit &edit)
{
    Awaited<void> done;
    gateway.control().editModel(gateway.account(), model, edit, done.take());
    return done.wait() && *done;
}

} // namespace

/// What an owner says of the models of an account, and what the provider lists of them.
class TestModels : public QObject
{
    Q_OBJECT

private slots:
    void anOwnPriceIsWhatACallCosts()
    {
        const auto upstream = answering(kChatAnswer);
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        QSignalSpy changed(&gateway.control(), &Control::modelsChanged);
        QVERIFY(edit(gateway, u"gpt-4o"_s,
                     {.price = OwnPrice{.in = 7 * kUsd, .out = 2 * kUsd, .source = u"contract"_s}}));
        QCOMPARE(changed.size(), qsizetype(1));
        const auto models = gateway.control().models();
        const auto *model = modelOf(models, u"gpt-4o"_s);
        QVERIFY(model && model->ownPrice && !model->own && model->enabled);
        QCOMPARE(model->in, std::optional(7 * kUsd));
        QCOMPARE(model->cached, std::optional<qint64>());
        QCOMPARE(model->priceSource, u"contract"_s);
        QCOMPARE(model->priceSince.date(), QDate::currentDate());

        auto reply = gateway.chat(chatOf("gpt-4o"));
        QCOMPARE(reply.status, 200);
        auto record = gateway.recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->cost.value, 8 * kUsd);
        QVERIFY(record->cost_state == trace::CostState::Exact);
        QCOMPARE(record->priced_as, std::string("openai/gpt-4o (own price)"));

        QVERIFY(edit(gateway, u"gpt-4o"_s, {.price = std::optional<OwnPrice>()}));
        const auto again = gateway.control().models();
        QVERIFY(!modelOf(again, u"gpt-4o"_s)->ownPrice);
        reply = gateway.chat(chatOf("gpt-4o"));
        record = gateway.recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->priced_as, std::string("openai/gpt-4o"));
        QVERIFY(record->cost.value != 8 * kUsd);
    }

    void aModelThatIsSwitchedOffIsRefusedAndChainsGoAround()
    {
        const auto upstream = answering(kChatAnswer);
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        QVERIFY(edit(gateway, u"gpt-4o"_s, {.enabled = false}));
        const auto models = gateway.control().models();
        QVERIFY(!modelOf(models, u"gpt-4o"_s)->enabled);
        const auto refused = gateway.chat(chatOf("gpt-4o"));
        QCOMPARE(refused.status, 412);
        QVERIFY2(refused.body.contains("model_not_allowed_error"), refused.body.constData());
        QVERIFY(refused.body.contains("Model gpt-4o is not allowed for this integration"));
        QCOMPARE(upstream->requests(), 0);
        QCOMPARE(gateway.chat(chatOf("gpt-4o-mini")).status, 200);

        const QByteArray config = "{\"strategy\":{\"mode\":\"fallback\"},\"targets\":["
                                  "{\"provider\":\"@mock\",\"override_params\":{\"model\":\"gpt-4o\"}},"
                                  "{\"provider\":\"@mock\",\"override_params\":{\"model\":\"gpt-4.1\"}}]}";
        const auto around = gateway.client().send("POST", "/v1/chat/completions",
                                                  {{"Authorization", "Bearer " + gateway.token()},
                                                   {"Content-Type", "application/json"},
                                                   {"x-portkey-config", config}},
                                                  chatOf("x"));
        QCOMPARE(around.status, 200);
        const auto record = gateway.recordOf(around);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), std::size_t(2));
        QCOMPARE(record->attempts[0].error_code, std::string("route.model_off"));

        QVERIFY(edit(gateway, u"gpt-4o"_s, {.enabled = true}));
        QCOMPARE(gateway.chat(chatOf("gpt-4o")).status, 200);
    }

    void aModelOfOnesOwnIsOfferedAndGoes()
    {
        const auto upstream = answering(kChatAnswer);
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto add = [&](const QString &name) {
            Awaited<void> added;
            control.addModel(gateway.account(), name,
                             {.price = OwnPrice{.in = kUsd, .out = kUsd}, .context = 4'096}, added.take());
            return added.wait() ? (*added ? std::string() : (*added).error().code) : std::string("late");
        };
        QCOMPARE(add(u" my-model "_s), std::string());
        QCOMPARE(add(u"my-model"_s), std::string("model.known"));
        QCOMPARE(add(u"gpt-4o"_s), std::string("model.known"));
        QCOMPARE(add(u"two words"_s), std::string("model.bad_name"));
        QCOMPARE(add(u"@other/model"_s), std::string("model.bad_name"));
        {
            const auto models = control.models();
            const auto *model = modelOf(models, u"my-model"_s);
            QVERIFY(model && model->own && model->ownPrice);
            QCOMPARE(model->context, 4'096);
        }
        // By its bare name, too: it is the only slug that offers it.
        const auto reply
            = gateway.post("/v1/chat/completions",
                           "{\"model\":\"my-model\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        QCOMPARE(reply.status, 200);
        QCOMPARE(gateway.recordOf(reply)->cost.value, kUsd + kUsd / 2);
        Awaited<void> removed;
        control.removeModel(gateway.account(), u"my-model"_s, removed.take());
        QVERIFY(removed.wait() && *removed);
        const auto models = control.models();
        QVERIFY(!modelOf(models, u"my-model"_s));
    }

    void whatWasSaidSurvivesARestartAndGoesWithTheAccount()
    {
        const QTemporaryDir directory;
        const auto open = [&] {
            ControlOptions options;
            options.dataDirectory = directory.path();
            options.useKeyring = false;
            return *Control::open(std::move(options));
        };
        AccountId id;
        {
            const auto control = open();
            Awaited<AccountId> added;
            control->addAccount(
                {.provider = u"openai"_s, .slug = u"mock"_s, .credential = test::secret(test::kStoredKey)},
                added.take());
            QVERIFY(added.wait() && *added);
            id = **added;
            Awaited<void> set;
            control->editModel(id, u"gpt-4o"_s,
                               {.enabled = false, .price = OwnPrice{.in = kUsd, .out = 0, .cached = 5}},
                               set.take());
            QVERIFY(set.wait() && *set);
        }
        const auto control = open();
        {
            const auto models = control->models();
            const auto *model = modelOf(models, u"gpt-4o"_s);
            QVERIFY(model && !model->enabled && model->ownPrice);
            QCOMPARE(model->out, std::optional<qint64>(0));
            QCOMPARE(model->cached, std::optional<qint64>(5));
        }
        Awaited<void> removed;
        control->removeAccount(id, removed.take());
        QVERIFY(removed.wait() && *removed);
        Awaited<AccountId> again;
        control->addAccount(
            {.provider = u"openai"_s, .slug = u"mock"_s, .credential = test::secret(test::kStoredKey)},
            again.take());
        QVERIFY(again.wait() && *again);
        const auto models = control->models();
        QVERIFY(modelOf(models, u"gpt-4o"_s)->enabled && !modelOf(models, u"gpt-4o"_s)->ownPrice);
    }

    void absurdPricesAreRefused_data()
    {
        QTest::addColumn<qint64>("in");
        QTest::newRow("below zero") << qint64(-1);
        QTest::newRow("above a million dollars") << 1'000'001 * kUsd;
    }

    void absurdPricesAreRefused()
    {
        QFETCH(qint64, in);
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        QVERIFY(!edit(gateway, u"gpt-4o"_s, {.price = OwnPrice{.in = in}}));
        const auto models = gateway.control().models();
        QVERIFY(!modelOf(models, u"gpt-4o"_s)->ownPrice);
    }

    void saysWhichConfigsNameAModel()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto save = [&](const QString &name, const std::string &text) {
            Awaited<ConfigSave> saved;
            control.createConfig({.name = name, .text = text}, saved.take());
            return saved.wait() && *saved && (*saved)->saved;
        };
        QVERIFY(save(u"by slug"_s,
                     "{\"strategy\":{\"mode\":\"fallback\"},\"targets\":["
                     "{\"virtual_key\":\"mock\",\"override_params\":{\"model\":\"gpt-4o\"}},"
                     "{\"virtual_key\":\"mock\",\"override_params\":{\"model\":\"gpt-4o\"}}]}"));
        QVERIFY(save(u"by model"_s, "{\"override_params\":{\"model\":\"@mock/gpt-4o\"}}"));
        QVERIFY(save(u"another"_s, "{\"provider\":\"@mock\",\"override_params\":{\"model\":\"gpt-4.1\"}}"));
        QVERIFY(save(u"any model"_s, "{\"provider\":\"@mock\"}"));
        const auto models = control.models();
        auto names = modelOf(models, u"gpt-4o"_s)->usedBy;
        names.sort();
        QCOMPARE(names, (QStringList{u"by model"_s, u"by slug"_s}));
        QVERIFY(modelOf(models, u"gpt-4o-mini"_s)->usedBy.isEmpty());
    }

    void aListIsComparedBeforeItIsAccepted()
    {
        std::string list = "{\"data\":[{\"id\":\"m-old\"},{\"id\":\"m-same\",\"context_length\":8192},"
                           "{\"id\":\"m-grows\",\"context_length\":8192}]}";
        const auto upstream = answering(list);
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto compare = [&] {
            Awaited<ModelSync> compared;
            control.compareModels(gateway.account(), compared.take());
            return compared.wait() && *compared ? **compared : ModelSync();
        };
        const auto accept = [&](const ModelSync &sync) {
            Awaited<void> accepted;
            control.acceptModels(gateway.account(), sync, accepted.take());
            return accepted.wait() && *accepted;
        };
        const auto first = compare();
        QVERIFY(first.first);
        QCOMPARE(first.models.size(), std::size_t(3));
        {
            const auto models = control.models();
            QVERIFY(!modelOf(models, u"m-old"_s));
        }
        QVERIFY(accept(first));
        QVERIFY(compare().isSame() && !compare().first);
        Awaited<ConfigSave> saved;
        control.createConfig({.name = u"nightly"_s,
                              .text = "{\"strategy\":{\"mode\":\"fallback\"},\"targets\":["
                                      "{\"provider\":\"@mock\",\"override_params\":{\"model\":\"m-same\"}},"
                                      "{\"provider\":\"@mock\",\"override_params\":{\"model\":\"m-old\"}}]}"},
                             saved.take());
        QVERIFY(saved.wait() && *saved && (*saved)->saved);

        list = "{\"data\":[{\"id\":\"m-new\"},{\"id\":\"m-same\",\"context_length\":8192},"
               "{\"id\":\"m-grows\",\"context_length\":131072}]}";
        const auto sync = compare();
        QVERIFY(!sync.first);
        QCOMPARE(sync.added, QStringList{u"m-new"_s});
        QCOMPARE(sync.removed, QStringList{u"m-old"_s});
        QCOMPARE(sync.changed.size(), std::size_t(1));
        QCOMPARE(sync.changed[0].id, u"m-grows"_s);
        QCOMPARE(sync.changed[0].before, 8'192);
        QCOMPARE(sync.changed[0].now, 131'072);
        QCOMPARE(sync.breaks.size(), std::size_t(1));
        QCOMPARE(sync.breaks[0].config, u"nightly"_s);
        QCOMPARE(sync.breaks[0].pointer, u"/targets/1"_s);
        QCOMPARE(sync.breaks[0].model, u"m-old"_s);
        {
            const auto models = control.models();
            QVERIFY(modelOf(models, u"m-old"_s) && !modelOf(models, u"m-new"_s)); // nothing changed yet
        }
        QVERIFY(accept(sync));
        const auto models = control.models();
        QVERIFY(!modelOf(models, u"m-old"_s) && modelOf(models, u"m-new"_s));
        QCOMPARE(modelOf(models, u"m-grows"_s)->context, 131'072);
    }

    void aProviderWithoutAListSaysSo()
    {
        const auto upstream = answering(kChatAnswer);
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        Awaited<ModelSync> compared;
        gateway.control().compareModels(gateway.account(), compared.take());
        QVERIFY(compared.wait() && !*compared);
        QCOMPARE((*compared).error().code, std::string("model.no_list"));
    }
};

} // namespace portolan::control

QTEST_GUILESS_MAIN(portolan::control::TestModels)
#include "tst_models.moc"

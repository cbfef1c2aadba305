// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/openapi.h"
#include "core/admin/routes.h"
#include "tests/core/admin/world.h"

#include <algorithm>
#include <set>
#include <string>

using namespace Qt::StringLiterals;

namespace portolan::admin {

namespace {

constexpr auto kKey = "sk-canary-0123456789abcdefghijklmnop";

QByteArray body(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

const control::VirtualKey *keyOf(World &world, const QString &slug)
{
    const auto &keys = world.control().virtualKeys();
    const auto found = std::ranges::find(keys, slug, &control::VirtualKey::slug);
    return found == keys.end() ? nullptr : &*found;
}

QByteArray slugIn(const PlainReply &reply)
{
    return json(reply).value("slug"_L1).toString().toUtf8();
}

PlainReply chat(World &world, const QByteArray &token)
{
    return world.send("POST", "/v1/chat/completions",
                      {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
                      R"({"model":"@practice/echo","messages":[{"role":"user","content":"hello"}]})");
}

/// What a call with this key comes to.
int statusWith(World &world, const QByteArray &token, const QByteArray &method, const QByteArray &path,
               const QJsonObject &given = {})
{
    return world
        .send(method, path, {{"x-portkey-api-key", token}, {"Content-Type", "application/json"}}, body(given))
        .status;
}

} // namespace

class TestAdminKeys : public QObject
{
    Q_OBJECT

private slots:
    void anOldVirtualKeyLivesItsLifeWithItsAccount()
    {
        World world;
        QVERIFY(world.isReady());
        const QJsonObject limits{{"credit_limit"_L1, 10}, {"periodic_reset"_L1, "monthly"_L1}};
        const auto made = world.call("POST", "/v1/virtual-keys",
                                     body({{"name"_L1, "My Azure"_L1},
                                           {"provider"_L1, "azure-openai"_L1},
                                           {"key"_L1, QString::fromLatin1(kKey)},
                                           {"note"_L1, "of Ada"_L1},
                                           {"resourceName"_L1, "my-resource"_L1},
                                           {"usage_limits"_L1, limits}}));
        QCOMPARE(made.status, 200);
        const auto slug = slugIn(made);
        QCOMPARE(slug, "my-azure");
        const auto shown = world.call("GET", "/v1/virtual-keys/" + slug);
        QCOMPARE(shown.status, 200);
        QVERIFY(!shown.body.contains(kKey));
        QCOMPARE(json(shown)["name"_L1], QJsonValue(u"My Azure"_s));
        QCOMPARE(json(shown)["masked_api_key"_L1], QJsonValue(u"...mnop"_s));
        QCOMPARE(json(shown)["ai_provider_name"_L1], QJsonValue(u"azure-openai"_s));
        QCOMPARE(json(shown)["model_config"_L1]["resource"_L1], QJsonValue(u"my-resource"_s));
        QCOMPARE(json(shown)["usage_limits"_L1]["credit_limit"_L1], QJsonValue(10));
        QCOMPARE(json(shown)["status"_L1], QJsonValue(u"active"_s));
        QCOMPARE(keyOf(world, u"my-azure"_s)->limits.budget->period.kind, admission::Period::Kind::Month);

        QCOMPARE(world
                     .call("PUT", "/v1/virtual-keys/" + slug,
                           body({{"note"_L1, QJsonValue::Null},
                                 {"key"_L1, "sk-another-0123456789abcdefghi1234"_L1},
                                 {"usage_limits"_L1, QJsonValue::Null}}))
                     .status,
                 200);
        const auto again = json(world.call("GET", "/v1/virtual-keys/" + slug));
        QCOMPARE(again["note"_L1], QJsonValue(QJsonValue::Null));
        QCOMPARE(again["masked_api_key"_L1], QJsonValue(u"...1234"_s));
        QCOMPARE(again["usage_limits"_L1], QJsonValue(QJsonValue::Null));
        QCOMPARE(json(world.call("GET", "/v1/virtual-keys"))["total"_L1], QJsonValue(2));
        QCOMPARE(world.call("DELETE", "/v1/virtual-keys/" + slug).status, 200);
        QCOMPARE(world.call("GET", "/v1/virtual-keys/" + slug).status, 404);
        QCOMPARE(world.control().accounts().size(), 2U); // @mock and @practice
    }

    void anAccountWhoseKeyCannotBeMadeIsTakenAwayAgain()
    {
        World world;
        QVERIFY(world.isReady());
        const auto made = world.call("POST", "/v1/virtual-keys",
                                     body({{"name"_L1, "a"_L1},
                                           {"provider"_L1, "openai"_L1},
                                           {"key"_L1, QString::fromLatin1(kKey)},
                                           {"models"_L1, QJsonArray{"with blank"_L1}}}));
        QCOMPARE(made.status, 400);
        QCOMPARE(world.control().accounts().size(), 2U);
    }

    void aProviderLivesItsLifeBesideItsIntegration()
    {
        World world;
        QVERIFY(world.isReady());
        const auto account
            = world.call("POST", "/v1/integrations",
                         body({{"name"_L1, "Bedrock"_L1},
                               {"slug"_L1, "aws"_L1},
                               {"ai_provider_id"_L1, "bedrock"_L1},
                               {"configurations"_L1,
                                QJsonObject{{"aws_region"_L1, "us-east-1"_L1},
                                            {"aws_access_key_id"_L1, "AKIA0123456789ABCDEF"_L1},
                                            {"aws_secret_access_key"_L1,
                                             "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"_L1}}}}));
        QCOMPARE(account.status, 200);
        const auto shown = world.call("GET", "/v1/integrations/aws");
        QCOMPARE(json(shown)["configurations"_L1]["region"_L1], QJsonValue(u"us-east-1"_s));
        QVERIFY(!shown.body.contains("wJalrXUtnFEMI") && !shown.body.contains("AKIA0123456789"));

        const auto made
            = world.call("POST", "/v1/providers",
                         body({{"name"_L1, "Team"_L1},
                               {"integration_id"_L1, "aws"_L1},
                               {"rate_limits"_L1,
                                QJsonArray{QJsonObject{
                                    {"type"_L1, "requests"_L1}, {"unit"_L1, "rpm"_L1}, {"value"_L1, 60}}}},
                               {"expires_at"_L1, "2040-01-01T00:00:00Z"_L1}}));
        QCOMPARE(made.status, 200);
        QCOMPARE(slugIn(made), "team");
        const auto provider = json(world.call("GET", "/v1/providers/team"));
        QCOMPARE(provider["integration_id"_L1], QJsonValue(u"aws"_s));
        QCOMPARE(provider["rate_limits"_L1][0]["value"_L1], QJsonValue(60));
        QCOMPARE(provider["expires_at"_L1], QJsonValue(u"2040-01-01T00:00:00.000Z"_s));
        QCOMPARE(world
                     .call("PUT", "/v1/providers/team",
                           body({{"name"_L1, "All"_L1}, {"expires_at"_L1, QJsonValue::Null}}))
                     .status,
                 200);
        const auto again = json(world.call("GET", "/v1/providers/team"));
        QCOMPARE(again["name"_L1], QJsonValue(u"All"_s));
        QCOMPARE(again["expires_at"_L1], QJsonValue(QJsonValue::Null));
        QCOMPARE(again["rate_limits"_L1][0]["value"_L1], QJsonValue(60));

        const auto list = json(world.call("GET", "/v1/providers?page_size=2&current_page=1"));
        QCOMPARE(list["total"_L1], QJsonValue(3)); // aws, mock, team
        QCOMPARE(list["data"_L1].toArray().size(), 1);
        QCOMPARE(world.call("DELETE", "/v1/providers/aws").status, 409); // goes with its integration
        QCOMPARE(world.call("DELETE", "/v1/providers/team").status, 200);
        QCOMPARE(world.call("DELETE", "/v1/integrations/aws").status, 200);
        QCOMPARE(world.call("GET", "/v1/providers/aws").status, 404);
        QCOMPARE(world.call("GET", "/v1/integrations/aws").status, 404);
    }

    void anIntegrationsModelsAreSwitchedPricedAndAdded()
    {
        World world;
        QVERIFY(world.isReady());
        const auto price = [](double cents) { return QJsonObject{{"price"_L1, cents}}; };
        const QJsonObject own{{"slug"_L1, "my-model"_L1},
                              {"enabled"_L1, true},
                              {"is_custom"_L1, true},
                              {"pricing_config"_L1,
                               QJsonObject{{"type"_L1, "static"_L1},
                                           {"pay_as_you_go"_L1,
                                            QJsonObject{{"request_token"_L1, price(0.00025)},
                                                        {"response_token"_L1, price(0.0000001)}}}}}};
        const QJsonObject off{{"slug"_L1, "gpt-4o-mini"_L1}, {"enabled"_L1, false}};
        QCOMPARE(
            world.call("PUT", "/v1/integrations/mock/models", body({{"models"_L1, QJsonArray{own, off}}}))
                .status,
            200);
        const auto shown = json(world.call("GET", "/v1/integrations/mock/models"));
        QJsonObject mine, mini;
        for (const auto &model : shown["models"_L1].toArray()) {
            if (model["slug"_L1] == u"my-model"_s)
                mine = model.toObject();
            if (model["slug"_L1] == u"gpt-4o-mini"_s)
                mini = model.toObject();
        }
        QCOMPARE(mini["enabled"_L1], QJsonValue(false));
        QCOMPARE(mine["is_custom"_L1], QJsonValue(true));
        const auto prices = mine["pricing_config"_L1]["pay_as_you_go"_L1];
        QCOMPARE(prices["request_token"_L1]["price"_L1], QJsonValue(0.00025)); // 2.50 $ a million
        QCOMPARE(prices["response_token"_L1]["price"_L1], QJsonValue(0.0000001));
        QCOMPARE(world.call("DELETE", "/v1/integrations/mock/models?slugs=my-model,gpt-4o-mini").status, 200);
        QVERIFY(!world.call("GET", "/v1/integrations/mock/models").body.contains("my-model"));
        QCOMPARE(world
                     .call("PUT", "/v1/integrations/mock/models",
                           body({{"models"_L1, QJsonArray{QJsonObject{{"slug"_L1, "nobody-has-this"_L1}}}}}))
                     .status,
                 400);
        QCOMPARE(
            world.call("PUT", "/v1/integrations/mock/models", body({{"allow_all_models"_L1, false}})).status,
            400);
    }

    void anApiKeyLivesItsLife()
    {
        World world;
        QVERIFY(world.isReady());
        const auto made = world.call(
            "POST", "/v1/api-keys/workspace/service",
            body({{"name"_L1, "agent"_L1},
                  {"scopes"_L1, QJsonArray{"completions.write"_L1}},
                  {"defaults"_L1, QJsonObject{{"metadata"_L1, QJsonObject{{"_user"_L1, "ada"_L1}}}}},
                  {"virtual_keys"_L1, QJsonArray{"practice"_L1}}}));
        QCOMPARE(made.status, 200);
        const auto token = json(made)["key"_L1].toString().toUtf8();
        QVERIFY(token.startsWith("pk-portolan-"));
        const auto path = "/v1/api-keys/" + json(made)["id"_L1].toString().toUtf8();
        QCOMPARE(chat(world, token).status, 200);

        const auto shown = world.call("GET", path);
        QVERIFY(!shown.body.contains(token));
        QCOMPARE(json(shown)["type"_L1], QJsonValue(u"workspace-service"_s));
        QCOMPARE(json(shown)["creation_mode"_L1], QJsonValue(u"api"_s));
        QCOMPARE(json(shown)["scopes"_L1][0], QJsonValue(u"completions.write"_s));
        QCOMPARE(json(shown)["defaults"_L1]["metadata"_L1]["_user"_L1], QJsonValue(u"ada"_s));

        QCOMPARE(world.call("PUT", path, body({{"description"_L1, "of Ada"_L1}})).status, 200);
        QCOMPARE(json(world.call("GET", path))["description"_L1], QJsonValue(u"of Ada"_s));
        const auto rotated = world.call("POST", path + "/rotate", "{}");
        QCOMPARE(rotated.status, 200);
        QVERIFY(!json(rotated)["key_transition_expires_at"_L1].isNull());
        const auto second = json(rotated)["key"_L1].toString().toUtf8();
        QCOMPARE(chat(world, token).status, 200);
        QCOMPARE(chat(world, second).status, 200);
        QCOMPARE(world.call("POST", path + "/rotate").status, 409); // while the transition is open
        QCOMPARE(world.call("POST", path + "/rotate", body({{"key_transition_period_ms"_L1, 1000}})).status,
                 400);
        QCOMPARE(world.call("POST", path + "/rotate", body({{"key_transition_period_ms"_L1, 0}})).status,
                 200);
        QCOMPARE(chat(world, second).status, 401);
        QCOMPARE(world.call("DELETE", path).status, 200);
        QCOMPARE(world.call("GET", path).status, 404);
    }

    void noKeyGivesMoreThanItHas()
    {
        World world;
        QVERIFY(world.isReady());
        const auto maker
            = world.makeKey(u"maker"_s,
                            {u"workspace_service_api_keys.create"_s, u"workspace_service_api_keys.update"_s,
                             u"workspace_service_api_keys.rotate"_s, u"use"_s});
        const auto make = [&](const char *scope, const char *path = "/v1/api-keys/workspace/service") {
            return statusWith(world, maker, "POST", path,
                              {{"name"_L1, "k"_L1}, {"scopes"_L1, QJsonArray{QString::fromLatin1(scope)}}});
        };
        QCOMPARE(make("use"), 200);
        QCOMPARE(make("completions.write"), 200);
        QCOMPARE(make("admin"), 403);
        QCOMPARE(make("configs.read"), 403);
        QCOMPARE(make("use", "/v1/api-keys/organisation/service"), 403);
        QCOMPARE(make("use", "/v1/api-keys/planet/service"), 404);
        // Nor takes the token of a key that has more, nor widens one.
        const auto &keys = world.control().clientKeys();
        const auto boss = std::ranges::find(keys, u"boss"_s, &control::ClientKeyInfo::name)->id;
        const auto path = QByteArray("/v1/api-keys/") + QByteArray::number(qint64(boss.value));
        QCOMPARE(statusWith(world, maker, "POST", path + "/rotate"), 403);
        const auto own = std::ranges::find(keys, u"maker"_s, &control::ClientKeyInfo::name)->id;
        QCOMPARE(statusWith(world, maker, "PUT",
                            QByteArray("/v1/api-keys/") + QByteArray::number(qint64(own.value)),
                            {{"scopes"_L1, QJsonArray{"admin"_L1}}}),
                 403);
    }

    void theAuditLogNamesTheKeyThatMadeAChange()
    {
        World world;
        QVERIFY(world.isReady());
        QCOMPARE(world
                     .call("POST", "/v1/integrations",
                           body({{"name"_L1, "a"_L1},
                                 {"slug"_L1, "a"_L1},
                                 {"ai_provider_id"_L1, "openai"_L1},
                                 {"key"_L1, QString::fromLatin1(kKey)},
                                 {"default_provider_slug"_L1, "b"_L1}}))
                     .status,
                 200);
        const auto log = world.call("GET", "/v1/audit-logs?user_id=boss&page_size=100");
        QCOMPARE(log.status, 200);
        QVERIFY(!log.body.contains(kKey));
        const auto records = json(log)["records"_L1].toArray();
        QCOMPARE(json(log)["total"_L1], QJsonValue(2)); // also of what the call made in a second step
        QCOMPARE(records[0]["resource_type"_L1], QJsonValue(u"model catalog"_s));
        QCOMPARE(records[1]["action"_L1], QJsonValue(u"Create"_s));
        QCOMPARE(records[1]["resource_type"_L1], QJsonValue(u"integrations"_s));
        QCOMPARE(records[1]["after"_L1]["slug"_L1], QJsonValue(u"a"_s));
        const auto some = json(world.call("GET", "/v1/audit-logs?resource_type=integrations&action=Create"));
        QCOMPARE(some["total"_L1], QJsonValue(2)); // @mock and this one
        QCOMPARE(json(world.call("GET", "/v1/audit-logs?end_time=2020-01-01T00:00:00Z"))["total"_L1],
                 QJsonValue(0));
        QCOMPARE(world.call("GET", "/v1/audit-logs?page_size=101").status, 400);
        QCOMPARE(world.call("GET", "/v1/audit-logs?start_time=yesterday").status, 400);
    }

    void everyCallNeedsItsScope()
    {
        World world;
        QVERIFY(world.isReady());
        // It administers, but nothing that any call needs.
        const auto token = world.makeKey(u"stranger"_s, {u"prompts.read"_s});
        for (const Route &route : routes()) {
            if (route.scopes.empty())
                continue;
            auto path = QByteArray::fromStdString(std::string(route.pattern));
            path.replace("{type}", "workspace").replace("{sub-type}", "user");
            path.replace("{slug}", "mock").replace("{id}", "1");
            const auto method = QByteArray::fromStdString(std::string(toString(route.method)));
            QCOMPARE(statusWith(world, token, method, path), 403);
        }
        QCOMPARE(statusWith(world, token, "GET", "/v1/openapi.json"), 200);
        const auto use = world.makeKey(u"agent"_s, {u"use"_s});
        QCOMPARE(statusWith(world, use, "GET", "/v1/openapi.json"), 403);
    }

    void theOpenApiFileSaysWhatThereIs()
    {
        World world;
        QVERIFY(world.isReady());
        const auto served = world.call("GET", "/v1/openapi.json");
        QCOMPARE(served.status, 200);
        QCOMPARE(served.body, QByteArray(openApi().data(), qsizetype(openApi().size())));
        const auto paths = json(served)["paths"_L1].toObject();
        std::set<QString> described;
        const QStringList methods{u"get"_s, u"put"_s, u"post"_s, u"delete"_s};
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            for (const auto &method : path.value().toObject().keys()) {
                if (!methods.contains(method))
                    continue;
                described.insert(method + u' ' + path.key());
                // Whatever it says, it is not that there is no such call.
                auto where = path.key().toUtf8();
                where.replace("{type}", "workspace").replace("{sub-type}", "user");
                where.replace("{slug}", "nothing").replace("{id}", "0");
                const auto reply = world.call(method.toUpper().toUtf8(), where, method == u"get" ? "" : "{}");
                const auto code = json(reply)["error"_L1]["code"_L1].toString();
                QVERIFY2(reply.status != 405 && code != u"AB08" && !reply.body.contains("no_route"),
                         qPrintable(method + u' ' + path.key() + u": "_s + QString::fromUtf8(reply.body)));
            }
        }
        for (const Route &route : routes()) {
            const auto method = QString::fromStdString(std::string(toString(route.method))).toLower();
            const auto call = method + u' ' + QString::fromStdString(std::string(route.pattern));
            QVERIFY2(described.contains(call), qPrintable(call));
        }
        QVERIFY(described.contains(u"post /v1/chat/completions"_s));
        // Every schema that is referred to is there.
        const auto schemas = json(served)["components"_L1]["schemas"_L1].toObject();
        for (qsizetype at = served.body.indexOf("#/components/schemas/"); at >= 0;
             at = served.body.indexOf("#/components/schemas/", at + 1)) {
            const auto begin = at + qsizetype(qstrlen("#/components/schemas/"));
            const auto name = served.body.mid(begin, served.body.indexOf('"', begin) - begin);
            QVERIFY2(schemas.contains(QString::fromUtf8(name)), name.constData());
        }
    }
};

} // namespace portolan::admin

QTEST_GUILESS_MAIN(portolan::admin::TestAdminKeys)
#include "tst_adminkeys.moc"

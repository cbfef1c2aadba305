// SPDX-License-Identifier: GPL-3.0-or-later
// What the owner says of models, and what providers list of them.
#include "core/control/answers.h"
#include "core/control/auditjson.h"
#include "core/control/controlimpl.h"
#include "core/control/modeluse.h"
#include "core/gateway/practicemodels.h"
#include "core/gateway/recorder.h"

#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestModel = 200;
constexpr std::size_t kMostChoices = 10'000;       // of all accounts
constexpr qint64 kDearest = 1'000'000'000'000'000; // a million dollars per million tokens

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), qsizetype(view.size()));
}

/// The catalog's capability words as the window shows them.
QStringList shownCaps(const catalog::Model &model)
{
    QStringList caps;
    const auto has
        = [&](std::string_view name) { return std::ranges::find(model.caps, name) != model.caps.end(); };
    if (has("vision"))
        caps << u"vision"_s;
    if (has("tools"))
        caps << u"tools"_s;
    if (has("json_schema"))
        caps << u"JSON"_s;
    if (has("reasoning"))
        caps << u"reasoning"_s;
    if (model.mode == "embedding")
        caps << u"embeddings"_s;
    return caps;
}

ModelInfo describe(const QString &slug, const catalog::Model &model)
{
    ModelInfo info;
    info.slug = slug;
    info.id = text(model.id);
    info.name = text(model.name);
    info.mode = text(model.mode);
    info.caps = shownCaps(model);
    info.context = model.context;
    info.in = model.in;
    info.out = model.out;
    info.cached = model.cache_read;
    info.estimate = model.suspect;
    info.status = text(model.status);
    return info;
}

bool isModelName(const QString &model)
{
    const auto plain = [](QChar c) { return c.unicode() > 0x20 && c.unicode() < 0x7F; };
    return !model.isEmpty() && model.size() <= kLongestModel && !model.startsWith(u'@')
        && std::ranges::all_of(model, plain);
}

bool isPrice(const OwnPrice &price)
{
    const auto fits = [](qint64 value) { return value >= 0 && value <= kDearest; };
    return fits(price.in) && fits(price.out) && fits(price.cached.value_or(0))
        && fits(price.cacheWrite.value_or(0));
}

void addPractice(const QString &slug, std::vector<ModelInfo> &models)
{
    for (const auto &entry : gateway::practiceEntries()) {
        ModelInfo info;
        info.slug = slug;
        info.id = text(entry.id);
        info.name = text(entry.does);
        info.mode = text(entry.mode);
        info.caps = entry.mode == "embedding" ? QStringList{u"embeddings"_s}
            : entry.id == "echo"              ? QStringList{u"tools"_s}
                                              : QStringList{};
        info.in = info.out = 0;
        models.push_back(std::move(info));
    }
}

void takeChoice(const store::ModelChoiceRow &choice, ModelInfo &model)
{
    model.enabled = choice.enabled;
    model.own = choice.own;
    if (choice.context > 0)
        model.context = choice.context;
    if (!choice.price_in || !choice.price_out)
        return;
    model.ownPrice = true;
    model.estimate = false;
    model.in = choice.price_in;
    model.out = choice.price_out;
    model.cached = choice.price_cache_read;
    model.cacheWrite = choice.price_cache_write;
    model.priceSource = text(choice.source);
    model.priceSince = fromUs(choice.edited_us);
}

void apply(const ModelEdit &edit, store::ModelChoiceRow &row)
{
    if (edit.enabled)
        row.enabled = *edit.enabled;
    if (edit.context)
        row.context = *edit.context;
    if (!edit.price)
        return;
    const auto &price = *edit.price;
    row.price_in = price ? std::optional<std::int64_t>(price->in) : std::nullopt;
    row.price_out = price ? std::optional<std::int64_t>(price->out) : std::nullopt;
    row.price_cache_read
        = price && price->cached ? std::optional<std::int64_t>(*price->cached) : std::nullopt;
    row.price_cache_write
        = price && price->cacheWrite ? std::optional<std::int64_t>(*price->cacheWrite) : std::nullopt;
    row.source = price ? price->source.trimmed().toStdString() : std::string();
    row.edited_us = gateway::wallClockUs();
}

/// Nothing that the catalog and the provider's list would not say as well.
bool saysNothing(const store::ModelChoiceRow &row)
{
    return !row.own && row.enabled && !row.price_in;
}

std::vector<store::ListedModel> stored(const std::vector<ListedModel> &models)
{
    std::vector<store::ListedModel> rows;
    rows.reserve(models.size());
    for (const auto &model : models)
        rows.push_back({.id = model.id.toStdString(), .context = model.context});
    return rows;
}

} // namespace

std::vector<ModelInfo> ControlImpl::models() const
{
    std::vector<ModelInfo> models;
    for (const auto &account : m_accounts) {
        if (!account.enabled)
            continue;
        if (account.builtIn)
            addPractice(account.slug, models);
        else
            addModelsOf(account, models);
    }
    std::map<std::pair<AccountId, QString>, QStringList> uses;
    for (const auto &use : modelUses(m_stored)) {
        QStringList &names = uses[{use.account, text(use.model)}];
        if (const auto name = text(use.config_name); !names.contains(name))
            names.append(name);
    }
    if (uses.empty())
        return models;
    for (ModelInfo &model : models) {
        if (const auto use = uses.find({model.account, model.id}); use != uses.end())
            model.usedBy = use->second;
    }
    return models;
}

/// The catalog's, what the provider's own list has beside it, and what the owner added.
void ControlImpl::addModelsOf(const Account &account, std::vector<ModelInfo> &models) const
{
    const auto first = std::ptrdiff_t(models.size());
    for (const auto &model : m_catalog->models(account.provider.toStdString())) {
        if (model.status != "retired")
            models.push_back(describe(account.slug, model));
    }
    std::unordered_map<QString, std::size_t> places;
    for (auto i = std::size_t(first); i < models.size(); ++i)
        places.emplace(models[i].id, i);
    const auto placeOf = [&](const QString &id) -> ModelInfo & {
        const auto [place, is_new] = places.try_emplace(id, models.size());
        if (is_new)
            models.push_back({.slug = account.slug, .id = id});
        return models[place->second];
    };
    if (const auto listed = m_listed.find(account.id); listed != m_listed.end()) {
        for (const auto &model : listed->second.models) {
            ModelInfo &info = placeOf(text(model.id));
            if (info.context == 0)
                info.context = model.context;
        }
    }
    for (const auto &choice : m_stored.model_choices) {
        if (choice.account == account.id)
            takeChoice(choice, placeOf(text(choice.model)));
    }
    for (auto &model : std::ranges::subrange(models.begin() + first, models.end()))
        model.account = account.id;
}

const store::ModelChoiceRow *ControlImpl::choiceOf(AccountId account, const std::string &model) const
{
    const auto found = std::ranges::find_if(m_stored.model_choices, [&](const store::ModelChoiceRow &row) {
        return row.account == account && row.model == model;
    });
    return found == m_stored.model_choices.end() ? nullptr : &*found;
}

void ControlImpl::addModel(AccountId account, QString model, ModelEdit edit, Reply<> reply)
{
    model = model.trimmed();
    const auto no = [&](std::string code, const QString &words) {
        post([reply, error = refused(std::move(code), words)] { reply(error); });
    };
    const auto *row = accountRow(account);
    if (!row)
        return no("account.unknown", tr("This account is not there any more."));
    if (!isModelName(model))
        return no("model.bad_name",
                  tr("A model's name has up to 200 letters, digits and signs, no blank, and no @ in front."));
    const auto known = models();
    const auto slug = QString::fromStdString(row->slug);
    if (std::ranges::any_of(known, [&](const ModelInfo &one) { return one.slug == slug && one.id == model; }))
        return no("model.known", tr("@%1 has the model %2 already. Edit that one.").arg(slug, model));
    if (m_stored.model_choices.size() >= kMostChoices)
        return no("model.too_many",
                  tr("There are %1 models with changes; remove some first.").arg(kMostChoices));
    saveChoice({.account = account, .model = model.toStdString(), .own = true}, edit, std::move(reply));
}

void ControlImpl::editModel(AccountId account, QString model, ModelEdit edit, Reply<> reply)
{
    if (!accountRow(account)) {
        post([reply] { reply(refused("account.unknown", tr("This account is not there any more."))); });
        return;
    }
    const auto *known = choiceOf(account, model.toStdString());
    saveChoice(known ? *known : store::ModelChoiceRow{.account = account, .model = model.toStdString()}, edit,
               std::move(reply));
}

void ControlImpl::saveChoice(store::ModelChoiceRow row, const ModelEdit &edit, Reply<> reply)
{
    if (edit.price && *edit.price && !isPrice(**edit.price)) {
        post([reply] {
            reply(refused("model.bad_price", tr("A price is a number from 0 to 1,000,000 dollars.")));
        });
        return;
    }
    apply(edit, row);
    const bool forgets = saysNothing(row);
    const auto *known = choiceOf(row.account, row.model);
    change(
        {.action = "update",
         .resource = "model",
         .name = slugOf(row.account) + '/' + row.model,
         .before = known ? auditJson(*known) : std::string(),
         .after = [row, forgets] { return forgets ? std::string() : auditJson(row); }},
        [row, forgets](store::Changes &changes) {
            return forgets ? changes.removeModelChoice(row.account, row.model) : changes.setModelChoice(row);
        },
        [this, row, forgets] {
            forgetChoice(row.account, row.model);
            if (!forgets)
                m_stored.model_choices.push_back(row);
            emit modelsChanged();
        },
        std::move(reply));
}

void ControlImpl::forgetChoice(AccountId account, const std::string &model)
{
    std::erase_if(m_stored.model_choices, [&](const store::ModelChoiceRow &row) {
        return row.account == account && row.model == model;
    });
}

void ControlImpl::removeModel(AccountId account, QString model, Reply<> reply)
{
    const auto *known = choiceOf(account, model.toStdString());
    change(
        {.action = "delete",
         .resource = "model",
         .name = slugOf(account) + '/' + model.toStdString(),
         .before = known ? auditJson(*known) : std::string()},
        [account, name = model.toStdString()](store::Changes &changes) {
            return changes.removeModelChoice(account, name);
        },
        [this, account, name = model.toStdString()] {
            forgetChoice(account, name);
            emit modelsChanged();
        },
        std::move(reply));
}

void ControlImpl::compareModels(AccountId account, Reply<ModelSync> reply)
{
    const auto *row = accountRow(account);
    const auto target = row ? m_snapshot->target(row->slug) : nullptr;
    if (!target) {
        post([reply] { reply(refused("account.unknown", tr("This account is not there any more."))); });
        return;
    }
    const auto destination = destinationOf(*row);
    probe(target, m_snapshot->redactor,
          [this, account, slug = row->slug, destination, reply](const Probe &probe) {
              Probe told = probe;
              told.models.reset(); // to be accepted first
              takeTest(account, slug, destination, told);
              if (!probe.models || probe.models->empty()) {
                  const auto why = probe.error.empty()
                      ? tr("This provider has no list of models.")
                      : tr("The list could not be read: %1").arg(QString::fromStdString(probe.error));
                  return reply(refused("model.no_list", why));
              }
              reply(compared(account, *probe.models));
          });
}

ModelSync ControlImpl::compared(AccountId account, const std::vector<store::ListedModel> &now) const
{
    ModelSync sync;
    std::unordered_map<std::string_view, std::int64_t> before;
    if (const auto listed = m_listed.find(account); listed != m_listed.end()) {
        sync.first = false;
        for (const auto &model : listed->second.models)
            before.emplace(model.id, model.context);
    }
    for (const auto &model : now) {
        const auto id = text(model.id);
        sync.models.push_back({.id = id, .context = model.context});
        const auto known = before.find(model.id);
        if (known == before.end()) {
            sync.added.append(id);
            continue;
        }
        if (known->second != model.context)
            sync.changed.push_back({.id = id, .before = known->second, .now = model.context});
        before.erase(known);
    }
    for (const auto &[id, context] : before)
        sync.removed.append(text(id));
    sync.added.sort();
    sync.removed.sort();
    for (const auto &use : modelUses(m_stored)) {
        if (use.account == account && sync.removed.contains(text(use.model)))
            sync.breaks.push_back(
                {.config = text(use.config_name), .pointer = text(use.pointer), .model = text(use.model)});
    }
    return sync;
}

void ControlImpl::acceptModels(AccountId account, ModelSync sync, Reply<> reply)
{
    if (!accountRow(account)) {
        post([reply] { reply(refused("account.unknown", tr("This account is not there any more."))); });
        return;
    }
    const auto row = std::make_shared<store::AccountModelsRow>(store::AccountModelsRow{
        .account = account, .models = stored(sync.models), .listed_us = gateway::wallClockUs()});
    change([row](store::Changes &changes) { return changes.setAccountModels(*row); },
           [this, row] {
               m_listed.insert_or_assign(row->account, *row);
               refreshAccounts();
               emit modelsChanged();
           },
           std::move(reply));
}

} // namespace portolan::control

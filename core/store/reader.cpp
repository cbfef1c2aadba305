// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/reader.h"

#include "core/store/encoding.h"
#include "core/store/recordwriter.h"
#include "core/store/rowreading.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::store {

namespace {

constexpr int kMostRowsOfPage = 10'000;

// Two forms, so that each has the index that serves it. A request that is being removed is not shown any
// more.
constexpr auto kPageColumns
    = u"SELECT id, started_us, outcome, status, error_code, error_message, client_key_name,"
      " program, endpoint, path, config, model_asked, model_served, provider, slug, stream,"
      " cache, finish_reason, attempt_marks, first_token_us, total_us, bytes_in, bytes_out,"
      " usage_state, tokens_in, tokens_out, tokens_cached, tokens_reasoning, cost_state, cost,"
      " trace_id FROM requests";

std::vector<std::string> wordsOf(const std::string &text)
{
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

/// As SqlChanges writes them: "gpt-4o gpt-4.1=1047576".
std::vector<ListedModel> listedModels(const std::string &text)
{
    std::vector<ListedModel> models;
    for (auto &word : wordsOf(text)) {
        ListedModel model;
        const auto equals = word.rfind('=');
        if (equals != std::string::npos) {
            const char *const end = word.data() + word.size();
            if (std::from_chars(word.data() + equals + 1, end, model.context).ptr == end)
                word.resize(equals);
        }
        model.id = std::move(word);
        models.push_back(std::move(model));
    }
    return models;
}

trace::Histogram histogramAt(const Sql &row, int column)
{
    return trace::Histogram::fromBytes(row.blobAt(column)).value_or(trace::Histogram());
}

} // namespace

SqlReader::SqlReader(std::filesystem::path file, Generation generation)
    : m_file(std::move(file))
    , m_generation(std::move(generation))
{ }

Result<std::unique_ptr<Reader>> SqlReader::open(std::filesystem::path file, Generation generation)
{
    std::unique_ptr<SqlReader> reader(new SqlReader(std::move(file), std::move(generation)));
    if (const auto database = reader->database(); !database)
        return fail(database.error());
    return reader;
}

Result<QSqlDatabase> SqlReader::database()
{
    if (const int now = m_generation->load(); now != m_seen || !m_connection) {
        m_connection.reset();
        auto opened = Connection::open(m_file, Access::Read);
        if (!opened)
            return fail(opened.error());
        m_connection = std::move(*opened);
        m_seen = now;
    }
    return m_connection->database();
}

Result<std::vector<trace::RequestRow>> SqlReader::page(const PageQuery &query)
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    constexpr auto kRest = u" WHERE id < ? AND id >= ? AND id >= (SELECT value FROM counters WHERE name ="
                           " 'remove_before') AND started_us >= ? AND started_us <= ?";
    const auto most = std::numeric_limits<std::int64_t>::max();
    Sql rows(*database,
             QString::fromUtf16(kPageColumns) + QString::fromUtf16(kRest)
                 + (query.errors_only ? u" AND outcome NOT IN (0, 2) ORDER BY id DESC LIMIT ?"_s
                                      : u" ORDER BY id DESC LIMIT ?"_s));
    rows.bind(query.before ? query.before.value : most).bind(query.from_us).bind(query.from_us);
    rows.bind(query.to_us > 0 ? query.to_us : most);
    if (auto done = rows.bind(std::clamp(query.limit, 1, kMostRowsOfPage)).run(); !done)
        return fail(done.error());
    std::vector<trace::RequestRow> page;
    while (rows.next())
        page.push_back(readRow(rows));
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return page;
}

Result<std::optional<RequestDetail>> SqlReader::request(RequestId id)
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(
        *database,
        u"SELECT r.id, r.started_us, r.outcome, r.status, r.error_code, r.error_message, r.client_key,"
        " r.client_key_name, r.program, r.endpoint, r.path, r.config, r.config_id, r.config_version,"
        " r.model_asked, r.model_served, r.provider, r.slug, r.account, r.virtual_key, r.stream,"
        " r.finish_reason, r.queue_us, r.first_token_us, r.total_us, r.bytes_in, r.bytes_out, r.usage_state,"
        " r.tokens_in, r.tokens_out, r.tokens_cached, r.tokens_cache_written, r.tokens_reasoning,"
        " r.cost_state, r.cost, r.cache, r.cache_saved, r.trace_id, r.capture, r.bodies, d.method, "
        "d.error_text,"
        " d.note, d.usage, d.cost_input, d.cost_cached, d.cost_output, d.price_version, d.priced_as,"
        " d.span_id, d.parent_span_id, d.span_name, d.metadata, d.cache_key, d.cache_age_s, d.guardrails,"
        " d.request_hash, d.replay_of, d.request_headers, d.response_headers, d.skipped"
        " FROM requests r LEFT JOIN request_details d ON d.id = r.id"
        " WHERE r.id = ? AND r.id >= (SELECT value FROM counters WHERE name = 'remove_before')"_s);
    if (auto done = rows.bind(id.value).run(); !done)
        return fail(done.error());
    if (!rows.next()) {
        if (auto ended = rows.ending(); !ended)
            return fail(ended.error());
        return std::nullopt;
    }
    RequestDetail detail{.record = readRecord(rows)};
    const auto stored = rows.number(39);
    if (auto done = readAttempts(*database, detail.record); !done)
        return fail(done.error());
    if (auto done = readBodies(*database, detail, stored); !done)
        return fail(done.error());
    return detail;
}

Result<> SqlReader::readAttempts(const QSqlDatabase &database, trace::Record &record) const
{
    Sql rows(database,
             u"SELECT kind, pointer, slug, provider, account, virtual_key, model, host, chosen_by, next_step,"
             " status, error_code, error_message, provider_request_id, reused_connection, start_us,"
             " connected_us, tls_us, sent_us, head_us, first_token_us, end_us, bytes_sent, bytes_received,"
             " usage_state, usage, cost_state, cost, request_headers, response_headers"
             " FROM attempts WHERE id BETWEEN ? AND ? ORDER BY id"_s);
    const auto first = record.id.value * kAttemptSlots;
    if (auto done = rows.bind(first).bind(first + kAttemptSlots - 1).run(); !done)
        return done;
    while (rows.next())
        record.attempts.push_back(readAttempt(rows));
    return rows.ending();
}

Result<> SqlReader::readBodies(const QSqlDatabase &database, RequestDetail &detail, std::int64_t stored) const
{
    Sql rows(database, u"SELECT id, full_size, content_type, packed FROM bodies WHERE id BETWEEN ? AND ?"_s);
    const auto first = detail.record.id.value * kBodySlots;
    if (auto done = rows.bind(first).bind(first + kBodySlots - 1).run(); !done)
        return done;
    std::int64_t found = 0;
    while (rows.next()) {
        const bool isRequest = rows.number(0) - first == std::int64_t(BodySlot::Request);
        auto text = unpack(rows.blobAt(3));
        if (!text)
            return fail(text.error());
        found |= isRequest ? kHasRequestBody : kHasResponseBody;
        auto &body = isRequest ? detail.record.request_body : detail.record.response_body;
        body = trace::Body{std::move(*text), rows.textAt(2), std::uint64_t(rows.number(1))};
    }
    detail.bodies_expired = (stored & ~found) != 0;
    return rows.ending();
}

Result<std::vector<trace::Rollup>> SqlReader::rollups(std::int64_t from_s, std::int64_t to_s, int step_s)
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(
        *database,
        u"SELECT bucket_s, requests, errors, cancelled, rescued, cached, tokens_in, tokens_out, cost,"
        " cost_unknown, total, first_token FROM rollups WHERE step = ? AND bucket_s >= ? AND bucket_s < ?"
        " ORDER BY bucket_s"_s);
    if (auto done = rows.bind(step_s).bind(from_s).bind(to_s).run(); !done)
        return fail(done.error());
    std::vector<trace::Rollup> buckets;
    while (rows.next()) {
        buckets.push_back({
            .bucket_s = rows.number(0),
            .requests = std::uint64_t(rows.number(1)),
            .errors = std::uint64_t(rows.number(2)),
            .cancelled = std::uint64_t(rows.number(3)),
            .rescued = std::uint64_t(rows.number(4)),
            .cached = std::uint64_t(rows.number(5)),
            .tokens_in = rows.number(6),
            .tokens_out = rows.number(7),
            .cost = {rows.number(8)},
            .cost_unknown = std::uint64_t(rows.number(9)),
            .total = histogramAt(rows, 10),
            .first_token = histogramAt(rows, 11),
        });
    }
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return buckets;
}

Result<std::vector<AccountRow>> SqlReader::accounts()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database,
             u"SELECT id, slug, provider, name, base_url, settings_json, sealed, last_four, enabled,"
             " created_us, rotated_us, notice FROM accounts ORDER BY id"_s);
    if (auto done = rows.run(); !done)
        return fail(done.error());
    std::vector<AccountRow> accounts;
    while (rows.next()) {
        accounts.push_back({
            .id = {rows.number(0)},
            .slug = rows.textAt(1),
            .provider = rows.textAt(2),
            .name = rows.textAt(3),
            .base_url = rows.textAt(4),
            .settings_json = rows.textAt(5),
            .sealed = rows.blobAt(6),
            .last_four = rows.textAt(7),
            .enabled = rows.number(8) != 0,
            .created_us = rows.number(9),
            .rotated_us = rows.number(10),
            .notice = rows.textAt(11),
        });
    }
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return accounts;
}

Result<std::vector<AccountModelsRow>> SqlReader::accountModels()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database, u"SELECT account, models, listed_us FROM account_models ORDER BY account"_s);
    if (auto done = rows.run(); !done)
        return fail(done.error());
    std::vector<AccountModelsRow> lists;
    while (rows.next())
        lists.push_back({.account = {rows.number(0)},
                         .models = listedModels(rows.textAt(1)),
                         .listed_us = rows.number(2)});
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return lists;
}

Result<std::vector<ModelChoiceRow>> SqlReader::modelChoices()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database,
             u"SELECT account, model, own, enabled, price_in, price_out, price_cache_read, price_cache_write,"
             " context, source, edited_us FROM model_choices ORDER BY account, model"_s);
    if (auto done = rows.run(); !done)
        return fail(done.error());
    std::vector<ModelChoiceRow> choices;
    while (rows.next()) {
        choices.push_back({
            .account = {rows.number(0)},
            .model = rows.textAt(1),
            .own = rows.number(2) != 0,
            .enabled = rows.number(3) != 0,
            .price_in = rows.numberOrNull(4),
            .price_out = rows.numberOrNull(5),
            .price_cache_read = rows.numberOrNull(6),
            .price_cache_write = rows.numberOrNull(7),
            .context = rows.number(8),
            .source = rows.textAt(9),
            .edited_us = rows.number(10),
        });
    }
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return choices;
}

Result<std::vector<VirtualKeyRow>> SqlReader::virtualKeys()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database,
             u"SELECT id, slug, account, enabled, expires_us, models_json, limits_json, created_us"
             " FROM virtual_keys ORDER BY id"_s);
    if (auto done = rows.run(); !done)
        return fail(done.error());
    std::vector<VirtualKeyRow> keys;
    while (rows.next()) {
        keys.push_back({
            .id = {rows.number(0)},
            .slug = rows.textAt(1),
            .account = {rows.number(2)},
            .enabled = rows.number(3) != 0,
            .expires_us = rows.number(4),
            .models_json = rows.textAt(5),
            .limits_json = rows.textAt(6),
            .created_us = rows.number(7),
        });
    }
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return keys;
}

Result<std::vector<ClientKeyRow>> SqlReader::clientKeys()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database,
             u"SELECT id, name, token_hash, last_four, scopes, enabled, created_us, expires_us,"
             " last_used_us, settings_json FROM client_keys ORDER BY id"_s);
    if (auto done = rows.run(); !done)
        return fail(done.error());
    std::vector<ClientKeyRow> keys;
    while (rows.next()) {
        keys.push_back({
            .id = {rows.number(0)},
            .name = rows.textAt(1),
            .token_hash = rows.blobAt(2),
            .last_four = rows.textAt(3),
            .scopes = wordsOf(rows.textAt(4)),
            .enabled = rows.number(5) != 0,
            .created_us = rows.number(6),
            .expires_us = rows.number(7),
            .last_used_us = rows.number(8),
            .settings_json = rows.textAt(9),
        });
    }
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return keys;
}

Result<std::map<std::string, std::string>> SqlReader::settings()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database, u"SELECT name, value FROM settings"_s);
    if (auto done = rows.run(); !done)
        return fail(done.error());
    std::map<std::string, std::string> settings;
    while (rows.next())
        settings.emplace(rows.textAt(0), rows.textAt(1));
    if (auto ended = rows.ending(); !ended)
        return fail(ended.error());
    return settings;
}

Result<std::uint64_t> SqlReader::requestCount()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql row(*database, u"SELECT coalesce(sum(requests), 0) FROM rollups WHERE step = 86400"_s);
    if (auto done = row.run(); !done)
        return fail(done.error());
    return row.next() ? std::uint64_t(row.number(0)) : 0;
}

} // namespace portolan::store

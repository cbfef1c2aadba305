// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/schema.h"

#include <array>

namespace portolan::store {

namespace {

// Schema 1. Tables that grow with the traffic have from the start the columns that replay, cache and
// guardrails need, but only the index that a query uses: each one costs every request (measured: three made a
// row dearer by a half), and one that a later query needs is quickly made.
constexpr std::array kSchema1{
    R"(CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        started_us INTEGER NOT NULL,
        outcome INTEGER NOT NULL,
        status INTEGER NOT NULL,
        error_code TEXT NOT NULL,
        error_message TEXT NOT NULL,
        client_key INTEGER NOT NULL,
        client_key_name TEXT NOT NULL,
        program TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        path TEXT NOT NULL,
        config TEXT NOT NULL,
        config_id INTEGER NOT NULL,
        config_version INTEGER NOT NULL,
        model_asked TEXT NOT NULL,
        model_served TEXT NOT NULL,
        provider TEXT NOT NULL,
        slug TEXT NOT NULL,
        account INTEGER NOT NULL,
        virtual_key INTEGER NOT NULL,
        stream INTEGER NOT NULL,
        finish_reason TEXT NOT NULL,
        attempt_marks TEXT NOT NULL,
        queue_us INTEGER NOT NULL,
        first_token_us INTEGER NOT NULL,
        total_us INTEGER NOT NULL,
        bytes_in INTEGER NOT NULL,
        bytes_out INTEGER NOT NULL,
        usage_state INTEGER NOT NULL,
        tokens_in INTEGER NOT NULL,
        tokens_out INTEGER NOT NULL,
        tokens_cached INTEGER NOT NULL,
        tokens_cache_written INTEGER NOT NULL,
        tokens_reasoning INTEGER NOT NULL,
        cost_state INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        cache INTEGER NOT NULL,
        cache_saved INTEGER NOT NULL,
        trace_id TEXT NOT NULL,
        capture INTEGER NOT NULL,
        bodies INTEGER NOT NULL
    ) STRICT)",
    "CREATE INDEX requests_failed ON requests (id) WHERE outcome NOT IN (0, 2)",
    R"(CREATE TABLE request_details (
        id INTEGER PRIMARY KEY,
        method TEXT NOT NULL,
        error_text TEXT NOT NULL,
        note TEXT NOT NULL,
        usage TEXT NOT NULL,
        cost_input INTEGER NOT NULL,
        cost_cached INTEGER NOT NULL,
        cost_output INTEGER NOT NULL,
        price_version TEXT NOT NULL,
        priced_as TEXT NOT NULL,
        span_id TEXT NOT NULL,
        parent_span_id TEXT NOT NULL,
        span_name TEXT NOT NULL,
        metadata TEXT NOT NULL,
        cache_key TEXT NOT NULL,
        cache_age_s INTEGER NOT NULL,
        guardrails TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        replay_of INTEGER NOT NULL,
        request_headers TEXT NOT NULL,
        response_headers TEXT NOT NULL
    ) STRICT)",
    R"(CREATE TABLE attempts (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        pointer TEXT NOT NULL,
        slug TEXT NOT NULL,
        provider TEXT NOT NULL,
        account INTEGER NOT NULL,
        virtual_key INTEGER NOT NULL,
        model TEXT NOT NULL,
        host TEXT NOT NULL,
        chosen_by TEXT NOT NULL,
        next_step TEXT NOT NULL,
        status INTEGER NOT NULL,
        error_code TEXT NOT NULL,
        error_message TEXT NOT NULL,
        provider_request_id TEXT NOT NULL,
        reused_connection INTEGER NOT NULL,
        start_us INTEGER NOT NULL,
        connected_us INTEGER NOT NULL,
        tls_us INTEGER NOT NULL,
        sent_us INTEGER NOT NULL,
        head_us INTEGER NOT NULL,
        first_token_us INTEGER NOT NULL,
        end_us INTEGER NOT NULL,
        bytes_sent INTEGER NOT NULL,
        bytes_received INTEGER NOT NULL,
        usage_state INTEGER NOT NULL,
        usage TEXT NOT NULL,
        cost_state INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        request_headers TEXT NOT NULL,
        response_headers TEXT NOT NULL
    ) STRICT)",
    R"(CREATE TABLE bodies (
        id INTEGER PRIMARY KEY,
        packed_size INTEGER NOT NULL,
        full_size INTEGER NOT NULL,
        content_type TEXT NOT NULL,
        packed BLOB NOT NULL
    ) STRICT)",
    R"(CREATE TABLE rollups (
        step INTEGER NOT NULL,
        bucket_s INTEGER NOT NULL,
        first_id INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        errors INTEGER NOT NULL,
        cancelled INTEGER NOT NULL,
        rescued INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        tokens_in INTEGER NOT NULL,
        tokens_out INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        cost_unknown INTEGER NOT NULL,
        total BLOB NOT NULL,
        first_token BLOB NOT NULL,
        PRIMARY KEY (step, bucket_s)
    ) STRICT)",
    R"(CREATE TABLE model_rollups (
        step INTEGER NOT NULL,
        bucket_s INTEGER NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        requests INTEGER NOT NULL,
        errors INTEGER NOT NULL,
        cancelled INTEGER NOT NULL,
        rescued INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        tokens_in INTEGER NOT NULL,
        tokens_out INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        cost_unknown INTEGER NOT NULL,
        total BLOB NOT NULL,
        first_token BLOB NOT NULL,
        PRIMARY KEY (step, bucket_s, provider, model)
    ) STRICT)",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO counters VALUES ('bodies_bytes', 0), ('remove_before', 0)",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    R"(CREATE TABLE accounts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        slug TEXT NOT NULL UNIQUE,
        provider TEXT NOT NULL,
        name TEXT NOT NULL,
        base_url TEXT NOT NULL,
        settings_json TEXT NOT NULL,
        sealed BLOB NOT NULL,
        last_four TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        created_us INTEGER NOT NULL,
        rotated_us INTEGER NOT NULL,
        notice TEXT NOT NULL
    ) STRICT)",
    R"(CREATE TABLE virtual_keys (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        slug TEXT NOT NULL UNIQUE,
        account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        enabled INTEGER NOT NULL,
        expires_us INTEGER NOT NULL,
        models_json TEXT NOT NULL,
        limits_json TEXT NOT NULL,
        created_us INTEGER NOT NULL
    ) STRICT)",
    "CREATE INDEX virtual_keys_account ON virtual_keys (account)",
    R"(CREATE TABLE client_keys (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        token_hash BLOB NOT NULL UNIQUE,
        last_four TEXT NOT NULL,
        scopes TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        created_us INTEGER NOT NULL,
        expires_us INTEGER NOT NULL,
        last_used_us INTEGER NOT NULL,
        settings_json TEXT NOT NULL
    ) STRICT)",
};

// Schema 2: saved configs.
constexpr std::array kSchema2{
    R"(CREATE TABLE configs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        slug TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        archived INTEGER NOT NULL,
        created_us INTEGER NOT NULL,
        updated_us INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT)",
    R"(CREATE TABLE config_versions (
        config INTEGER NOT NULL REFERENCES configs (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        note TEXT NOT NULL,
        author TEXT NOT NULL,
        saved_us INTEGER NOT NULL,
        PRIMARY KEY (config, version)
    ) STRICT)",
};

// Schema 3: the models that providers have listed, with a blank between their ids.
constexpr std::array kSchema3{
    R"(CREATE TABLE account_models (
        account INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
        models TEXT NOT NULL,
        listed_us INTEGER NOT NULL
    ) STRICT)",
};

// Schema 4: targets that a request passed over, and what owners say of their accounts' models.
constexpr std::array kSchema4{
    "ALTER TABLE request_details ADD COLUMN skipped TEXT NOT NULL DEFAULT ''",
    R"(CREATE TABLE model_choices (
        account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        model TEXT NOT NULL,
        own INTEGER NOT NULL,
        enabled INTEGER NOT NULL,
        price_in INTEGER,
        price_out INTEGER,
        price_cache_read INTEGER,
        price_cache_write INTEGER,
        context INTEGER NOT NULL,
        source TEXT NOT NULL,
        edited_us INTEGER NOT NULL,
        PRIMARY KEY (account, model)
    ) STRICT, WITHOUT ROWID)",
};

// Schema 5: what keys have used of their limits, and requests that run on the account of such keys.
constexpr std::array kSchema5{
    R"(CREATE TABLE key_spend (
        party INTEGER NOT NULL,
        key INTEGER NOT NULL,
        period TEXT NOT NULL,
        day INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        extra INTEGER NOT NULL,
        guessed_cost INTEGER NOT NULL,
        PRIMARY KEY (party, key, period, day)
    ) STRICT, WITHOUT ROWID)",
    R"(CREATE TABLE key_windows (
        window INTEGER NOT NULL,
        start_us INTEGER NOT NULL,
        party INTEGER NOT NULL,
        key INTEGER NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (window, start_us, party, key)
    ) STRICT, WITHOUT ROWID)",
    R"(CREATE TABLE running_requests (
        id INTEGER PRIMARY KEY,
        started_us INTEGER NOT NULL,
        client_key INTEGER NOT NULL,
        client_key_name TEXT NOT NULL,
        program TEXT NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        config TEXT NOT NULL,
        config_id INTEGER NOT NULL,
        config_version INTEGER NOT NULL,
        model_asked TEXT NOT NULL,
        model_served TEXT NOT NULL,
        provider TEXT NOT NULL,
        slug TEXT NOT NULL,
        account INTEGER NOT NULL,
        virtual_key INTEGER NOT NULL,
        stream INTEGER NOT NULL,
        trace_id TEXT NOT NULL,
        span_id TEXT NOT NULL,
        capture INTEGER NOT NULL
    ) STRICT)",
    R"(CREATE TABLE running_charges (
        request INTEGER NOT NULL,
        place INTEGER NOT NULL,
        party INTEGER NOT NULL,
        key INTEGER NOT NULL,
        period TEXT NOT NULL,
        day INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        extra INTEGER NOT NULL,
        guessed_cost INTEGER NOT NULL,
        windows INTEGER NOT NULL,
        asked_us INTEGER NOT NULL,
        ended_us INTEGER NOT NULL,
        PRIMARY KEY (request, place)
    ) STRICT, WITHOUT ROWID)",
};

// Schema 6: who changed what. AUTOINCREMENT, because a page of the log goes on by the last id seen.
constexpr std::array kSchema6{
    R"(CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at_us INTEGER NOT NULL,
        actor_kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        resource TEXT NOT NULL,
        name TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL
    ) STRICT)",
};

constexpr std::array kMigrations{
    Migration{.version = 1, .statements = kSchema1}, Migration{.version = 2, .statements = kSchema2},
    Migration{.version = 3, .statements = kSchema3}, Migration{.version = 4, .statements = kSchema4},
    Migration{.version = 5, .statements = kSchema5}, Migration{.version = 6, .statements = kSchema6},
};

} // namespace

std::span<const Migration> migrations()
{
    return kMigrations;
}

int schemaVersion()
{
    return kMigrations.back().version;
}

} // namespace portolan::store

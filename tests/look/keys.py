# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of a working day for the pictures: with budgets, rates, other slugs, some that are off or have expired. Written
while nobody serves."""
import json
import os
import sqlite3
import time

DAY_US = 86_400 * 1_000_000
DOLLAR = 1_000_000_000


def budget(dollars, kind, zone="Europe/Berlin", **more):
    return {"unit": "cost", "limit": int(dollars * DOLLAR), "period": {"kind": kind, "zone": zone, **more},
            "alert_percents": [50, 80, 100]}


def rate(most, unit="requests", per="minute"):
    return {"unit": unit, "per": per, "most": most}


# slug: account, days until it expires, on, models, limits
SLUGS = {
    "agents": ("openrouter", 71, True, ["anthropic/claude-sonnet-4"],
               {"budget": budget(0, "day"), "rates": [rate(20)], "note": "Coding agents, on a short leash"}),
    "nightly": ("mistral", 0, False, ["mistral-large-latest"],
                {"budget": budget(2, "day"), "rates": [rate(5), rate(100_000, "tokens")]}),
    "openai-trial": ("openai", -20, True, ["gpt-4o-mini", "gpt-4o"],
                     {"budget": {**budget(10, "never"), "period": {"kind": "never", "zone": "UTC"}},
                      "rates": [rate(10)]}),
}
FIRST = {
    "openai": {"budget": budget(50, "month"), "rates": [rate(600), rate(2_000_000, "tokens")]},
    "openrouter": {"budget": budget(20, "week", first_weekday=1), "rates": [rate(1_000_000, "tokens")]},
    "groq": {"concurrency": 4},
}
CLIENTS = {
    "web-app": (0, True, {"budget": budget(100, "month"), "rates": [rate(1200)], "slugs": ["openai"]}),
    "editor": (0, True, {"metadata": {"team": "docs"}}),
    "ci": (30, True, {"budget": budget(0, "day"), "concurrency": 2, "slugs": ["openai-trial", "nightly"]}),
    "intern": (-5, True, {"note": "Summer 2026"}),
    "old-laptop": (0, False, {}),
}


def moment(days):
    return int(time.time() * 1e6) + days * DAY_US if days else 0


def add_keys(data, many=0):
    now = int(time.time() * 1e6)
    with sqlite3.connect(data / "portolan.db") as db:
        accounts = dict(db.execute("SELECT slug, id FROM accounts"))
        for slug, limits in FIRST.items():
            db.execute("UPDATE virtual_keys SET limits_json = ? WHERE slug = ?", (json.dumps(limits), slug))
        slugs = {**SLUGS, **{f"project-{i:04}": ("openai", 0, True, [], FIRST["openai"]) for i in range(many)}}
        for slug, (account, days, on, models, limits) in slugs.items():
            db.execute("INSERT INTO virtual_keys (slug, account, enabled, expires_us, models_json, limits_json, created_us)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?)",
                       (slug, accounts[account], on, moment(days), json.dumps(models) if models else "",
                        json.dumps(limits), now))
        clients = {**CLIENTS, **{f"program-{i:04}": (0, True, {}) for i in range(many)}}
        for name, (days, on, settings) in clients.items():
            db.execute("INSERT INTO client_keys (name, token_hash, last_four, scopes, enabled, created_us, expires_us,"
                       " last_used_us, settings_json) VALUES (?, ?, ?, 'use', ?, ?, ?, 0, ?)",
                       (name, os.urandom(32), f"...{os.urandom(2).hex()}", on, now, moment(days),
                        json.dumps(settings) if settings else ""))
    db.close()

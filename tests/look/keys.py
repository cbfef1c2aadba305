# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of a working day for the pictures: with budgets, rates, other slugs, some that are off or have expired. Written
while nobody serves."""
import datetime
import json
import os
import sqlite3
import time
import zoneinfo

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
               {"budget": budget(5, "day"), "rates": [rate(20)], "note": "Coding agents, on a short leash"}),
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
    "ci": (30, True, {"budget": budget(2, "day"), "concurrency": 2, "slugs": ["openai-trial", "nightly"]}),
    "intern": (-5, True, {"note": "Summer 2026"}),
    "old-laptop": (0, False, {}),
}
# by slug or name, in dollars: one budget is used up, one nearly
SPENT = {"agents": 5, "openai": 12.1, "openrouter": 16.4, "openai-trial": 3.98, "web-app": 41.3, "ci": 2}
CLIENT, VIRTUAL = 1, 2  # trace::Charge::Party


def period_of(limits):
    """How the store names the budget's period, and the first day of the one that runs, since 1970."""
    period = limits["budget"]["period"]
    today = datetime.datetime.now(zoneinfo.ZoneInfo(period["zone"])).date()
    begin = {"never": datetime.date(1970, 1, 1), "day": today, "month": today.replace(day=1),
             "week": today - datetime.timedelta(days=today.weekday())}[period["kind"]]
    name = {"never": "never", "week": f"week1 {period['zone']}"}.get(period["kind"], f"{period['kind']} {period['zone']}")
    return name, (begin - datetime.date(1970, 1, 1)).days


def add_spend(db):
    for table, name, party, column in (("virtual_keys", "slug", VIRTUAL, "limits_json"),
                                       ("client_keys", "name", CLIENT, "settings_json")):
        for key, called, limits in db.execute(f"SELECT id, {name}, {column} FROM {table}").fetchall():
            if called in SPENT and "budget" in limits:
                db.execute("INSERT INTO key_spend VALUES (?, ?, ?, ?, ?, 0, 0, 0)",
                           (party, key, *period_of(json.loads(limits)), int(SPENT[called] * DOLLAR)))


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
        add_spend(db)
    db.close()

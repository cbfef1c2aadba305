#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixed traffic and mixed faults for a long time: nothing crashes, leaks, sticks or goes unlogged.

  tests/bench/soak.py [--build build/bench] [--seconds 1800]

Every request leaves exactly one row; memory and descriptors after the first quarter and at the end are alike.
"""
import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import time

from rig import Rig

# model, body bytes, connections, requests a second
TRAFFIC = [
    ("@json/gpt-4o-mini", 2_048, 32, 400),
    ("@json/gpt-4o-mini", 1_000_000, 2, 4),
    ("@paced/gpt-4o-mini", 2_048, 64, 40),
    ("@practice/echo", 2_048, 8, 100),
    ("@practice/flaky-50%", 512, 4, 20),
    ("@practice/rate-limited-1s", 512, 4, 20),
    ("@practice/server-error-503", 512, 4, 20),
    ("@practice/bad-json", 512, 4, 20),
    ("@practice/cut-stream-3", 512, 4, 20),
    ("@gone/gpt-4o-mini", 512, 4, 20),   # nobody listens there
    ("@nobody/gpt-4o-mini", 512, 4, 20), # no such slug
]
LEAVERS = [("@paced/gpt-4o-mini", 2_048), ("@practice/hang", 512), ("@practice/slow-2000ms", 512)]
LEAP_MIB = 20
SPARE_DESCRIPTORS = 64 + 64 # idle connections to providers may stay


def wave(rig, gateway, number, seconds):
    """Some seconds of all kinds of traffic at once; returns what each generator saw, by trace prefix."""
    headers = [f"Authorization: Bearer {gateway.key}"]
    loads = {}
    for kind, (model, size, connections, rate) in enumerate(TRAFFIC):
        prefix = f"soak-{number}-{kind}-"
        loads[prefix] = subprocess.Popen(
            rig.load_words(gateway.port, rig.body(model, size), headers, connections=connections, rate=rate,
                           seconds=seconds, trace=prefix), stdout=subprocess.PIPE, text=True)
    end = time.monotonic() + seconds
    for turn in itertools.count():
        if time.monotonic() > end:
            break
        model, size = LEAVERS[turn % len(LEAVERS)]
        leaver = subprocess.Popen(
            rig.load_words(gateway.port, rig.body(model, size), headers, connections=20, once=True, seconds=20,
                           trace=f"leave-{number}-{turn}-"), stdout=subprocess.DEVNULL)
        time.sleep(0.3)
        leaver.kill() # its 20 requests are in flight
        leaver.wait()
    return {prefix: json.loads(load.communicate(timeout=60)[0]) for prefix, load in loads.items()}


def settle(gateway):
    """Waits until nothing is in flight; returns how many requests still are."""
    for _ in range(60):
        active = gateway.command("status")[0]["active"]
        if active == 0:
            time.sleep(1)
            return 0
        time.sleep(0.5)
    return active


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=pathlib.Path(__file__).resolve().parents[2] / "build/bench")
    parser.add_argument("--seconds", type=int, default=1800)
    arguments = parser.parse_args()
    problems = []
    waves = 8
    with Rig(arguments.build) as rig:
        ports = rig.mock({"json": "json:1024", "paced": "sse:64:10000"})
        gateway = rig.gateway("soak")
        gateway.make_key()
        for slug in ("json", "paced"):
            gateway.add_account(slug, ports[slug])
        gateway.add_account("gone", 1)
        gateway.start()
        samples = []
        for number in range(waves):
            seen = wave(rig, gateway, number, max(5, arguments.seconds // waves))
            if gateway.process.poll() is not None:
                sys.exit(f"the gateway died: {gateway.log.read_text()[-2000:]}")
            if stuck := settle(gateway):
                problems.append(f"wave {number}: {stuck} requests are stuck")
            samples.append((gateway.usage.resident() / 2**20, gateway.usage.descriptors()))
            rows = dict(gateway.query("SELECT substr(trace_id, 1, length(rtrim(trace_id, '0123456789'))) AS prefix, count(*)"
                                      " FROM requests WHERE trace_id LIKE ? GROUP BY prefix", f"soak-{number}-%"))
            for prefix, result in seen.items():
                sent = result["requests"] + result["errors"] + result["unanswered"]
                if rows.get(prefix, 0) != sent:
                    problems.append(f"{prefix}: {sent} requests, {rows.get(prefix, 0)} rows")
            print(f"wave {number}: {sum(rows.values())} rows, {samples[-1][0]:.0f} MiB, {samples[-1][1]} descriptors",
                  flush=True)
        [[twice]] = gateway.query("SELECT count(*) FROM (SELECT trace_id FROM requests WHERE trace_id <> ''"
                                  " GROUP BY trace_id HAVING count(*) > 1)")
        if twice:
            problems.append(f"{twice} requests have more than one row")
        early, late = samples[waves // 4 - 1], samples[-1]
        if late[0] > early[0] + LEAP_MIB:
            problems.append(f"memory grew from {early[0]:.0f} to {late[0]:.0f} MiB")
        if late[1] > early[1] + SPARE_DESCRIPTORS:
            problems.append(f"descriptors grew from {early[1]} to {late[1]}")
        if code := gateway.stop():
            problems.append(f"the gateway ended with {code}")
    print("\n".join(problems) or "clean")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()

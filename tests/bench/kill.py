#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL under load: no row of a request that ended 100 ms before is lost, and the next start takes under a second.

  tests/bench/kill.py [--build build/bench] [--rounds 20] [--rate 200]
"""
import argparse
import pathlib
import random
import subprocess
import sys
import time

from rig import Rig

GRACE_US = 100_000


def one_round(rig, gateway, number, rate):
    record = rig.folder / f"record-{number}"
    port, body = gateway.port, rig.body("@practice/echo", 2048)
    load = subprocess.Popen(
        rig.load_words(port, body, [f"Authorization: Bearer {gateway.key}"], connections=16, rate=rate, seconds=60,
                       trace=f"kill-{number}-", record=record, stop_on_error=True), stdout=subprocess.DEVNULL)
    time.sleep(random.uniform(0.5, 3))
    killed_us = time.time_ns() // 1000
    gateway.process.kill()
    gateway.process.wait()
    load.wait(20)

    done = [line.split() for line in record.read_text().splitlines()]
    owed = {f"kill-{number}-{n}" for n, status, us in done if status == "200" and int(us) < killed_us - GRACE_US}
    seconds = gateway.start()
    found = {trace for [trace] in gateway.query("SELECT trace_id FROM requests WHERE trace_id LIKE ?", f"kill-{number}-%")}
    [[verdict]] = gateway.query("PRAGMA quick_check")
    problems = []
    if not owed:
        problems.append("no request ended before the kill")
    if owed - found:
        problems.append(f"{len(owed - found)} of {len(owed)} rows lost")
    if seconds >= 1:
        problems.append(f"the next start took {seconds:.2f} s")
    if verdict != "ok":
        problems.append(f"the file is damaged: {verdict}")
    print(f"round {number}: {len(owed)} rows owed, {len(found)} found, start {seconds * 1000:.0f} ms"
          + (": " + "; ".join(problems) if problems else ""), flush=True)
    return not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=pathlib.Path(__file__).resolve().parents[2] / "build/bench")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the moments of the kills")
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    print(f"seed {arguments.seed}")
    with Rig(arguments.build) as rig:
        gateway = rig.gateway("kill")
        gateway.make_key()
        gateway.start()
        good = [one_round(rig, gateway, number, arguments.rate) for number in range(arguments.rounds)]
    sys.exit(0 if all(good) and good else 1)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures direct, nginx, Portolan and Portkey's gateway in alternating rounds and prints medians and ratios.

  tests/bench/bench.py [--build build/bench] [--quick] [--only NAME,...] [--json FILE] [--write]

Parts: latency, throughput, prompts, streams, crowd, logging, start, window, and translation, which has a table of its
own. --write puts the tables of the parts that ran into README.md.
"""
import argparse
import datetime
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

from results import Results, machine, number, number_ratio, write_readme, yes
from rig import CREDENTIAL, Rig, Usage, free_ports, wait_for_port
from translation import Translation

HERE = pathlib.Path(__file__).resolve().parent
PORTKEY = "@portkey-ai/gateway@1.15.2"

PROFILES = {
    "json1k": "json:1024",
    "paced": "sse:64:2000",     # 64 frames, one every 2 ms
    "burst": "sse:64:0",        # 64 frames as fast as they are taken
    "crowd": "sse:100:50000",   # 20 frames a second for 5 s
}


class Target:
    """One way to the mock: which port, which headers and which model name lead to which profile."""

    def __init__(self, name, usage=None):
        self.name, self.usage = name, usage

    def call(self, rig, profile, size):
        """port, body file, headers"""
        raise NotImplementedError


class Direct(Target):
    def __init__(self, ports):
        super().__init__("direct")
        self.ports = ports

    def call(self, rig, profile, size):
        return self.ports[profile], rig.body("gpt-4o-mini", size), [f"Authorization: Bearer {CREDENTIAL}"]


class Nginx(Direct):
    def __init__(self, rig, ports):
        Target.__init__(self, "nginx")
        self.ports = dict(zip(ports, free_ports(len(ports))))
        servers = "".join(f"""
            upstream {name} {{ server 127.0.0.1:{port}; keepalive 512; }}
            server {{
                listen 127.0.0.1:{self.ports[name]} backlog=4096;
                location / {{ proxy_pass http://{name}; }}
            }}""" for name, port in ports.items())
        folder = rig.folder / f"nginx{len(rig.processes)}"
        (folder / "logs").mkdir(parents=True)
        (folder / "nginx.conf").write_text(f"""
            daemon off; worker_processes 1; worker_rlimit_nofile 16384; pid {folder}/pid; error_log {folder}/error.log;
            {"user root;" if os.geteuid() == 0 else ""}
            events {{ worker_connections 8192; }}
            http {{
                access_log off; keepalive_requests 100000000; client_max_body_size 100m;
                client_body_buffer_size 2m; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
                fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
                proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
                {servers}
            }}""")
        self.process = rig.start(shutil.which("nginx") or "/usr/sbin/nginx", "-c", folder / "nginx.conf", "-p", folder)
        for port in self.ports.values():
            wait_for_port(port, self.process)
        self.usage = Usage(self.process.pid)


class Portolan(Target):
    def __init__(self, rig, ports, name, capture, folder=None):
        super().__init__(name)
        self.gateway = rig.gateway(folder or name)
        self.gateway.make_key()
        for slug, port in ports.items():
            self.gateway.add_account(slug, port)
        self.gateway.set("capture.level", capture)
        self.gateway.start()
        self.usage = self.gateway.usage

    def call(self, rig, profile, size):
        return (self.gateway.port, rig.body(f"@{profile}/gpt-4o-mini", size),
                [f"Authorization: Bearer {self.gateway.key}"])


class Portkey(Target):
    def __init__(self, rig, ports, folder):
        super().__init__("Portkey")
        self.ports = ports
        script = folder / "node_modules/@portkey-ai/gateway/build/start-server.js"
        if not script.exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text('{"private": true}')
            subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", PORTKEY], cwd=folder, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        [self.port] = free_ports(1)
        process = rig.start("node", script, f"--port={self.port}", "--headless", cwd=folder)
        wait_for_port(self.port, process)
        self.usage = Usage(process.pid)

    def call(self, rig, profile, size):
        return self.port, rig.body("gpt-4o-mini", size), [
            f"Authorization: Bearer {CREDENTIAL}", "x-portkey-provider: openai",
            f"x-portkey-custom-host: http://127.0.0.1:{self.ports[profile]}/v1"]


class Bench:
    def __init__(self, rig, arguments):
        self.rig, self.quick, self.build = rig, arguments.quick, pathlib.Path(arguments.build).resolve()
        self.results = Results()
        self.notes = []
        self.ports = rig.mock(PROFILES)
        self.targets = [Direct(self.ports), Nginx(rig, self.ports),
                        Portolan(rig, self.ports, "Portolan", capture=1),
                        Portolan(rig, self.ports, "Portolan, bodies", capture=3)]
        if shutil.which("npm"):
            try:
                self.targets.append(Portkey(rig, self.ports, self.build / "portkey"))
            except subprocess.CalledProcessError:
                self.notes.append("Portkey's gateway could not be installed from npm and was left out.")
        for target in self.targets:
            self.run(target, "json1k", 2048, connections=16, seconds=1 if self.quick else 4)

    def run(self, target, profile, size, **options):
        port, body, headers = target.call(self.rig, profile, size)
        result = self.rig.load(port, body, headers, **options)
        if result["errors"] or result["unanswered"]:
            self.notes.append(f"{target.name}, {profile}, {options}: {result['errors']} errors, "
                              f"{result['unanswered']} unanswered, {result['statuses']}")
        return result

    def rounds(self, count, targets):
        """Each round in another order, so that no target always runs after the same one."""
        for number in range(2 if self.quick else count):
            shift = number % len(targets)
            yield from targets[shift:] + targets[:shift]

    def seconds(self, full):
        return 1 if self.quick else full

    def streaming(self):
        return [target for target in self.targets if target.name != "Portkey"]

    def latency(self):
        for target in self.rounds(10, self.targets):
            result = self.run(target, "json1k", 2048, connections=1, seconds=self.seconds(3))
            self.results.add("total p50, c=1 (us)", target.name, result["p50_us"])
            self.results.add("total p99, c=1 (us)", target.name, result["p99_us"])

    def throughput(self):
        for connections in (16, 64, 256):
            for target in self.rounds(5, self.targets):
                before = target.usage.cpu() if target.usage else 0
                result = self.run(target, "json1k", 2048, connections=connections, seconds=self.seconds(4))
                self.results.add(f"requests/s, c={connections}", target.name, result["rps"])
                if connections == 64 and target.usage:
                    # The writer may still work on what was sent: let it come to rest.
                    time.sleep(1)
                    cpu = (target.usage.cpu() - before) / max(1, result["requests"]) * 1e6
                    self.results.add("CPU per request, c=64 (us)", target.name, cpu)

    def prompts(self):
        for label, size in (("10 KB", 10_000), ("100 KB", 100_000), ("1 MB", 1_000_000)):
            for target in self.rounds(5, self.targets):
                result = self.run(target, "json1k", size, connections=1, seconds=self.seconds(3))
                self.results.add(f"total p50, {label} prompt (us)", target.name, result["p50_us"])

    def streams(self):
        for target in self.rounds(5, self.streaming()):
            result = self.run(target, "paced", 2048, connections=8, seconds=self.seconds(4))
            self.results.add("first byte of a stream, p50 (us)", target.name, result["first_p50_us"])
            self.results.add("a frame from provider to client, p50 (us)", target.name, result["frame_p50_us"])
            self.results.add("a frame from provider to client, p99 (us)", target.name, result["frame_p99_us"])
        for target in self.rounds(5, self.streaming()):
            result = self.run(target, "burst", 2048, connections=16, seconds=self.seconds(4))
            self.results.add("64-frame streams/s, c=16", target.name, result["rps"])

    def crowd(self):
        """1,000 streams at once, each time through a process that has seen nothing but a warm-up."""
        for number in range(2 if self.quick else 3):
            fresh = [self.targets[0], Nginx(self.rig, self.ports),
                     Portolan(self.rig, self.ports, "Portolan", capture=1, folder=f"crowd{number}")]
            for target in fresh:
                self.run(target, "json1k", 2048, connections=1, seconds=1)
                idle = target.usage.resident() if target.usage else 0
                peak, done = idle, threading.Event()

                def watch():
                    nonlocal peak
                    while target.usage and not done.wait(0.1):
                        peak = max(peak, target.usage.resident())

                watcher = threading.Thread(target=watch)
                watcher.start()
                result = self.run(target, "crowd", 2048, connections=1000, once=True, seconds=20)
                done.set()
                watcher.join()
                self.results.add("1,000 streams: errors", target.name, result["errors"] + result["unanswered"])
                self.results.add("1,000 streams: first byte p99 (us)", target.name, result["first_p99_us"])
                self.results.add("1,000 streams: frame p99 (us)", target.name, result["frame_p99_us"])
                if target.usage:
                    self.results.add("1,000 streams: memory above idle (MiB)", target.name, (peak - idle) / 2**20)
            fresh[1].process.terminate()
            fresh[2].gateway.stop()

    def logging(self):
        """Whether every request and every body reaches the store at full speed."""
        seconds = 5 if self.quick else 60
        for target in self.targets:
            if not isinstance(target, Portolan):
                continue
            gateway = target.gateway
            count = "SELECT (SELECT count(*) FROM requests), (SELECT count(*) FROM bodies)"
            time.sleep(2)
            [before] = gateway.query(count)
            result = self.run(target, "json1k", 2048, connections=64, seconds=seconds)
            wanted = before[0] + result["requests"]
            for _ in range(100):
                [after] = gateway.query(count)
                if after[0] >= wanted:
                    break
                time.sleep(0.2)
            row = f"requests/s for {seconds} s, all logged"
            self.results.add(row, target.name, result["rps"])
            self.results.add("rows missing after it", target.name, wanted - after[0])
            if target.name == "Portolan, bodies":
                # One of the request, one of the answer.
                missing = 2 * result["requests"] - (after[1] - before[1])
                self.results.add("bodies missing after it", target.name, missing)

    def start(self):
        gateway = self.rig.gateway("cold")
        gateway.make_key()
        for number in range(2 if self.quick else 10):
            begin = time.monotonic()
            gateway.start()
            with socket.create_connection(("127.0.0.1", gateway.port)) as s:
                s.sendall(b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                s.recv(4096)
            self.results.add("cold start to first answer (ms)", "Portolan", (time.monotonic() - begin) * 1000)
            if number == 0:
                time.sleep(3)
                self.results.add("idle memory, no window (MiB)", "Portolan", gateway.usage.resident() / 2**20)
            gateway.stop()

    def window(self):
        program = self.rig.bin / "portolan"
        wrapper = HERE.parent.parent / "packaging/with-display.sh"
        if not program.exists() or not shutil.which("Xvfb") or not shutil.which("xdotool"):
            self.notes.append("The window was not measured: portolan, Xvfb or xdotool is missing.")
            return
        for number in range(2 if self.quick else 5):
            data = self.rig.folder / f"window{number}"
            done = subprocess.run([wrapper, HERE / "windowstart.sh", program, data], capture_output=True, text=True)
            if done.returncode:
                self.notes.append(f"The window did not come up: {done.stderr.strip()}")
                return
            measured = json.loads(done.stdout)
            self.results.add("window there after start (ms)", "Portolan", measured["ms"])
            self.results.add("window, idle memory (MiB)", "Portolan", measured["kib"] / 1024)


# row, what is compared, with whom, bound; "own" compares the value itself.
BOUNDS = [
    ("total p50, c=1 (us)", "nginx", "<=", 1.2),
    ("total p50, c=1 (us)", "Portkey", "<=", 0.2),
    ("requests/s, c=64", "nginx", ">=", 0.6),
    ("requests/s, c=64", "Portkey", ">=", 50),
    ("CPU per request, c=64 (us)", "nginx", "<=", 2.5),
    ("first byte of a stream, p50 (us)", "nginx", "<=", 1.2),
    ("a frame from provider to client, p50 (us)", "nginx", "<=", 1.2),
    ("1,000 streams: errors", "own", "<=", 0),
    ("1,000 streams: memory above idle (MiB)", "nginx", "<=", 0.8),
    ("total p50, 1 MB prompt (us)", "nginx", "<=", 1.5),
    ("cold start to first answer (ms)", "own", "<=", 150),
    ("idle memory, no window (MiB)", "own", "<=", 35),
    ("window there after start (ms)", "own", "<=", 1000),
    ("window, idle memory (MiB)", "own", "<=", 160),
]
COLUMNS = ["direct", "nginx", "Portolan", "Portolan, bodies", "Portkey"]


def report(bench):
    results = bench.results
    lines = [machine(bench.quick), "",
             "| | " + " | ".join(COLUMNS) + " | Portolan : nginx | Portolan : Portkey |",
             "|---|" + "--:|" * (len(COLUMNS) + 2)]
    for row in results.rows:
        cells = [number(results.median(row, column)) for column in COLUMNS]
        ratios = [number_ratio(results.ratio(row, other)) for other in ("nginx", "Portkey")]
        lines.append(f"| {row} | " + " | ".join(cells + ratios) + " |")
    lines += ["", "| bound | measured | met |", "|---|--:|---|"]
    for row, other, sign, bound in BOUNDS:
        value = results.median(row, "Portolan") if other == "own" else results.ratio(row, other)
        if value is None:
            continue
        met = value <= bound if sign == "<=" else value >= bound
        what = row if other == "own" else f"{row}, against {other}"
        lines.append(f"| {what} {sign} {bound} | {number_ratio(value)} | {yes(met)} |")
    lines += logging_bounds(results)
    lines += [""] + [f"* {note}" for note in bench.notes]
    return "\n".join(lines).rstrip() + "\n"


def logging_bounds(results):
    row = next((row for row in results.rows if row.endswith("all logged")), None)
    if not row:
        return []
    with_bodies, without = results.median(row, "Portolan, bodies"), results.median(row, "Portolan")
    missing = sum(results.median(name, "Portolan, bodies") or 0 for name in ("rows missing after it", "bodies missing after it"))
    return [f"| {row}, bodies against none >= 0.7 | {number_ratio(with_bodies / without)} | {yes(with_bodies >= 0.7 * without)} |",
            f"| {row}, with bodies >= 10,000 | {number(with_bodies)} | {yes(with_bodies >= 10_000)} |",
            f"| rows and bodies missing <= 0 | {number(missing)} | {yes(missing <= 0)} |"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = ["latency", "throughput", "prompts", "streams", "crowd", "logging", "start", "window", "translation"]
    parser.add_argument("--build", default=HERE.parent.parent / "build/bench")
    parser.add_argument("--quick", action="store_true", help="two short rounds: to try the script, not to measure")
    parser.add_argument("--only", default=",".join(parts), help="parts to run, with commas")
    parser.add_argument("--json", help="also write every sample to this file")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    if unknown := set(chosen) - set(parts):
        sys.exit(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    tables, samples = {}, {}
    for name, begin in (("measured", run_comparison), ("translation", run_translation)):
        mine = [part for part in parts if part in chosen and (part == "translation") == (name == "translation")]
        if mine:
            with Rig(arguments.build) as rig:
                tables[name], rows = begin(rig, arguments, mine)
                samples |= rows
            print(tables[name])
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(samples, indent=1))
    if arguments.write:
        for name, text in tables.items():
            write_readme(name, text)


def run_comparison(rig, arguments, parts):
    bench = Bench(rig, arguments)
    for part in parts:
        print(f"{datetime.datetime.now():%H:%M:%S} {part}", file=sys.stderr)
        getattr(bench, part)()
    return report(bench), bench.results.rows


def run_translation(rig, arguments, _):
    translation = Translation(rig, arguments.quick)
    translation.measure()
    return translation.report(), translation.results.rows


if __name__ == "__main__":
    main()

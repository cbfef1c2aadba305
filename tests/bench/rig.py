# SPDX-License-Identifier: GPL-3.0-or-later
"""What the measuring scripts share: the processes they start, and what /proc knows of them.

Everything listens on 127.0.0.1, lives in one temporary folder and ends with the script.
"""
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

CREDENTIAL = "sk-bench-0123456789"
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def raise_limits():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def wait_for_port(port, process, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} ended before it listened")
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit(f"{process.args[0]} does not listen on {port} after {seconds} s")


class Usage:
    """CPU seconds, resident bytes and descriptors of a process and its children."""

    def __init__(self, pid):
        self.pid = pid

    def pids(self):
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu(self):
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK

    def resident(self):
        return sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.pids()) * PAGE

    def descriptors(self):
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.pids())


class Gateway:
    """A portolan-gateway on a data directory. start() may be called again after kill()."""

    def __init__(self, program, data):
        self.program = str(program)
        self.data = pathlib.Path(data)
        # Nothing of the person who measures: no credential to offer, no keyring to ask.
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.data), "LC_ALL": "C.UTF-8",
                            "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        self.process = None
        self.port = 0
        self.log = self.data.with_suffix(".log")

    def command(self, *words, text=""):
        done = subprocess.run([self.program, *words, "--data", str(self.data), "--json"], input=text, text=True,
                              env=self.environment, capture_output=True)
        if done.returncode:
            sys.exit(f"portolan-gateway {' '.join(words)}: {done.stderr.strip()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def make_key(self, name="bench"):
        self.key = self.command("key", "create", "--name", name)[0]["token"]

    def add_account(self, slug, port, provider="openai"):
        self.command("account", "add", "--slug", slug, "--provider", provider, "--base-url",
                     f"http://127.0.0.1:{port}/v1", "--key-stdin", text=CREDENTIAL)

    def set(self, name, value):
        """Writes a setting while nobody serves."""
        with sqlite3.connect(self.data / "portolan.db") as db:
            db.execute("INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                       (name, str(value)))
        db.close()

    def start(self):
        """Returns the seconds from exec to the line that says it listens."""
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", str(self.data), "--listen", "127.0.0.1:0", "--json"],
            env=self.environment, stdout=subprocess.PIPE, stderr=open(self.log, "a"), text=True)
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == "listening":
                self.port = int(event["url"].rsplit(":", 1)[1].split("/")[0])
                self.usage = Usage(self.process.pid)
                return time.monotonic() - begin
        sys.exit(f"portolan-gateway did not start: {self.log.read_text()[-2000:]}")

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        return self.process.returncode if self.process else None

    def query(self, sql, *values):
        """Reads the store as any SQLite program may."""
        db = sqlite3.connect(f"file:{self.data / 'portolan.db'}?mode=ro", uri=True, timeout=30)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()


class Rig:
    def __init__(self, build):
        raise_limits()
        self.bin = pathlib.Path(build).resolve() / "bin"
        for program in ("mockupstream", "loadgen", "portolan-gateway"):
            if not (self.bin / program).exists():
                sys.exit(f"{self.bin / program} is missing: cmake --preset bench && cmake --build --preset bench")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="portolan-bench-"))
        self.processes = []
        self.gateways = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for gateway in self.gateways:
            gateway.stop(signal.SIGKILL)
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *words, **options):
        process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL,
                                   stdout=options.pop("stdout", subprocess.DEVNULL), stderr=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process

    def mock(self, profiles):
        """profiles: name -> "json:1024", "sse:64:2000" or one of those as "messages". Returns name -> port."""
        ports = dict(zip(profiles, free_ports(len(profiles))))
        process = self.start(self.bin / "mockupstream", *(f"{ports[name]}:{what}" for name, what in profiles.items()))
        for port in ports.values():
            wait_for_port(port, process)
        return ports

    def gateway(self, name):
        data = self.folder / name
        data.mkdir(mode=0o700)
        gateway = Gateway(self.bin / "portolan-gateway", data)
        self.gateways.append(gateway)
        return gateway

    def body(self, model, size, stream=False):
        """A file with a chat request of that model and about that size. The mock streams by its port, not by the request: only
        whoever translates has to know."""
        path = self.folder / f"body-{model.replace('/', '-')}-{size}-{stream}.json"
        if not path.exists():
            words = "the quick brown fox jumps over the lazy dog and asks for more tokens "
            request = {"model": model, "messages": [{"role": "user", "content": ""}], **({"stream": True} if stream else {})}
            request["messages"][0]["content"] = (words * (size // len(words) + 1))[: max(0, size - len(json.dumps(request)))]
            path.write_text(json.dumps(request))
        return path

    def load_words(self, port, body, headers, **options):
        words = [str(self.bin / "loadgen"), "--port", str(port), "--body", str(body)]
        for header in headers:
            words += ["--header", header]
        for name, value in options.items():
            words.append("--" + name.replace("_", "-"))
            if value is not True:
                words.append(str(value))
        return words

    def load(self, port, body, headers, **options):
        done = subprocess.run(self.load_words(port, body, headers, **options), capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"loadgen: {done.stderr}")
        return json.loads(done.stdout)

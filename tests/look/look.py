#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures; called by tests/look.sh, which says what they are."""
import argparse
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bench"))

from keys import add_keys  # noqa: E402
from rig import Gateway, free_ports, wait_for_port  # noqa: E402
from traffic import ACCOUNTS, Programs, Provider, seed  # noqa: E402

WIDTH, HEIGHT = 1440, 900
FRAME = 60  # room for what the window manager draws around it
CREDENTIAL = "sk-look-0123456789kQ4A"

# picture, steps that lead to it from the one before, scenes it is made of. A step is a key, "click" (into the list) or
# "type:" with words.
ALL = ["empty", "busy", "failing"]
VIEWS = [
    ("welcome", [], ["first"]),
    ("home-first", ["Escape"], ["first"]),
    ("home", ["ctrl+1"], ALL),
    ("logs", ["ctrl+2"], ALL),
    ("logs-menu", ["click", "Menu"], ["busy"]),
    ("logs-detail", ["Escape", "click", "Return"], ["busy"]),
    ("logs-attempts", ["ctrl+bracketright", "Right"], ["busy"]),
    ("logs-request", ["Right"], ["busy"]),
    ("logs-response", ["Right"], ["busy"]),
    ("logs-headers", ["Right"], ["busy"]),
    ("logs-failed", ["ctrl+f", "type:overloaded", "Return", "End", "Return"], ["failing"]),
    ("logs-failed-attempts", ["ctrl+bracketright", "Right"], ["failing"]),
    ("logs-none", ["Escape", "ctrl+f", "type:nothing is called this", "Return"], ["busy"]),
    ("catalog", ["ctrl+3"], ALL),
    ("catalog-add", ["ctrl+n"], ["empty"]),
    ("catalog-add-bedrock", ["type:bedrock", "Return"], ["empty"]),
    ("catalog-add-azure", ["Escape", "ctrl+n", "type:azure", "Return"], ["empty"]),
    ("catalog-add-vertex", ["Escape", "ctrl+n", "type:vertex", "Return"], ["empty"]),
    ("catalog-add-prices", ["Escape", "ctrl+n", "type:sagemaker"], ["empty"]),
    ("catalog-edit", ["F2"], ["failing"]),
    ("catalog-rotate", ["ctrl+r"], ["busy"]),
    ("catalog-price", ["Escape", "click", "ctrl+p"], ["busy"]),
    ("client-keys", ["Escape", "ctrl+4"], ALL),
    ("client-key-new", ["ctrl+n"], ["empty"]),
    ("client-key-made", ["type:web-app", "Return"], ["empty"]),
    ("client-key-rotate", ["Return", "Escape", "ctrl+r"], ["empty"]),
    ("client-key-edit", ["F2"], ["busy"]),
    ("client-key-limits", ["Escape", "ctrl+l"], ["busy"]),
    ("virtual-keys", ["Escape", "ctrl+4", "ctrl+Next"], ALL),
    ("virtual-key-limits", ["Down", "Down", "Down", "Down", "ctrl+l"], ["busy"]),
    ("virtual-key-new", ["Escape", "ctrl+n"], ["busy"]),
    ("connect", ["Escape", "ctrl+4", "ctrl+Next"], ["busy", "empty"]),
    ("settings", ["Escape", "ctrl+5"], ALL),
    ("settings-storage", ["Down"], ["busy"]),
    ("settings-appearance", ["Down"], ["busy"]),
    ("settings-network", ["Down"], ["busy"]),
    ("settings-about", ["Down"], ["busy"]),
    ("problems", ["ctrl+1", "ctrl+shift+m"], ["failing"]),
    ("keys", ["ctrl+2", "click", "Escape", "question"], ["busy"]),
    ("palette", ["Escape", "ctrl+1", "ctrl+k"], ["busy"]),
    ("palette-found", ["type:open"], ["busy"]),
]
# The same again where there is less and more room than the pictures have.
SIZES = {"narrow": (1024, 700), "wide": (1900, 1060)}
SIZED_VIEWS = [
    ("home", ["Escape", "ctrl+1"]),
    ("logs-detail", ["ctrl+2", "ctrl+f", "ctrl+a", "BackSpace", "Return", "End", "Return"]),
    ("catalog", ["Escape", "ctrl+3"]),
    ("keys", ["Escape", "ctrl+4", "ctrl+Next"]),
    ("settings", ["ctrl+5"]),
]


def prepare(program, folder, scene, provider):
    """A data directory as it is when the window opens: none yet, fresh, or with accounts and a morning's requests."""
    folder.mkdir(mode=0o700)
    gateway = Gateway(program, folder)
    if scene == "first":
        gateway.key = ""
        return gateway
    gateway.make_key("laptop")
    if scene == "empty":
        return gateway
    for slug, (kind, _) in ACCOUNTS.items():
        gateway.command("account", "add", "--slug", slug, "--provider", kind, "--base-url",
                        f"http://127.0.0.1:{provider.server_port}/v1", "--key-stdin", text=CREDENTIAL)
    gateway.start()
    seed(gateway.port, gateway.key, 240)
    gateway.stop()
    add_keys(folder)
    return gateway


def xdotool(*words):
    return subprocess.run(["xdotool", *map(str, words)], check=True, capture_output=True, text=True).stdout.strip()


def content(window):
    """Where the window is on the screen, without its frame, as ImageMagick writes it."""
    size = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", window).splitlines())
    # xdotool counts the frame twice in a window's place, but not in the pointer's.
    xdotool("mousemove", "--window", window, 0, 0)
    place = dict(line.split("=") for line in xdotool("getmouselocation", "--shell").splitlines())
    return f"{size['WIDTH']}x{size['HEIGHT']}+{place['X']}+{place['Y']}"


def resize(window, width, height):
    xdotool("windowsize", "--sync", window, width, height)
    return content(window)


def walk(window, steps, scale):
    for step in steps:
        if step == "click":
            xdotool("mousemove", "--window", window, 400 * scale, 400 * scale, "click", 1)
        elif step.startswith("type:"):
            xdotool("type", "--clearmodifiers", step.removeprefix("type:"))
        else:
            xdotool("key", "--clearmodifiers", step)
        time.sleep(0.4)
    # Out of the way: nothing is to look as if it were pointed at.
    xdotool("mousemove", 0, 0)
    time.sleep(1.2)


def shoot(where, picture):
    # The root, not the window: popups are windows of their own.
    subprocess.run(["import", "-window", "root", "-crop", where, "+repage", "-depth", "8", str(picture)], check=True)
    print(picture, flush=True)


def photograph(program, data, scene, scale, into, suffix):
    """Runs inside with-display.sh."""
    port, key = int(os.environ["LOOK_PORT"]), os.environ["LOOK_KEY"]
    environment = {**os.environ, "QT_SCALE_FACTOR": str(scale)}
    log = open(into / f"portolan-{scene}-{suffix}.log", "w")
    window = subprocess.Popen([str(program), "--data", str(data), "--key-file", "--listen", f"127.0.0.1:{port}"],
                              env=environment, stdout=log, stderr=log)
    programs = None
    try:
        wait_for_port(port, window)
        found = xdotool("search", "--all", "--sync", "--onlyvisible", "--pid", window.pid, "--name", "^Portolan$")
        found = found.splitlines()[-1]
        xdotool("windowactivate", "--sync", found)
        xdotool("windowmove", found, FRAME // 2, FRAME // 2)
        where = resize(found, WIDTH * scale, HEIGHT * scale)
        time.sleep(1)
        if scene in ("busy", "failing"):
            programs = Programs(port, key)
            time.sleep(4)
        for name, steps, scenes in VIEWS:
            if scene in scenes:
                walk(found, steps, scale)
                shoot(where, into / f"{name}-{scene}-{suffix}.png")
        if scene == "busy" and scale == 1:
            for size, (width, height) in SIZES.items():
                where = resize(found, width, height)
                for name, steps in SIZED_VIEWS:
                    walk(found, steps, scale)
                    shoot(where, into / f"{name}-{size}-{suffix}.png")
    finally:
        if programs:
            programs.stop()
        window.terminate()
        try:
            window.wait(20)
        except subprocess.TimeoutExpired:
            window.kill()
            window.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--into", type=pathlib.Path, required=True)
    parser.add_argument("--scene", choices=["first", *ALL])
    parser.add_argument("--theme", choices=["light", "dark"])
    parser.add_argument("--scale", type=int, choices=[1, 2])
    parser.add_argument("--inside", nargs=3, metavar=("DATA", "SCENE", "SUFFIX"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)
    if arguments.inside:
        data, scene, suffix = arguments.inside
        return photograph(arguments.bin / "portolan", data, scene, arguments.scale, arguments.into, suffix)

    scenes = [arguments.scene] if arguments.scene else [*ALL, "first"]
    themes = [arguments.theme] if arguments.theme else ["light", "dark"]
    scales = [arguments.scale] if arguments.scale else [1, 2]
    missing = []
    with tempfile.TemporaryDirectory(prefix="portolan-look-") as temporary:
        folder = pathlib.Path(temporary)
        for scene in scenes:
            provider = Provider()
            gateway = prepare(arguments.bin / "portolan-gateway", folder / scene, scene, provider)
            if scene == "failing":
                provider.failing = ACCOUNTS["groq"][1][0]
            # Where nothing was ever set the window takes the system's theme, which is light here.
            for theme, scale in itertools.product(themes if scene != "first" else ["light"], scales):
                suffix = f"{theme}-{scale}x"
                data = folder / f"{scene}-{suffix}"
                shutil.copytree(gateway.data, data)
                data.chmod(0o700)
                [port] = free_ports(1)
                copy = Gateway(gateway.program, data)
                if scene != "first":
                    for name, value in {"appearance.theme": theme, "capture.asked": "true",
                                        "appearance.reduced_motion": "true"}.items():
                        copy.set(name, value)
                screen = [max(each * scale, *(size[axis] for size in SIZES.values())) + FRAME
                          for axis, each in enumerate((WIDTH, HEIGHT))]
                done = subprocess.run([HERE.parent.parent / "packaging/with-display.sh", "--screen",
                                       f"{screen[0]}x{screen[1]}", sys.executable, "-B", __file__, "--bin", arguments.bin,
                                       "--into", arguments.into, "--scale", str(scale), "--inside", data, scene, suffix],
                                      env={**os.environ, "LOOK_PORT": str(port), "LOOK_KEY": gateway.key})
                if done.returncode:
                    missing.append(f"{scene}-{suffix}")
            provider.shutdown()
    if missing:
        sys.exit(f"no pictures of: {', '.join(missing)}; {arguments.into} holds what the window said")


if __name__ == "__main__":
    main()

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in an X server of its own, with a window manager: xdotool types into nothing without one. The server
# picks a free display, lets in only who holds its cookie, and ends with the command.
#   packaging/with-display.sh [--screen WIDTHxHEIGHT] COMMAND [ARGUMENT ...]
set -euo pipefail

screen=1920x1200
if [[ ${1-} == --screen ]]; then
    screen=${2:?--screen needs WIDTHxHEIGHT}
    shift 2
fi
(($#)) || {
    echo "usage: packaging/with-display.sh [--screen WIDTHxHEIGHT] COMMAND [ARGUMENT ...]" >&2
    exit 2
}
for tool in Xvfb xauth openbox; do
    command -v "$tool" >/dev/null || {
        echo "with-display.sh: $tool is missing; 'packaging/setup.sh test' installs it." >&2
        exit 1
    }
done

state=$(mktemp -d)
server='' manager='' command=''
finish() {
    trap - EXIT
    local process
    for process in $command $manager $server; do
        kill "$process" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$state"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cookie=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export XAUTHORITY="$state/authority"
: >"$XAUTHORITY"
# The server takes every cookie in its file, whatever display the entry names.
: >"$state/server-authority"
xauth -q -f "$state/server-authority" add :0 . "$cookie"

mkfifo "$state/display" "$state/ready"
Xvfb -displayfd 3 -screen 0 "${screen}x24" -nolisten tcp -auth "$state/server-authority" \
    3>"$state/display" >"$state/server.log" 2>&1 &
server=$!
number=
read -r -t 30 number <"$state/display" || true
if [[ -z $number ]]; then
    echo "with-display.sh: Xvfb did not start:" >&2
    cat "$state/server.log" >&2
    exit 1
fi
xauth -q add ":$number" . "$cookie"

export DISPLAY=":$number"
unset WAYLAND_DISPLAY
# No session bus: the window neither asks this machine's keyring nor its portal, so a run is the same everywhere.
export DBUS_SESSION_BUS_ADDRESS="disabled:" QT_QPA_PLATFORM=xcb XDG_SESSION_TYPE=x11 QT_ACCESSIBILITY=0
export HOME="$state/home" XDG_CONFIG_HOME="$state/home/.config" XDG_RUNTIME_DIR="$state/runtime"
mkdir -p "$XDG_CONFIG_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

openbox --sm-disable --startup "sh -c 'echo ready >$state/ready'" >"$state/manager.log" 2>&1 &
manager=$!
ready=
read -r -t 30 ready <"$state/ready" || true
if [[ $ready != ready ]]; then
    echo "with-display.sh: openbox did not start:" >&2
    cat "$state/manager.log" >&2
    exit 1
fi

"$@" &
command=$!
wait "$command" && code=0 || code=$?
command=''
exit "$code"

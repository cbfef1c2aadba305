#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Called by bench.py on a display of its own: windowstart.sh PROGRAM DATA. Prints the milliseconds from the start to the
# mapped window, and its resident memory after three idle seconds.
set -euo pipefail
program=$1 data=$2

mkdir -m 700 "$data"
begin=$(date +%s%N)
# A keyring would ask its own question first.
"$program" --data "$data" --key-file --listen 127.0.0.1:0 >/dev/null 2>&1 &
portolan=$!
trap 'kill "$portolan" 2>/dev/null || true; wait' EXIT
if ! timeout 20 xdotool search --all --sync --onlyvisible --pid "$portolan" --name '^Portolan$' >/dev/null; then
    echo "no window after 20 s" >&2
    exit 1
fi
ms=$((($(date +%s%N) - begin) / 1000000))
sleep 3
kib=$(awk '/^VmRSS:/ { print $2 }' "/proc/$portolan/status")
printf '{"ms": %d, "kib": %d}\n' "$ms" "$kib"

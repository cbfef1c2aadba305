#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds the release and opens the app. Without a display it starts the gateway alone and
# prints how to reach it. Arguments are passed on: to portolan, or to "portolan-gateway serve".
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1-} in
    -h | --help)
        sed -n '3,4s/^# //p' "${BASH_SOURCE[0]}"
        exit 0
        ;;
esac

"$ROOT/packaging/setup.sh" build run
build release "Portolan" app
bin="$ROOT/build/release/bin"

if [[ -n ${WAYLAND_DISPLAY-} || -n ${DISPLAY-} ]]; then
    say "Opening Portolan"
    exec "$bin/portolan" "$@"
fi

# It prints its address, the client key it made at its first start, and a curl line to try.
say "No display: starting the gateway alone (Ctrl+C ends it)"
exec "$bin/portolan-gateway" serve "$@"

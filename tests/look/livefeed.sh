#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# R33 at full length: ten minutes of 2,000 requests a second into the real window under Xvfb. Prints memory and the longest
# time the event loop stood still; fails where reliability.md's limits are missed. Not part of the tests.
#   tests/look/livefeed.sh [--build DIR] [--seconds 600] [--rate 2000]
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../packaging/lib.sh"

"$ROOT/packaging/setup.sh" build run test
build_folder="$ROOT/build/release"
if [[ ${1-} == --build ]]; then
    build_folder=$2
    shift 2
fi
[[ -f $build_folder/build.ninja ]] || build release "Portolan" app
cmake --build "$build_folder" --target portolan_livefeed
exec "$ROOT/packaging/with-display.sh" --screen 1600x1000 "$build_folder/bin/portolan_livefeed" "$@"

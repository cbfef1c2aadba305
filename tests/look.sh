#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the pictures of every panel anew, into build/look: a real window with a window manager under Xvfb, a seeded
# store and live traffic, light and dark, at one and two pixels per point, empty, busy and with a failing provider.
#   tests/look.sh [--build DIR] [--scene first|empty|busy|failing] [--theme light|dark] [--scale 1|2]
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../packaging/lib.sh"

"$ROOT/packaging/setup.sh" build run test
build_folder="$ROOT/build/release"
if [[ ${1-} == --build ]]; then
    build_folder=$2
    shift 2
else
    build release "Portolan" app
fi
exec python3 "$ROOT/tests/look/look.py" --bin "$build_folder/bin" --into "$ROOT/build/look" "$@"

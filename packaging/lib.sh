# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts of this folder share. Sourced, never run.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf '\n==> %s\n' "$*"; }
die() {
    printf '\nportolan: %s\n' "$*" >&2
    exit 1
}

# jobs MIB_PER_JOB: as many compilers as there are cores, but no more than fit into memory.
jobs() {
    local available_mib fit cores
    available_mib=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
    fit=$((available_mib / $1))
    cores=$(nproc)
    ((fit < 1)) && fit=1
    ((fit < cores)) && echo "$fit" || echo "$cores"
}

# build PRESET WHAT [BUILD_PRESET]: configures and builds in build/PRESET; says which of the two failed. The build
# preset, where it is another, names the targets.
build() {
    local preset=$1 what=$2 targets=${3-$1}
    local launcher=()
    if command -v ccache >/dev/null; then
        # The presets build the same files in different folders: let them share what they can. Precompiled headers
        # are cached only when ccache may take their macros on trust: it compares the header instead.
        export CCACHE_BASEDIR="$ROOT" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
        launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    say "Building $what (build/$preset)"
    (cd "$ROOT" && cmake --preset "$preset" --log-level=NOTICE "${launcher[@]}") ||
        die "CMake could not configure build/$preset; its words above say why."
    (cd "$ROOT" && cmake --build --preset "$targets" --parallel "$(jobs 1800)") ||
        die "the build in build/$preset failed; the first error above is the one to mend."
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing from Debian 12's own packages, and nothing else: no package source is added or changed.
set -euo pipefail

usage() {
    cat <<'TXT'
usage: packaging/setup.sh [--list] [SET ...]

Sets (default: build run):
  build   compiler, CMake and the libraries to build Portolan
  run     what the window needs beside the libraries it links
  test    a display without a screen, a window manager, fonts, Node.js with npm
  bench   what Portolan is measured against and with: nginx, wrk
  dev     clang-format and clang-tidy

  --list  prints the packages of the sets and installs nothing
TXT
}

packages_of() {
    case $1 in
        build)
            echo clang-19 libclang-rt-19-dev lld-19 cmake ninja-build pkg-config ccache git
            echo libboost1.81-dev libboost-json1.81-dev libsimdjson-dev libsodium-dev libzstd-dev libssl-dev libfmt-dev libre2-dev
            echo libsqlite3-dev libcurl4-openssl-dev
            echo qt6-base-dev qt6-charts-dev qt6-svg-dev qt6-tools-dev qt6-l10n-tools qtkeychain-qt6-dev
            # qt6-charts-dev needs these two but does not ask for them.
            echo libqt6opengl6-dev libgl-dev
            ;;
        # Plugins and libraries that are loaded at run time: nothing links them, so nothing else asks for them.
        run) echo libqt6sql6-sqlite libqt6svg6 libsecret-1-0 ca-certificates curl fonts-noto-core fonts-noto-mono ;;
        test) echo python3 libqt6sql6-sqlite libqt6svg6 xvfb xauth xdotool openbox imagemagick fonts-noto-core fonts-noto-mono curl ;;
        bench) echo nginx-light wrk curl python3 ;;
        dev) echo clang-format-19 clang-tidy-19 ;;
        *) return 1 ;;
    esac
}

list_only=no
sets=()
for argument in "$@"; do
    case $argument in
        -h | --help)
            usage
            exit 0
            ;;
        --list) list_only=yes ;;
        *)
            packages_of "$argument" >/dev/null || {
                printf 'setup.sh: there is no set "%s".\n\n' "$argument" >&2
                usage >&2
                exit 2
            }
            sets+=("$argument")
            ;;
    esac
done
((${#sets[@]})) || sets=(build run)

wanted=()
for set in "${sets[@]}"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(packages_of "$set" | tr ' ' '\n')
    # Any Node.js with npm will do, Debian's or another: the tests bring the Node.js they run on.
    if [[ $set == test || $set == bench ]] && ! command -v npm >/dev/null; then
        wanted+=(nodejs npm)
    fi
done
mapfile -t wanted < <(printf '%s\n' "${wanted[@]}" | sort -u)

if [[ $list_only == yes ]]; then
    printf '%s\n' "${wanted[@]}"
    exit 0
fi

command -v dpkg-query >/dev/null || {
    echo "setup.sh: this script knows Debian 12 only. Elsewhere, install what 'packaging/setup.sh --list' names." >&2
    exit 1
}

# dpkg-query complains about each unknown package and fails; what is installed it prints all the same.
mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}") \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
        sed -n 's/^installed //p' | sort -u))
((${#missing[@]})) || exit 0

if ((EUID == 0)); then
    as_root=()
elif command -v sudo >/dev/null; then
    as_root=(sudo)
else
    printf 'setup.sh: these packages are missing, and neither root nor sudo is at hand to install them:\n  %s\n' \
        "${missing[*]}" >&2
    exit 1
fi

printf 'Installing %d missing package(s): %s\n' "${#missing[@]}" "${missing[*]}"
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! "${apt[@]}" update >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "setup.sh: 'apt-get update' failed (above). Check the network and /etc/apt; installing from the old lists." >&2
fi
if ! "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    printf 'setup.sh: apt-get could not install: %s\nIts own words are above. Portolan needs Debian 12 or later.\n' \
        "${missing[*]}" >&2
    exit 1
fi
echo "Installed."

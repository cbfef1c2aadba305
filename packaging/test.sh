#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing and runs every test: the core's under ASan and UBSan first, then all of them in the release
# build, those with a window on the offscreen platform or under Xvfb, and real clients from npm. --offline leaves out
# the label e2e, which needs the npm registry.
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

offline=no
for argument in "$@"; do
    case $argument in
        --offline) offline=yes ;;
        -h | --help)
            sed -n '3,5s/^# //p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) die "test.sh knows --offline only, not '$argument'." ;;
    esac
done

"$ROOT/packaging/setup.sh" build run test

export ASAN_OPTIONS="detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
export CTEST_OUTPUT_ON_FAILURE=1

# Tests wait for sockets more than they compute, yet the ones with a time bound want a core of their own.
test_jobs=$(nproc)

sanitized=passed
build asan "the core under ASan and UBSan"
say "Testing the core under ASan and UBSan"
ctest --test-dir "$ROOT/build/asan" --label-regex '^core$' --no-tests=error --parallel "$test_jobs" || sanitized=failed

build release "the release and its tests"
selection=()
if [[ $offline == yes ]]; then
    selection=(--label-exclude '^e2e$')
fi
say "Testing the release"
released=passed
if [[ $offline == yes ]]; then
    echo "Left out, because of --offline: the label e2e (openai, @anthropic-ai/sdk, portkey-ai, ai and curl as clients)."
fi
[[ $sanitized == passed ]] || echo "The tests under ASan and UBSan failed (above); this run cannot end well."
ctest --test-dir "$ROOT/build/release" "${selection[@]}" --no-tests=error --parallel "$test_jobs" || released=failed

[[ $sanitized == passed ]] || die "tests failed under ASan and UBSan: scroll up to 'Testing the core'."
[[ $released == passed ]] || exit 1

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What takes too long for every push and is run before an issue is called done: the core's tests under TSan, every fuzz
# target for SECONDS each (default 600), rounds of SIGKILL under load, a soak, a minute of config changes under load, and the
# coding agents of npm (770 MB).
#   packaging/deep.sh [--fuzz SECONDS] [--kills ROUNDS] [--soak SECONDS] [tsan] [fuzz] [kill] [soak] [swaps] [agents]
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

fuzz_seconds=600 kill_rounds=20 soak_seconds=1800
parts=()
while (($#)); do
    case $1 in
        --fuzz) fuzz_seconds=${2:?--fuzz needs seconds} && shift ;;
        --kills) kill_rounds=${2:?--kills needs a number of rounds} && shift ;;
        --soak) soak_seconds=${2:?--soak needs seconds} && shift ;;
        tsan | fuzz | kill | soak | swaps | agents) parts+=("$1") ;;
        -h | --help)
            sed -n '3,6s/^# //p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) die "deep.sh does not know '$1'; see --help." ;;
    esac
    shift
done
((${#parts[@]})) || parts=(tsan fuzz kill soak swaps agents)

"$ROOT/packaging/setup.sh" build run test bench
failed=()

run_tsan() {
    build tsan "the core under TSan"
    say "Testing the core under TSan"
    # Tests with the label process start programs by QProcess, whose clone() TSan's runtime does not survive.
    # Address space randomisation with more bits than TSan's shadow expects ends it at start.
    TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1:ignore_noninstrumented_modules=1:suppressions=$ROOT/packaging/tsan.supp" CTEST_OUTPUT_ON_FAILURE=1 setarch -R \
        ctest --test-dir "$ROOT/build/tsan" --label-regex '^core$' --label-exclude '^process$' --no-tests=error \
        --parallel "$(nproc)"
}

run_fuzz() {
    build fuzz "the fuzz targets"
    local target name findings found=0
    for target in "$ROOT"/build/fuzz/bin/fuzz_*; do
        [[ -x $target ]] || continue
        found=$((found + 1))
        name=$(basename "$target")
        findings="$ROOT/build/fuzz/findings/$name"
        mkdir -p "$findings" "$ROOT/build/fuzz/corpus/$name"
        local seeds=()
        [[ -d "$ROOT/tests/fuzz/corpus/$name" ]] && seeds=("$ROOT/tests/fuzz/corpus/$name")
        say "$name for $fuzz_seconds s"
        if ! "$target" -max_total_time="$fuzz_seconds" -timeout=2 -rss_limit_mb=512 -print_final_stats=1 \
            -verbosity=0 -artifact_prefix="$findings/" "$ROOT/build/fuzz/corpus/$name" "${seeds[@]}" \
            >"$findings/log" 2>&1; then
            tail -n 40 "$findings/log"
            echo "$name found something: $findings"
            failed+=("$name")
        else
            grep -E 'number_of_executed_units|peak_rss_mb' "$findings/log" || tail -n 2 "$findings/log"
        fi
    done
    ((found)) || return 1
}

case " ${parts[*]} " in
    *" kill "* | *" soak "* | *" agents "*) build bench "the release and the load generators" ;;
esac

for part in "${parts[@]}"; do
    case $part in
        tsan) run_tsan || failed+=(tsan) ;;
        fuzz) run_fuzz || failed+=(fuzz) ;;
        kill)
            say "SIGKILL under load, $kill_rounds rounds"
            python3 "$ROOT/tests/bench/kill.py" --build "$ROOT/build/bench" --rounds "$kill_rounds" || failed+=(kill)
            ;;
        soak)
            say "Soak for $soak_seconds s"
            python3 "$ROOT/tests/bench/soak.py" --build "$ROOT/build/bench" --seconds "$soak_seconds" || failed+=(soak)
            ;;
        swaps)
            say "A hundred config changes a second under load"
            build tsan "the core under TSan"
            PORTOLAN_SWAP_SECONDS=60 setarch -R "$ROOT/build/tsan/tests/tst_configswaps" || failed+=(swaps)
            ;;
        agents)
            say "Claude Code and Codex over foreign vendors"
            "$ROOT/tests/e2e/agents/run.sh" "$ROOT/build/agents" "$ROOT/build/bench/bin/portolan-gateway" || failed+=(agents)
            ;;
    esac
done

((${#failed[@]} == 0)) || die "not clean: ${failed[*]}."
say "Clean: ${parts[*]}"

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
build app "Portolan"
bin="$ROOT/build/app/bin"

if [[ -n ${WAYLAND_DISPLAY-} || -n ${DISPLAY-} ]]; then
    say "Opening Portolan"
    exec "$bin/portolan" "$@"
fi

say "No display: starting the gateway alone"
gateway="$bin/portolan-gateway"
data=()
takes_data=no
for argument in "$@"; do
    if [[ $takes_data == yes ]]; then
        data=(--data "$argument")
        takes_data=no
    fi
    case $argument in
        --data) takes_data=yes ;;
        --data=*) data=("$argument") ;;
    esac
done

state=$(mktemp -d)
server=
# Not exec: the address is known only when the gateway says that it listens.
stop() {
    if [[ -n $server ]] && kill -TERM "$server" 2>/dev/null; then
        wait "$server" || true
    fi
    rm -rf "$state"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkfifo "$state/out"
"$gateway" serve --json "$@" >"$state/out" &
server=$!
exec 3<"$state/out"

url=
while IFS= read -r line <&3; do
    if [[ $line == *'"event":"listening"'* ]]; then
        url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' <<<"$line")
        break
    fi
    printf '%s\n' "$line"
done
if [[ -z $url ]]; then
    wait "$server" || true
    server=
    die "the gateway did not start; its words above say why."
fi

token=$("$gateway" key create "${data[@]}" --name "run.sh $(date +%F)" --json | sed -n 's/.*"token":"\([^"]*\)".*/\1/p') ||
    true
[[ -n $token ]] || die "the gateway listens at $url, but no client key could be made; its words above say why."

cat <<TXT

Portolan listens.

  address     $url
  client key  $token   (shown only now; 'portolan-gateway key create' makes another)

Try it, without any provider and without money:

  curl $url/chat/completions \\
    -H 'Authorization: Bearer $token' -H 'Content-Type: application/json' \\
    -d '{"model": "@practice/echo", "messages": [{"role": "user", "content": "Hello, Portolan"}]}'

Then see what it left:  $gateway logs${data[*]:+ ${data[*]}}
Ctrl+C stops the gateway.
TXT

cat <&3 &
wait "$server" && code=0 || code=$?
server=
exit "$code"

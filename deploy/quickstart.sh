#!/usr/bin/env bash
# One campaign on this machine, from a fresh checkout to a report: real faults on a replicated web service under load.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/.."

say() { printf '\nquickstart: %s\n' "$*"; }

deploy/prepare.sh

if [ "$(id -u)" -ne 0 ]; then
  say 'the hosts of the embedded target are network namespaces, which only root can make. Run:'
  echo '  sudo npm run quickstart'
  exit 1
fi

ordeal() { node bin/ordeal.js "$@"; }

log=$(mktemp)
up_pid=
finish() {
  if [ -n "$up_pid" ] && kill -0 "$up_pid" 2>/dev/null; then
    say 'ending Ordeal and removing the embedded target'
    kill -TERM "$up_pid"
    wait "$up_pid" || true
  fi
  rm -f "$log"
}
trap finish EXIT
trap 'exit 130' INT TERM

say 'ordeal up --embedded: a nats-server, controller, metrics service, and two hosts with a replica each behind HAProxy'
node bin/ordeal.js up --embedded >"$log" 2>&1 &
up_pid=$!
until grep -q 'Ordeal is up' "$log"; do
  if ! kill -0 "$up_pid" 2>/dev/null; then
    cat "$log"
    exit 1
  fi
  sleep 0.2
done
cat "$log"

say 'ordeal campaign plan campaigns/quickstart.yaml'
ordeal campaign plan campaigns/quickstart.yaml

say 'ordeal campaign run campaigns/quickstart.yaml'
# 0 and 1 are verdicts on the service, and both are results; anything else means that there is no result.
code=0
ordeal campaign run campaigns/quickstart.yaml || code=$?
if [ "$code" -gt 1 ]; then
  say "the campaign did not come to a verdict (exit code $code)"
  exit "$code"
fi
campaign=$(ordeal campaign list --json | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).at(-1).id')
report=$(ordeal report "$campaign")

finish
trap - EXIT
printf '\nThe report: %s\n' "$report"

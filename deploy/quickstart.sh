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

# What an interrupted quickstart left running is resumed by the controller, and would share the hosts with this one.
ordeal stop --all >/dev/null || true
until ! ordeal campaign list --json | grep -q '"state": "RUNNING"'; do sleep 0.5; done

# The hosts are namespaces of this machine, whose kernel need not have Ordeal's modules: nftables stands in for them.
say 'ordeal campaign plan --allow-substitute campaigns/quickstart.yaml'
ordeal campaign plan --allow-substitute campaigns/quickstart.yaml

say 'ordeal campaign run --allow-substitute campaigns/quickstart.yaml'
# Whatever the verdict on the service is, a campaign that completed has a result.
code=0
ordeal campaign run --allow-substitute campaigns/quickstart.yaml || code=$?
read -r campaign state < <(ordeal campaign list --json | node -p '
  const campaigns = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const latest = campaigns.sort((a, b) => a.startedWallUs - b.startedWallUs).at(-1);
  latest.id + " " + latest.state')
if [ "$state" != COMPLETED ]; then
  say "the campaign $campaign was not completed (exit code $code)"
  exit 3
fi
report=$(ordeal report "$campaign")

finish
trap - EXIT
printf '\nThe report: %s\n' "$report"

#!/usr/bin/env bash
# Every test of the project: style and types, then units, then what needs processes, namespaces and cgroups.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/.."

say() { printf '\ntest: %s\n' "$*"; }

deploy/prepare.sh

if [ "$(id -u)" -ne 0 ]; then
  say 'the integration tests make network namespaces and cgroups, which only root can do. Run:'
  echo '  sudo npm test'
  exit 1
fi

say 'style and types'
npx prettier --check --log-level warn .
npx tsc --noEmit -p tsconfig.json
npx eslint --max-warnings 0 .
npx knip
shellcheck deploy/*.sh test/*.sh .ci/run

# Runs the test files that find(1) names, so many at a time.
run_tests() {
  local at_a_time=$1
  shift
  mapfile -t files < <(find "$@" -name '*.test.ts' -print | sort)
  node --import tsx --test --test-reporter=spec --test-concurrency="$at_a_time" "${files[@]}"
}

say 'units'
run_tests 2 . \( -path ./node_modules -o -path ./dist -o -path ./test/integration -o -path ./test/e2e \) -prune -o

on_hosts=(-name 'agent*' -o -name 'injectors*' -o -name 'workload*')
whole_machine=(-name 'embedded*')

# They wait for one another's processes more than they compute.
say 'integration: processes that touch nothing but their own folders and ports'
run_tests 4 test/integration -not \( "${on_hosts[@]}" -o "${whole_machine[@]}" \)

say 'integration: what acts on cgroups, namespaces and interfaces that it made'
run_tests 2 test/integration \( "${on_hosts[@]}" \)

# One file after the other: they compare the whole machine before and after.
say 'end to end, and the embedded target'
run_tests 1 test/integration test/e2e \( "${whole_machine[@]}" -o -path 'test/e2e/*' \)

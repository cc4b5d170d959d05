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

run_tests() {
  local concurrency=$1
  shift
  mapfile -t files < <(find "$@" -name '*.test.ts' -print | sort)
  node --import tsx --test --test-reporter=spec --test-concurrency="$concurrency" "${files[@]}"
}

say 'units'
run_tests 2 . \( -path ./node_modules -o -path ./dist -o -path ./test/integration -o -path ./test/e2e \) -prune -o

# One file after the other: they look at the whole machine to see that nothing was left.
say 'integration'
run_tests 1 test/integration

say 'end to end'
run_tests 1 test/e2e

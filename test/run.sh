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

# Runs the test files that find(1) names, so many at a time.
run_tests() {
  local at_a_time=$1
  shift
  mapfile -t files < <(find "$@" -name '*.test.ts' -print | sort)
  node --import tsx --test --test-reporter=spec --test-concurrency="$at_a_time" "${files[@]}"
}

style_and_types() {
  npx prettier --check --log-level warn . &&
    npx tsc --noEmit -p tsconfig.json &&
    npx eslint --max-warnings 0 . &&
    npx knip &&
    shellcheck deploy/*.sh test/*.sh injectors/kmod/*.sh .ci/run
}

say 'units'
run_tests 2 . \( -path ./node_modules -o -path ./dist -o -path ./test/integration -o -path ./test/e2e \) -prune -o

agents=(-name 'agent*' -o -name 'workload*')
injectors=(-name 'injectors*')
whole_machine=(-name 'embedded*' -o -path 'test/e2e/*')

say 'integration: processes that touch nothing but their own folders and ports'
run_tests 4 test/integration -not \( "${agents[@]}" -o "${injectors[@]}" -o "${whole_machine[@]}" \)

# What acts on hosts waits more than it computes; meanwhile, and behind it, the style is looked at.
style=$(mktemp)
trap 'rm -f "$style"' EXIT
(nice -n 19 bash -c "$(declare -f style_and_types); style_and_types") >"$style" 2>&1 &
looked=$!

say 'integration: agents and loads'
run_tests 2 test/integration \( "${agents[@]}" \)

# Apart from the agents, which would find the marks of these on their own host.
say 'integration: injectors'
run_tests 2 test/integration \( "${injectors[@]}" \)

say 'style and types'
wait "$looked" || {
  cat "$style"
  exit 1
}

# One file after the other: they compare the whole machine before and after.
say 'end to end, and the embedded target'
run_tests 1 test/integration test/e2e \( "${whole_machine[@]}" \)

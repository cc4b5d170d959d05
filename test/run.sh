#!/usr/bin/env bash
# Every test of the project: what acts on this host, and beside it, since that waits more than it computes, all that does not.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/.."

say() { printf '\ntest: %s\n' "$*"; }

deploy/prepare.sh

if [ "$(id -u)" -ne 0 ]; then
  say 'the integration tests make network namespaces and cgroups, which only root can do. Run:'
  echo '  sudo npm test'
  exit 1
fi

# Runs the test files that find(1) names, so many at a time. A file that has not ended after half an hour never does.
run_tests() {
  local at_a_time=$1
  shift
  mapfile -t files < <(find "$@" -name '*.test.ts' -print | sort)
  node --import tsx --import "$PWD/test/worded-assertions.js" --test --test-timeout=1800000 --test-reporter=spec --test-concurrency="$at_a_time" "${files[@]}"
}

agents=(-name 'agent*' -o -name 'workload*')
injectors=(-name 'injectors*')
files_only=(-name 'wrong-input*' -o -name 'compare*' -o -name 'thesis-plan*' -o -name 'two-clones*')
whole_machine=(-name 'embedded*' -o \( -path 'test/e2e/*' -not \( "${files_only[@]}" \) \))

# The rest of its folder is for npm run test:kernels.
kernel() {
  say 'kernel: one boot of the lab'
  run_tests 1 test/kernel -name 'smoke*'
}

style_and_types() {
  say 'style and types'
  npx prettier --check --log-level warn .
  npx tsc --noEmit -p tsconfig.json
  npx eslint --max-warnings 0 .
  npx knip
  shellcheck deploy/*.sh deploy/dkms/*.sh test/*.sh injectors/kmod/*.sh guardian/*.sh .ci/run
}

units() {
  say 'units'
  run_tests 2 . \( -path ./node_modules -o -path ./dist -o -path ./test/integration -o -path ./test/e2e -o -path ./test/kernel \) -prune -o
}

processes() {
  say 'integration: processes that touch nothing but their own folders and ports'
  run_tests 4 test/integration test/e2e -not \( "${agents[@]}" -o "${injectors[@]}" -o "${whole_machine[@]}" \)
}

# What it starts has folders of its own and a mark in its environment: those who compare the machine before and after leave it out
# (test/integration/machine-fingerprint.ts). A group of its own can be ended as one.
beside=$(mktemp -d)
started=()
start_beside() {
  local name=$1 niceness=$2
  shift 2
  mkdir "$beside/$name"
  set -m
  (
    renice -n "$niceness" "$BASHPID" >/dev/null
    export ORDEAL_TEST_ASIDE=1 TMPDIR=$beside/$name
    for part in "$@"; do "$part"; done
  ) >"$beside/$name.said" 2>&1 &
  started+=("$!")
  set +m
}
trap 'for group in "${started[@]}"; do kill -- "-$group" 2>/dev/null || true; done; rm -rf "$beside"' EXIT

start_beside kernel 0 kernel
start_beside rest 10 style_and_types units processes

say 'integration: agents and loads'
run_tests 2 test/integration \( "${agents[@]}" \)

# Apart from the agents, which would find the marks of these on their own host.
say 'integration: injectors'
run_tests 2 test/integration \( "${injectors[@]}" \)

# One file after the other: they compare the whole machine before and after.
say 'end to end, and the embedded target'
run_tests 1 test/integration test/e2e \( "${whole_machine[@]}" \)

passed=true
for group in "${started[@]}"; do wait "$group" || passed=false; done
cat "$beside"/*.said
$passed

#!/usr/bin/env bash
# Makes a fresh checkout ready to run: programs, npm packages, build. Does only what is not done yet.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/.."

say() { printf 'prepare: %s\n' "$*"; }

# What an earlier run has left in a stamp, or nothing.
stamped() { if [ -f "$1" ]; then cat "$1"; fi; }

# Contents count and not times, since git gives every file it touches a new time. Names count, so a removed file is seen.
fingerprint() { LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1; }

sources() {
  find . -type d \( -name node_modules -o -name .git -o -path ./dist -o -path ./proto/generated -o -path ./.ordeal -o -path ./runs \) -prune \
    -o -type f \( -name '*.ts' -o -name '*.proto' -o -path './guardian/*' -o -path './tsconfig*.json' -o -path ./package.json \) -print0
}

deploy/setup.sh

readonly lock_stamp=node_modules/.ordeal-package-lock
lock=$(printf 'package-lock.json\0' | fingerprint)
if [ "$(stamped "$lock_stamp")" != "$lock" ]; then
  say 'installing the npm packages of package-lock.json (npm ci)'
  npm ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$lock" >"$lock_stamp"
fi

readonly build_stamp=dist/.ordeal-sources
source_hash=$(sources | fingerprint)
if [ "$(stamped "$build_stamp")" != "$source_hash" ]; then
  say 'building dist/ from the sources (npm run build)'
  npm run --silent build
  printf '%s\n' "$source_hash" >"$build_stamp"
fi

say 'ready'

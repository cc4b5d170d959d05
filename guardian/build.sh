#!/bin/sh
# Compiles the guardian to dist/guardian/ordeal-guardian: of its own, without a library of the host, so that it starts on any.
set -eu

cd "$(dirname "$(realpath "$0")")"

if ! command -v gcc >/dev/null; then
  echo 'guardian: there is no gcc, so none is built: an agent works without one, and ordeal doctor says what it lacks then.' >&2
  exit 0
fi
mkdir -p ../dist/guardian
gcc -std=gnu11 -D_GNU_SOURCE -O2 -static-pie -fPIE -Wall -Wextra -Werror -Wformat=2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -s -Wl,-z,relro,-z,now \
  -o ../dist/guardian/ordeal-guardian ./*.c

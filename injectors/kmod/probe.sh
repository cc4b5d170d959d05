#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Tries to compile each probe/<name>.c against the headers of a kernel, and prints "#define HAVE_<NAME>" for each that does, and
# uses nothing that the kernel does not export to modules.
set -eu

kdir=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The control has to compile: where it does not, nothing would, and every answer would be a wrong no.
cat >"$work/control.c" <<'C'
#include <linux/module.h>
MODULE_LICENSE("GPL");
C
cp "$here"/probe/*.c "$work"
for probe in "$work"/*.c; do
  printf 'obj-m += %s.o\n' "$(basename "$probe" .c)"
done >"$work/Kbuild"

make -k -C "$kdir" M="$work" modules >"$work/log" 2>&1 || true
if [ ! -f "$work/control.o" ]; then
  cat "$work/log" >&2
  echo "probe: nothing compiles against $kdir: what the compiler said is above" >&2
  exit 1
fi

# What is declared need not be exported.
is_exported() {
  nm --undefined-only "$1" | while read -r _ symbol; do
    grep -q "	$symbol	" "$kdir/Module.symvers" || exit 1
  done
}

echo '/* What this kernel has; made by probe.sh. */'
for probe in "$here"/probe/*.c; do
  name=$(basename "$probe" .c)
  if [ -f "$work/$name.o" ] && is_exported "$work/$name.o"; then
    printf '#define HAVE_%s 1\n' "$(echo "$name" | tr '[:lower:]' '[:upper:]')"
  fi
done

#!/usr/bin/env bash
# Installs the kernel modules of Ordeal by DKMS, which builds them anew for each kernel that this host gets. Names a kernel
# (of `ls /lib/modules`) to build for another one than is running.
set -euo pipefail

here=$(cd "$(dirname "$(realpath "$0")")" && pwd)
readonly sources=$here/../../injectors/kmod
kernel=${1:-$(uname -r)}

fail() {
  printf 'dkms: %s\n' "$@" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'this has to be run as root: sudo deploy/dkms/install.sh'
command -v dkms >/dev/null || fail 'dkms was not found. Install it: apt install dkms'
[ -e "/lib/modules/$kernel/build/Makefile" ] ||
  fail "the headers of the kernel $kernel are missing. Install them: apt install linux-headers-$kernel"

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$here/dkms.conf")
readonly target=/usr/src/ordeal-$version

# What an earlier installation of the same version built is of other sources now.
if dkms status "ordeal/$version" | grep --quiet .; then
  dkms remove "ordeal/$version" --all
fi
rm -rf "$target"
mkdir "$target"
cp --recursive "$sources/." "$target/"
cp "$here/dkms.conf" "$target/"
# Probed for whichever kernel it was that somebody built it for by hand.
rm -f "$target/ordeal_features.h"

dkms add "ordeal/$version"
if ! dkms install "ordeal/$version" -k "$kernel"; then
  log=/var/lib/dkms/ordeal/$version/build/make.log
  [ ! -f "$log" ] || tail -n 40 "$log" >&2
  fail "the modules were not built for $kernel"
fi
printf 'dkms: the modules of version %s are installed for %s\n' "$version" "$kernel"
if modinfo -k "$kernel" -F signer ordeal | grep --quiet .; then
  printf 'dkms: they are signed by "%s"; under Secure Boot that key has to be enrolled: docs/kernel-modules.md\n' \
    "$(modinfo -k "$kernel" -F signer ordeal)"
fi

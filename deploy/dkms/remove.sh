#!/usr/bin/env bash
# Takes away what install.sh brought: the modules of every kernel, and their sources. What is loaded stays so until it is unloaded.
set -euo pipefail

here=$(cd "$(dirname "$(realpath "$0")")" && pwd)
[ "$(id -u)" -eq 0 ] || {
  echo 'dkms: this has to be run as root: sudo deploy/dkms/remove.sh' >&2
  exit 1
}
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$here/dkms.conf")
if dkms status "ordeal/$version" | grep --quiet .; then
  dkms remove "ordeal/$version" --all
fi
rm -rf "/usr/src/ordeal-$version"
printf 'dkms: the modules of version %s are gone\n' "$version"

#!/usr/bin/env bash
# Makes ordeal-<version>-linux-x64.tar.gz in the folder that is named, or in this one: Ordeal with the Node that runs this
# build, for a host that has neither Node nor npm. What is built is in dist/ already (npm run archive builds it first).
set -euo pipefail

target=$(realpath "${1:-.}")
cd "$(dirname "$(realpath "$0")")/.."

fail() {
  printf 'archive: %s\n' "$@" >&2
  exit 1
}

[ -f dist/cli/main.js ] || fail 'there is no dist/: build it first, with npm run build.'
[ -x dist/guardian/ordeal-guardian ] || fail 'the guardian of agents is not built: install gcc and libc6-dev, then run npm run build.'
[ "$(uname -sm)" = 'Linux x86_64' ] || fail "this is made on Linux x86_64 for Linux x86_64, not on $(uname -sm)."

node=$(realpath "$(command -v "${ORDEAL_ARCHIVE_NODE:-node}")") || fail 'there is no node to put into it.'
# What every Debian and Ubuntu has; a Node that needs more, as those of distributions do, does not run elsewhere.
readonly everywhere='^(linux-vdso|libdl|libstdc\+\+|libm|libgcc_s|libpthread|libc|libatomic)\.so'
needed=$(ldd "$node" | awk '{ print $1 }' | grep --extended-regexp '^lib' | grep --invert-match --extended-regexp "$everywhere" || true)
[ -z "$needed" ] || fail "$node needs libraries of this system, so it would not run on another:" "$needed" \
  'Use the Node of https://nodejs.org/en/download.'

version=$(node --print 'require("./package.json").version')
readonly name="ordeal-$version-linux-x64"
staging=$(mktemp --directory)
trap 'rm -rf "$staging"' EXIT
readonly tree=$staging/$name
mkdir "$tree" "$tree/bin" "$tree/runtime" "$tree/injectors"

cp "$node" "$tree/runtime/node"
cp --recursive dist campaigns LICENSE LICENSES package.json README.md "$tree/"
# Not the types that are generated from it for whoever builds.
mkdir "$tree/proto"
cp --recursive proto/ordeal "$tree/proto/"
cp --recursive deploy docs "$tree/"
cp --recursive injectors/kmod "$tree/injectors/"

# The packages that it runs with, as they are installed here, and nothing that only builds or tests it.
packages=$(npm ls --omit=dev --all --parseable) || fail 'the npm packages are not those of package-lock.json: npm ci installs them.'
while read -r package; do
  [ "$package" != "$PWD" ] || continue
  path=${package#"$PWD/"}
  mkdir --parents "$tree/$(dirname "$path")"
  cp --recursive --no-target-directory "$package" "$tree/$path"
done <<<"$packages"
find "$tree/dist" "$tree/node_modules" \( -name '*.map' -o -name '*.d.ts' \) -delete

cat >"$tree/bin/ordeal" <<'LAUNCHER'
#!/bin/sh
# Ordeal with its own Node, wherever this folder is.
here=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$here/runtime/node" "$here/dist/cli/main.js" "$@"
LAUNCHER
chmod 755 "$tree/bin/ordeal"

tar --create --gzip --file "$target/.$name.new" --directory "$staging" --owner root --group root --sort name "$name"
mv "$target/.$name.new" "$target/$name.tar.gz"
printf '%s\n' "$target/$name.tar.gz"

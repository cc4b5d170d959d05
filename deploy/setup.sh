#!/usr/bin/env bash
# Installs what Ordeal needs from the archive of Debian 12 or Ubuntu, and only what is missing. Nothing that it installs
# is started, nor enabled at boot. A second run finds everything, says so, and needs neither root nor a network.
set -euo pipefail

# One line a program: the program, the package that brings it, what it is for, separated by '|'. A program counts, not
# its package: who has nginx from another package keeps that one. A path is a file that has to be there.
readonly needs='nats-server|nats-server|carries and stores the events
nginx|nginx-light|is the replica of the embedded target
haproxy|haproxy|is the front of the embedded target
supervisord|supervisor|restarts the replicas of the embedded target
nft|nftables|is how packets are dropped and marked
ip|iproute2|makes namespaces, links and traffic control
tc|iproute2|delays, loses and limits traffic
ping|iputils-ping|tells whether a path is there
perl|perl-base|is what takes CPU and memory in a target
openssl|openssl|makes the certificates
nsenter|util-linux|runs a program in a namespace
unshare|util-linux|gives a container its own process ids
ps|procps|lists processes
qemu-system-x86_64|qemu-system-x86|runs the machines of the lab
qemu-img|qemu-utils|makes the disks of the lab
mmdebstrap|mmdebstrap|installs the image of the lab
/usr/share/keyrings/debian-archive-keyring.gpg|debian-archive-keyring|is what the packages of the lab are checked by
mke2fs|e2fsprogs|makes the filesystems of the lab
fakeroot|fakeroot|makes them belong to root, where a user makes them
newuidmap|uidmap|lets a user who is not root install the image of the lab
xz|xz-utils|unpacks packages of Debian
gcc|gcc|compiles the guardian of agents, and what the tests of kernels put to the test
/usr/lib/x86_64-linux-gnu/libc.a|libc6-dev|is what gcc links that with
shellcheck|shellcheck|checks the shell scripts
prometheus|prometheus|reads the metrics in the tests'

# The services that these packages would enable at boot.
readonly services='nats-server nginx haproxy supervisor nftables prometheus'

readonly policy=/usr/sbin/policy-rc.d
readonly saved_policy=/usr/sbin/policy-rc.d.before-ordeal
readonly own_policy='#!/bin/sh
# Of Ordeal'"'"'s setup, for as long as it installs.
exit 101'

# An ordinary user of Debian does not have these in the path, though the programs can be there.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

say() { printf 'setup: %s\n' "$*"; }

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

has() {
  if [[ $1 == /* ]]; then [ -e "$1" ]; else command -v "$1" >/dev/null 2>&1; fi
}

# Prints the packages that are missing, each once, and says why on standard error.
missing_packages() {
  local program package purpose found=' '
  while IFS='|' read -r program package purpose; do
    if has "$program" || [[ $found == *" $package "* ]]; then continue; fi
    say "$package is missing: $program $purpose" >&2
    found+="$package "
    printf '%s\n' "$package"
  done <<<"$needs"
}

has_service() {
  [ -e "/lib/systemd/system/$1.service" ] || [ -e "/etc/init.d/$1" ]
}

absent_services() {
  local service
  for service in $services; do
    has_service "$service" || printf '%s\n' "$service"
  done
}

known_to_apt() {
  local package
  for package in "$@"; do
    apt-cache show --no-all-versions "$package" >/dev/null 2>&1 || return 1
  done
}

refuse_unknown() {
  local package
  for package in "$@"; do
    known_to_apt "$package" && continue
    fail "$package is not in the package archive of this system." \
      "Debian 12 and Ubuntu 24.04 have it (on Ubuntu in \"universe\"). Elsewhere, install the program itself" \
      "(nats-server: 2.9 or later, https://github.com/nats-io/nats-server/releases) and run this again."
  done
}

# Debian asks this file before a package starts its service; 101 means: do not.
forbid_starts() {
  # A run that was killed has left the administrator's own file aside.
  if [ -e "$saved_policy" ] || [ -L "$saved_policy" ]; then mv -f "$saved_policy" "$policy"; fi
  trap allow_starts EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ -e "$policy" ] || [ -L "$policy" ]; then mv "$policy" "$saved_policy"; fi
  printf '%s\n' "$own_policy" >"$policy"
  chmod 755 "$policy"
}

allow_starts() {
  # Only ours: an interruption can come before the administrator's own was put aside.
  if [ -f "$policy" ] && [ "$(<"$policy")" = "$own_policy" ]; then rm "$policy"; fi
  if [ -e "$saved_policy" ] || [ -L "$saved_policy" ]; then mv "$saved_policy" "$policy"; fi
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
    apt-get install --yes --quiet --quiet --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

# Only services that were not there before: one that the administrator runs stays as it is.
disable_at_boot() {
  local service
  for service in "$@"; do
    has_service "$service" || continue
    if has systemctl; then
      systemctl disable --quiet "$service" >/dev/null 2>&1 || say "could not disable $service at boot" >&2
    elif has update-rc.d; then
      update-rc.d "$service" disable >/dev/null 2>&1 || say "could not disable $service at boot" >&2
    fi
  done
}

install_missing() {
  local before
  has apt-get || fail 'this system has no apt-get; install the programs above by hand and run this again.'
  if [ "$(id -u)" -ne 0 ]; then
    fail 'installing needs root. Run:' "    sudo $(printf '%q' "$(realpath "$0")")"
  fi
  if ! known_to_apt "$@"; then
    say 'reading the package lists (apt-get update)'
    apt-get update --quiet --quiet >/dev/null
    refuse_unknown "$@"
  fi
  mapfile -t before < <(absent_services)
  say "installing $*"
  forbid_starts
  if ! install_packages "$@"; then
    # Old lists name versions that the archive no longer has.
    say 'that failed; trying once more with fresh package lists'
    apt-get update --quiet --quiet >/dev/null
    install_packages "$@" || fail 'the packages could not be installed; what apt-get said is above.'
  fi
  disable_at_boot "${before[@]}"
}

check_node() {
  local found
  local advice='Install Node 20.20 or later with npm: https://nodejs.org/en/download (or NodeSource, nvm), then run this again.'
  if ! has node; then
    if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ]; then
      say "root has no node in its path; the embedded target is run by root, so it will need one."
      return
    fi
    fail 'Node is missing.' "$advice"
  fi
  found=$(node --version) || fail 'node does not run.' "$advice"
  if ! node --eval 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 20) ? 0 : 1)'; then
    fail "Node is $found; Ordeal needs 20.20 or later." "$advice"
  fi
  has npm || fail "Node $found is here, but npm is not." "$advice"
}

main() {
  local packages
  mapfile -t packages < <(missing_packages)
  if [ "${#packages[@]}" -gt 0 ]; then
    install_missing "${packages[@]}"
    mapfile -t packages < <(missing_packages)
    if [ "${#packages[@]}" -gt 0 ]; then fail 'these are still missing after installing them.'; fi
    say 'installed; none of it was started, none of it starts at boot.'
  else
    say 'every program that Ordeal needs is here; nothing to install.'
  fi
  check_node
}

main "$@"

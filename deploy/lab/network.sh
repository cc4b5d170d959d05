#!/bin/sh
# Names the NICs of a machine of the lab by their addresses, and gives them what the delivery disk says; nothing else ever
# touches them, so a test finds them as it left them.
set -eu

modprobe virtio_net

# configure <hardware address> <name> <address/length>
configure() {
  for nic in /sys/class/net/*; do
    if [ "$(cat "$nic/address")" != "$1" ]; then continue; fi
    ip link set dev "${nic##*/}" name "$2"
    ip address add "$3" dev "$2"
    ip link set dev "$2" up
    return
  done
  echo "there is no NIC with the address $1 for $2" >&2
  return 1
}

while read -r mac name address; do
  configure "$mac" "$name" "$address"
done </ordeal/delivery/nics

# Of QEMU's user network: the host.
ip route replace default via 10.0.2.2 dev mgmt0

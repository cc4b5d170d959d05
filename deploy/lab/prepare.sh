#!/bin/sh
# Runs in the root of a machine of the lab at each boot, before systemd does: makes it the machine that its delivery disk says it is.
set -eu

delivery=/ordeal/delivery

cp "$delivery/hostname" /etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$(cat "$delivery/hostname")" >/etc/hosts

# Of a machine that was delivered to before, links are replaced.
mkdir -p /etc/systemd/system/multi-user.target.wants
for unit in "$delivery"/units/*; do
  ln -sfn "$unit" "/etc/systemd/system/${unit##*/}"
  ln -sfn "$unit" "/etc/systemd/system/multi-user.target.wants/${unit##*/}"
done

if [ -d "$delivery/ordeal" ]; then ln -sfn "$delivery/ordeal" /opt/ordeal; fi
if [ -d "$delivery/etc" ]; then ln -sfn "$delivery/etc" /etc/ordeal; fi

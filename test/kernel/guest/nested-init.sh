#!/bin/busybox sh
# The first and only program of a machine within a machine of the lab. It says again and again what it gets over each of its NICs and from each of its
# disks: its sum, and in how many hundredths of a second.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in /modules/*.ko; do insmod "$module"; done
for nic in 0 1; do ip address add 10.79.$nic.2/24 dev eth$nic && ip link set eth$nic up; done

now() { cut -d ' ' -f 1 /proc/uptime | tr -d .; }
sum() { md5sum | cut -d ' ' -f 1; }
over_nic() { timeout 12 nc "10.79.$1.1" 7000 </dev/null | sum; }
from_disk() {
  blockdev --flushbufs "/dev/$1"
  if dd if="/dev/$1" of=/read bs=64k count=1 2>/dev/null; then sum </read; else echo error; fi
}
said() {
  began=$(now)
  what=$("$2" "$3")
  printf ' %s %s %s' "$1" "$what" $(($(now) - began))
}

look=0
while true; do
  look=$((look + 1))
  echo "look $look$(said nic0 over_nic 0)$(said nic1 over_nic 1)$(said vda from_disk vda)$(said vdb from_disk vdb)"
done

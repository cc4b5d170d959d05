/**
 * The first process of a machine: loads what it needs to see its disks, finds these by their labels, and hands over to systemd. It runs in
 * busybox, which cannot read labels: that of an ext4 is the 16 bytes at 1144.
 */
export const initScript = `#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in /modules/*; do insmod $module; done

# find <label>: its device, once it is there
find_disk() {
  for device in /dev/vd?; do
    [ "$(dd if=$device bs=8 skip=143 count=2 2>/dev/null | tr -d '\\0')" = $1 ] && echo $device && return
  done
  return 1
}
tries=100
until root=$(find_disk ordeal-root); do
  tries=$((tries - 1))
  if [ $tries = 0 ]; then echo "init: no disk has the label ordeal-root"; poweroff -f; fi
  sleep 0.1
done
mount -t ext4 -o noatime $root /root || poweroff -f
attach() {
  device=$(find_disk $1) || return
  mount -t ext4 -o $2 $device /root$3 || poweroff -f
}
attach ordeal-modules ro /usr/lib/modules
attach ordeal-delivery ro /ordeal/delivery
attach ordeal-agent noatime /var/lib/ordeal
for place in dev proc sys; do mount -o move /$place /root/$place; done
if [ -x /root/ordeal/delivery/prepare ]; then chroot /root /ordeal/delivery/prepare; fi
exec switch_root /root /sbin/init
`;

/** What the script loads, as far as it is not built into the kernel. */
export const initModules: readonly string[] = ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4'];

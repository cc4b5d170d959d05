/** What no machine of the lab needs, and would cost time at every start or disturb a measurement later. */
const masked = [
  // Networks are set by the machine itself, and by nothing that meddles with them during a trial.
  'systemd-networkd.service',
  'systemd-networkd.socket',
  'systemd-networkd-wait-online.service',
  'systemd-logind.service',
  'systemd-timesyncd.service',
  'systemd-pstore.service',
  'systemd-random-seed.service',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
  'systemd-journal-flush.service',
  'systemd-machine-id-commit.service',
  'systemd-remount-fs.service',
  'systemd-tmpfiles-clean.timer',
  'systemd-binfmt.service',
  'systemd-sysusers.service',
  'systemd-fsck-root.service',
  'modprobe@drm.service',
  'modprobe@fuse.service',
  'modprobe@efi_pstore.service',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'sys-fs-fuse-connections.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'getty@tty1.service',
  // Gettys on screens that a machine does not have.
  'getty-static.service',
  'fstrim.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'dpkg-db-backup.timer',
  'procps.service',
];

/** Runs on the host when all packages are there, with the root of the image as $1. What a machine is beyond that, its own disk says: see init-script.ts. */
export const rootSetup = `set -e
units=$1/etc/systemd/system
mkdir -p "$1/ordeal/delivery" "$1/var/lib/ordeal" "$1/usr/lib/modules" "$units/serial-getty@ttyS0.service.d"
for unit in ${masked.join(' ')}; do ln -sf /dev/null "$units/$unit"; done
chroot "$1" systemctl --quiet enable qemu-guest-agent.service
chroot "$1" systemctl --quiet set-default multi-user.target
chroot "$1" passwd --quiet --delete root
printf '[Service]\\nExecStart=\\nExecStart=-/sbin/agetty --autologin root --keep-baud 115200 %%I vt220\\n' \\
  >"$units/serial-getty@ttyS0.service.d/autologin.conf"
# The journal of a machine that is thrown away; it also keeps the disk quiet.
mkdir -p "$1/etc/systemd/journald.conf.d"
printf '[Journal]\\nStorage=volatile\\n' >"$1/etc/systemd/journald.conf.d/volatile.conf"
# Empty: each machine gets its own at its first start, and is not set up anew for that.
: >"$1/etc/machine-id"
rm -f "$1/etc/hostname" "$1/etc/resolv.conf"
echo 'LABEL=ordeal-root / ext4 noatime 0 0' >"$1/etc/fstab"`;

/** Programs that come with packages which every machine has, but that would be ways around Ordeal's own modules: only who names the package has them. */
const onlyIfNamed: Readonly<Record<string, string>> = { iproute2: 'tc', dmsetup: 'dmsetup' };

export function removalOfDetours(namedPackages: readonly string[]): string {
  const programs = Object.entries(onlyIfNamed).flatMap(([name, program]) =>
    namedPackages.includes(name) ? [] : [program],
  );
  return ['set -e', ...programs.map((program) => `rm -f "$1/usr/sbin/${program}"`)].join('\n');
}

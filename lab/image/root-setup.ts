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
  'systemd-modules-load.service',
  'systemd-sysctl.service',
  'systemd-initctl.socket',
  'systemd-journald-audit.socket',
  'systemd-ask-password-console.path',
  'systemd-ask-password-wall.path',
  'modprobe@dm_mod.service',
  'modprobe@drm.service',
  'modprobe@efi_pstore.service',
  'modprobe@fuse.service',
  'modprobe@loop.service',
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

/** Devices that QEMU has and nobody uses, and what speeds up a real processor: under emulation, loading these takes longer than all the rest of a start. */
const unloaded = [
  ...['kvm_amd', 'kvm_intel', 'ccp', 'acpi_cpufreq', 'powernow_k8', 'intel_rapl_msr'],
  ...['aesni_intel', 'ghash_clmulni_intel', 'sha1_ssse3', 'sha256_ssse3', 'sha512_ssse3'],
  ...['crc32_pclmul', 'crct10dif_pclmul', 'polyval_clmulni'],
  ...['ata_piix', 'ata_generic', 'pata_acpi', 'floppy', 'i2c_piix4', 'qemu_fw_cfg'],
  ...['button', 'evdev', 'input_leds', 'joydev', 'pcspkr', 'psmouse', 'serio_raw', 'parport_pc'],
];

/** Runs on the host when all packages are there, with the root of the image as $1. What a machine is beyond that, its own disk says: see init-script.ts. */
export const rootSetup = `set -e
units=$1/etc/systemd/system
mkdir -p "$1/ordeal/delivery" "$1/var/lib/ordeal" "$1/usr/lib/modules" "$units/serial-getty@ttyS0.service.d"
for unit in ${masked.join(' ')}; do ln -sf /dev/null "$units/$unit"; done
# They look for what a machine of the lab does not have, at every start; the one console is enabled below.
mkdir -p "$1/etc/systemd/system-generators"
for generator in "$1"/usr/lib/systemd/system-generators/*; do
  ln -s /dev/null "$1/etc/systemd/system-generators/$(basename "$generator")"
done
for module in ${unloaded.join(' ')}; do echo "blacklist $module"; done >"$1/etc/modprobe.d/lab.conf"
# The way into a machine whose memory is being taken away.
mkdir -p "$units/qemu-guest-agent.service.d"
printf '[Service]\\nOOMScoreAdjust=-1000\\nOOMPolicy=continue\\n' >"$units/qemu-guest-agent.service.d/stays.conf"
chroot "$1" systemctl --quiet enable qemu-guest-agent.service serial-getty@ttyS0.service
chroot "$1" systemctl --quiet set-default multi-user.target
chroot "$1" passwd --quiet --delete root
printf '[Service]\\nExecStart=\\nExecStart=-/sbin/agetty --autologin root --keep-baud 115200 %%I vt220\\n' \\
  >"$units/serial-getty@ttyS0.service.d/autologin.conf"
# The journal of a machine that is thrown away; it also keeps the disk quiet.
mkdir -p "$1/etc/systemd/journald.conf.d"
printf '[Journal]\\nStorage=volatile\\n' >"$1/etc/systemd/journald.conf.d/volatile.conf"
# Empty: each machine gets its own at its first start, and is not set up anew for that.
: >"$1/etc/machine-id"
rm -f "$1/etc/hostname" "$1/etc/resolv.conf"`;

/** Programs that come with packages which every machine has, but that would be ways around Ordeal's own modules: only who names the package has them. */
const onlyIfNamed: Readonly<Record<string, string>> = { iproute2: 'tc', dmsetup: 'dmsetup' };

export function removalOfDetours(namedPackages: readonly string[]): string {
  const programs = Object.entries(onlyIfNamed).flatMap(([name, program]) =>
    namedPackages.includes(name) ? [] : [program],
  );
  return ['set -e', ...programs.map((program) => `rm -f "$1/usr/sbin/${program}"`)].join('\n');
}

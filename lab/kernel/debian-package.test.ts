import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDepends, readUris } from './debian-package.ts';

test('the version of a package is read with the colon of its epoch', () => {
  const output = [
    "'http://deb.debian.org/debian/pool/main/g/gcc-defaults/gcc_12.2.0-3_amd64.deb' gcc_4%3a12.2.0-3_amd64.deb 5224 SHA256:00",
    "'http://deb.debian.org/debian/pool/main/b/bash/bash_5.2.15-2%2bb13_amd64.deb' bash_5.2.15-2+b13_amd64.deb 1490652 MD5Sum:f9",
    "'http://deb.debian.org/debian/pool/main/l/linux/linux-headers-6.1.0-56-common_6.1.192-2_all.deb' linux-headers-6.1.0-56-common_6.1.192-2_all.deb 1 SHA256:00",
    '',
  ].join('\n');
  assert.deepEqual(readUris(output), [
    { name: 'gcc', version: '4:12.2.0-3' },
    { name: 'bash', version: '5.2.15-2+b13' },
    { name: 'linux-headers-6.1.0-56-common', version: '6.1.192-2' },
  ]);
});

test('a line that is no package is not taken for one', () => {
  assert.deepEqual(readUris('Reading package lists...\nBuilding dependency tree...\n'), []);
});

test('dependencies are read without their versions, alternatives each', () => {
  const record = [
    'Package: linux-image-7.2.13+deb14-amd64',
    'Pre-Depends: linux-base (>= 4.17~)',
    'Depends: dracut | initramfs-tools (>= 0.120+deb8u2), linux-binary-7.2.13+deb14-amd64 (= 7.2.13-1)',
    'Recommends: apparmor',
  ].join('\n');
  assert.deepEqual(readDepends(record), ['dracut', 'initramfs-tools', 'linux-binary-7.2.13+deb14-amd64']);
});

test('a record without dependencies has none', () => {
  assert.deepEqual(readDepends('Package: busybox-static\nSize: 928188\n'), []);
});

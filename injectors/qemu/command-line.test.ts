import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { optionsOf, readQemuCommandLine } from './command-line.ts';

const qemu = '/usr/bin/qemu-system-x86_64';

test('a machine that was started by hand is read', () => {
  const line =
    '-name web -uuid 0f5e4d3c-0000-4000-8000-000000000001 -qmp unix:/run/web.qmp,server=on,wait=off ' +
    '-netdev tap,id=net0,ifname=tap7 -device virtio-net-pci,netdev=net0,mac=52:54:00:AB:cd:01 ' +
    '-drive if=none,id=data,file=/srv/web.img,format=raw -hda /srv/root.img';
  assert.deepEqual(readQemuCommandLine([qemu, ...line.split(' ')]), {
    name: 'web',
    uuid: '0f5e4d3c-0000-4000-8000-000000000001',
    monitors: [{ path: '/run/web.qmp' }],
    networks: ['net0'],
    macs: ['52:54:00:ab:cd:01'],
    images: [{ drive: 'data', file: '/srv/web.img' }],
  });
});

test('a machine that libvirt has started is read: its monitor is a descriptor, its devices are JSON', () => {
  const argv = [
    '/usr/bin/kvm',
    ...['-name', 'guest=web,debug-threads=on'],
    ...['-chardev', 'socket,id=charmonitor,fd=23,server=on,wait=off'],
    ...['-mon', 'chardev=charmonitor,id=monitor,mode=control'],
    ...['-blockdev', '{"driver":"file","filename":"/srv/web.img","node-name":"libvirt-1-storage"}'],
    ...['-netdev', '{"type":"tap","fd":"25","id":"hostnet0"}'],
    ...['-device', '{"driver":"virtio-net-pci","netdev":"hostnet0","mac":"52:54:00:12:34:56"}'],
  ];
  assert.deepEqual(readQemuCommandLine(argv), {
    name: 'web',
    monitors: [{ descriptor: 23 }],
    networks: ['hostnet0'],
    macs: ['52:54:00:12:34:56'],
    images: [{ drive: 'libvirt-1-storage', file: '/srv/web.img' }],
  });
});

test('a monitor for people is none for programs', () => {
  const people = ['-chardev', 'socket,id=hmp,path=/run/hmp', '-mon', 'chardev=hmp,mode=readline'];
  const programs = ['-chardev', 'socket,id=qmp,path=/run/qmp', '-mon', 'qmp,mode=control'];
  assert.deepEqual(readQemuCommandLine([qemu, ...people, ...programs])?.monitors, [{ path: '/run/qmp' }]);
});

test('two dashes are as good as one, and a machine need tell nothing', () => {
  assert.equal(readQemuCommandLine([qemu, '--name', 'web'])?.name, 'web');
  assert.deepEqual(readQemuCommandLine(['kvm']), { monitors: [], networks: [], macs: [], images: [] });
});

for (const other of ['/usr/bin/qemu-img', 'qemu-nbd', '/usr/sbin/kvm-stat', 'node', ''])
  test(`"${other}" runs no machine`, () => {
    assert.equal(readQemuCommandLine([other, '-name', 'web']), undefined);
  });

test('whatever the values are, commas included, they are read as they were written', () => {
  const key = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
  const value = fc.string();
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (given) => {
      const text = Object.entries(given)
        .map(([name, one]) => `${name}=${one.replaceAll(',', ',,')}`)
        .join(',');
      assert.deepEqual(optionsOf(text, 'implied'), text === '' ? { implied: '' } : given);
    }),
  );
});

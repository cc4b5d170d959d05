import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MachineSpec } from './machine-spec.ts';
import { qemuArguments } from './qemu-arguments.ts';

const boots = {
  release: '6.1.0-1-amd64',
  vmlinuz: '/cache/vmlinuz',
  initrd: '/cache/initrd',
  root: '/cache/root.img',
  rootFormat: 'raw',
  modules: '/cache/modules.img',
} as const;
const spec: MachineSpec = { name: 'nfvi-2', number: 2, directory: '/lab/nfvi-2', boots, accelerator: 'tcg' };

/** The values of an option, in their order. */
function valuesOf(option: string, of: MachineSpec): string[] {
  const argv = qemuArguments(of);
  return argv.filter((_, i) => argv[i - 1] === option);
}

test('a machine has only what it is given: no devices of its own, no configuration of the user', () => {
  const argv = qemuArguments(spec);
  assert.ok(argv.includes('-nodefaults') && argv.includes('-no-user-config'));
});

test('the virtio disks come in the order that the initial ram disk knows them by', () => {
  const virtio = valuesOf('-device', spec).flatMap(
    (value) => /^virtio-blk-pci,drive=(\w+)/.exec(value)?.[1] ?? [],
  );
  assert.deepEqual(virtio, ['root', 'modules', 'delivery', 'agent', 'virtio']);
});

test('what machines share is read-only', () => {
  const shared = valuesOf('-drive', spec).filter((value) => value.includes('/cache/'));
  assert.deepEqual(shared, ['if=none,id=modules,file=/cache/modules.img,format=raw,readonly=on']);
});

test('it has a monitor that the lab asks, and one for others', () => {
  assert.deepEqual(valuesOf('-mon', spec), ['chardev=qmp,mode=control', 'chardev=monitor,mode=control']);
});

test('the agent keeps its journal on another kind of disk than those of SCSI', () => {
  assert.ok(valuesOf('-device', spec).includes('virtio-blk-pci,drive=agent,serial=ordeal-agent'));
});

test('the addresses of the NICs end with the number of the machine', () => {
  const macs = valuesOf('-device', { ...spec, number: 31 }).flatMap(
    (value) => /mac=([^,]+)/.exec(value)?.[1] ?? [],
  );
  assert.deepEqual(macs, ['52:54:00:4d:00:1f', '52:54:00:44:00:1f']);
});

test('the data network is a stream to the switch', () => {
  assert.ok(
    valuesOf('-netdev', { ...spec, dataNetwork: '/lab/switch.sock' }).includes(
      'stream,id=data,server=off,addr.type=unix,addr.path=/lab/switch.sock',
    ),
  );
});

test('a comma in a path does not end the path', () => {
  assert.ok(
    valuesOf('-drive', { ...spec, directory: '/lab/a,b' }).some((value) =>
      value.startsWith('if=none,id=root,file=/lab/a,,b/root.qcow2,'),
    ),
  );
});

test('an emulated machine is not asked for the processor of the host, which only KVM has', () => {
  assert.deepEqual(valuesOf('-cpu', spec), ['Nehalem']);
  assert.deepEqual(valuesOf('-cpu', { ...spec, accelerator: 'kvm' }), ['host']);
});

test('a folder that is too deep for a socket is refused before anything starts', () => {
  const directory = `/${'deep/'.repeat(20)}nfvi-2`;
  assert.throws(() => qemuArguments({ ...spec, directory }), /too long for the path of a unix socket/);
});

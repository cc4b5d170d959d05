import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readOwnMachine } from './own-machine.ts';

const virtual = 'processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n';
const links = {
  'proc/self/ns/pid': 'pid:[4026531836]',
  'proc/self/ns/net': 'net:[4026531840]',
  'proc/1/ns/net': 'net:[4026531840]',
};

interface Made {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
}

async function machineOf(context: TestContext, made: Made) {
  const root = await mkdtemp(join(tmpdir(), 'ordeal-own-machine-'));
  context.after(async () => await rm(root, { recursive: true }));
  const files = Object.entries({ 'proc/cpuinfo': virtual, ...made.files });
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const [path, to] of Object.entries({ ...links, ...made.links })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(to, join(root, path));
  }
  return await readOwnMachine(root);
}

test('a machine whose processor tells of a hypervisor is virtual, by what its firmware calls it', async (context) => {
  const files = {
    'sys/class/dmi/id/sys_vendor': 'QEMU\n',
    'sys/class/dmi/id/product_name': 'Standard PC (Q35 + ICH9, 2009)\n',
  };
  assert.deepEqual(await machineOf(context, { files }), {
    virtualisedBy: 'QEMU Standard PC (Q35 + ICH9, 2009)',
  });
});

test('where the firmware says nothing, the kernel may know the hypervisor', async (context) => {
  assert.deepEqual(await machineOf(context, { files: { 'sys/hypervisor/type': 'xen\n' } }), {
    virtualisedBy: 'xen',
  });
});

test('a machine whose processor tells of none is not virtual', async (context) => {
  const files = { 'proc/cpuinfo': 'flags\t: fpu hypervisorless\n' };
  assert.equal(await machineOf(context, { files }), undefined);
});

test('an agent in a container does not speak for the machine, nor does one in a network of its own', async (context) => {
  const contained = { 'proc/self/ns/pid': 'pid:[4026532000]' };
  assert.equal(await machineOf(context, { links: contained }), undefined);
  const apart = { 'proc/self/ns/net': 'net:[4026532001]' };
  assert.equal(await machineOf(context, { links: apart }), undefined);
});

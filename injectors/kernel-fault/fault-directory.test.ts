import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FaultTree } from './fault-tree.ts';

/** Plain directories and files where the kernel has its own: for what is written and read, not for what the kernel does with it. */
async function tree(
  t: TestContext,
  attributes: Readonly<Record<string, string>>,
): Promise<{ root: string; tree: FaultTree }> {
  const root = await mkdtemp(join(tmpdir(), 'ordeal-configfs-'));
  t.after(async () => await rm(root, { recursive: true }));
  const fault = join(root, 'net', 'kernel-net-drop_i-1');
  await mkdir(fault, { recursive: true });
  for (const [name, text] of Object.entries(attributes)) await writeFile(join(fault, name), text);
  return { root, tree: new FaultTree(root) };
}

test('an attribute holds what was written last, and nothing of what was there before', async (t) => {
  const { root, tree: faults } = await tree(t, { effect: 'duplicate\n' });
  await faults.fault('net', 'kernel-net-drop_i-1').write('effect', 'drop');
  assert.equal(await readFile(join(root, 'net/kernel-net-drop_i-1/effect'), 'utf8'), 'drop\n');
});

test('an attribute that the module does not have is an error, not a file', async (t) => {
  const { root, tree: faults } = await tree(t, { error: '' });
  await assert.rejects(faults.fault('net', 'kernel-net-drop_i-1').write('efect', 'drop'), {
    code: 'INVALID_INPUT',
    message: 'the kernel refuses it: efect: this module has no such attribute',
  });
  assert.deepEqual(await readdir(join(root, 'net/kernel-net-drop_i-1')), ['error']);
});

test('a value that is refused is told in the words of the kernel', async (t) => {
  const { root, tree: faults } = await tree(t, { error: 'bits: "65" is not a whole number from 1 to 64\n' });
  await mkdir(join(root, 'net/kernel-net-drop_i-1/bits'));
  await assert.rejects(faults.fault('net', 'kernel-net-drop_i-1').write('bits', 65), {
    code: 'INVALID_INPUT',
    message: 'the kernel refuses it: bits: "65" is not a whole number from 1 to 64',
  });
});

test('a value that configfs would take by half is refused whole', async (t) => {
  const { tree: faults } = await tree(t, { addresses: '' });
  await assert.rejects(faults.fault('net', 'kernel-net-drop_i-1').write('addresses', 'f'.repeat(4_001)), {
    message: /addresses: takes 4000 characters, not 4001/,
  });
});

test('what was never made has no status, and can be removed', async (t) => {
  const { tree: faults } = await tree(t, {});
  const never = faults.fault('net', 'kernel-net-drop_i-2');
  assert.equal(await never.status(), undefined);
  await never.remove();
});

test('to make what is there already does no harm', async (t) => {
  const { tree: faults } = await tree(t, { effect: 'drop' });
  await faults.fault('net', 'kernel-net-drop_i-1').make();
  assert.deepEqual(await faults.names('net'), ['kernel-net-drop_i-1']);
});

test('a kind whose module is not loaded has no faults', async (t) => {
  const { tree: faults } = await tree(t, {});
  assert.deepEqual(await faults.names('storage'), []);
});

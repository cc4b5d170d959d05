import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { containersByNic } from './cables.ts';
import type { Nic } from './nics.ts';

const common = { state: 'up', addresses: [] };
const nics: Nic[] = [
  { name: 'eth0', ifindex: 2, device: '', ...common },
  { name: 'veth1a', ifindex: 7, device: 'veth', farIndex: 2, ...common },
  { name: 'veth2a', ifindex: 9, device: 'veth', farIndex: 2, ...common },
];
const init = (pid: number) => ({ pid, startTicks: 1 });
const web = { name: 'docker/web', init: init(10), netns: 100 };
const db = { name: 'podman/db', init: init(20), netns: 200 };

/** What each process has below root/sys/class/net: the index of the end, and of the other one. */
async function proc(
  context: TestContext,
  ends: Readonly<Record<string, readonly [number, number]>>,
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ordeal-cables-'));
  context.after(async () => await rm(root, { recursive: true }));
  for (const [place, [ifindex, iflink]] of Object.entries(ends)) {
    const [pid = '', name = ''] = place.split('/');
    const directory = join(root, pid, 'root/sys/class/net', name);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'ifindex'), `${ifindex}\n`);
    await writeFile(join(directory, 'iflink'), `${iflink}\n`);
  }
  return root;
}

test('a veth leads to the container whose own end names it, also where all of these ends have one index', async (context) => {
  const root = await proc(context, { '10/lo': [1, 1], '10/eth0': [2, 7], '20/eth0': [2, 9] });
  const found = await containersByNic(nics, [web, db], root);
  assert.deepEqual([...found].sort(), [
    [7, 'docker/web'],
    [9, 'podman/db'],
  ]);
});

test('what a container claims and no veth of the host confirms is not believed', async (context) => {
  const root = await proc(context, { '10/eth0': [2, 2], '10/eth1': [3, 7], '20/eth0': [2, 70] });
  assert.equal((await containersByNic(nics, [web, db], root)).size, 0);
});

test('a pipe in the place of a number holds nobody up', async (context) => {
  const root = await proc(context, { '10/eth0': [2, 7] });
  const pipe = join(root, '10/root/sys/class/net/eth0/iflink');
  await rm(pipe);
  execFileSync('mkfifo', [pipe]);
  assert.equal((await containersByNic(nics, [web], root)).size, 0);
});

test('a container without a network of its own, without a sysfs or without a process has no cable', async (context) => {
  const root = await proc(context, { '10/eth0': [2, 7] });
  const others = [{ name: 'a', init: init(10) }, { ...db }, { name: 'c', netns: 3 }];
  assert.equal((await containersByNic(nics, others, root)).size, 0);
});

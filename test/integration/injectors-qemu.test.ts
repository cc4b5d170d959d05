import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { readHostedVms } from '../../agent/inventory/vms.ts';
import { JsonChannel } from '../../command/json-channel.ts';
import { identify, readBootId } from '../../procfs/identity.ts';
import { Monitor } from '../../injectors/qemu/monitor.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import type { Injection } from '../../injectors/injector.ts';
import type { VmFromOutside } from '../../injectors/target.ts';
import { until } from '../until.ts';
import { injectionOn, skip as withoutRoot } from './injector-bed.ts';

const program = 'qemu-system-x86_64';
const hasProgram = spawnSync(program, ['--version']).error === undefined;
const skip = withoutRoot === false && !hasProgram ? `needs the program ${program}` : withoutRoot;

const mebibyte = 1024 ** 2;
const uuid = '0f5e4d3c-0000-4000-8000-000000000001';

/** A QEMU whose machine has no system to boot: its firmware waits. Two disks, a NIC, two monitors. */
class Firmware {
  readonly target: VmFromOutside;
  readonly monitors: readonly [string, string];
  #said = '';

  private constructor(target: VmFromOutside, monitors: readonly [string, string], output: Readable) {
    this.target = target;
    this.monitors = monitors;
    output.on('data', (bytes: Buffer) => (this.#said += bytes.toString()));
  }

  static async start(context: TestContext): Promise<Firmware> {
    const directory = await mkdtemp(join(tmpdir(), 'ordtest-qemu-'));
    const disks = ['one', 'other'].map((name) => join(directory, name));
    for (const disk of disks) {
      await writeFile(disk, '');
      await truncate(disk, mebibyte);
    }
    const monitors = [join(directory, 'first.qmp'), join(directory, 'second.qmp')] as const;
    const name = `ordtest-${process.pid}`;
    const qemu = spawn(
      program,
      [
        ...['-name', name, '-uuid', uuid, '-machine', 'q35,accel=tcg', '-m', '32'],
        ...['-nodefaults', '-no-user-config', '-display', 'none'],
        ...monitors.flatMap((path) => ['-qmp', `unix:${path},server=on,wait=off`]),
        ...['-device', 'virtio-scsi-pci,id=scsi', '-netdev', 'hubport,id=data,hubid=0'],
        ...['-drive', `if=none,id=one,file=${disks[0]},format=raw,discard=unmap`],
        ...['-device', 'scsi-hd,bus=scsi.0,drive=one'],
        ...[
          '-drive',
          `if=none,id=other,file=${disks[1]},format=raw`,
          '-device',
          'virtio-blk-pci,drive=other',
        ],
        ...['-device', 'virtio-net-pci,netdev=data,romfile='],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    context.after(async () => {
      const exited = once(qemu, 'exit');
      if (qemu.kill('SIGKILL')) await exited;
      await rm(directory, { recursive: true });
    });
    const pid = qemu.pid ?? 0;
    const identity = await identify(pid);
    assert.ok(identity);
    const { startTicks } = identity;
    const bootId = await readBootId();
    const target = {
      kind: 'vm',
      metFrom: 'outside',
      host: 'here',
      bootId,
      name,
      pid,
      startTicks,
      uuid,
    } as const;
    const firmware = new Firmware(target, monitors, qemu.stdout);
    await until('it answers', async () => {
      await firmware.ask('query-status');
      return true;
    });
    return firmware;
  }

  async ask(execute: string, args = {}): Promise<string> {
    const monitor = await Monitor.open(this.monitors);
    try {
      return JSON.stringify(await monitor.ask(execute, args));
    } finally {
      monitor.close();
    }
  }

  /** What comes of a request to a disk, past whatever its machine does: QEMU itself says it. */
  async requests(drive: string, command: string): Promise<string> {
    this.#said = '';
    await this.ask('human-monitor-command', { 'command-line': `qemu-io ${drive} "${command}"` });
    await until('it has said what came of it', () => this.#said.includes('\n'));
    return this.#said;
  }

  /** All that a fault could leave: block nodes and who is right below a device, objects, a gdb stub, and whether it runs. */
  async state(): Promise<readonly string[]> {
    const [block, nodes] = [await this.ask('query-block'), await this.ask('query-named-block-nodes')];
    const names = [block, nodes].flatMap((answer) => answer.match(/"(device|node-name|drv)":"[^"]*"/g) ?? []);
    const objects = await this.ask('qom-list', { path: '/objects' });
    const stub = /"label":"gdb"/.test(await this.ask('query-chardev')) ? 'a stub' : 'no stub';
    return [...names, objects, stub, await this.ask('query-status')];
  }

  /** A fault, ended by one that has only what the journal keeps, as an agent is after it was killed. */
  async amid(mechanism: string, parameters: object, look: () => Promise<void>): Promise<void> {
    const before = await this.state();
    const [injector, other] = [makeInjectors().get(mechanism), makeInjectors().get(mechanism)];
    assert.ok(injector && other);
    const injection = await this.injection(mechanism, parameters);
    const memory = await injector.capture(injection);
    assert.deepEqual(await this.state(), before, 'to prepare changes nothing');
    await injector.apply(injection, memory);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    await look();
    await other.revert(injection, memory);
    assert.deepEqual(await other.verify(injection, memory, 'reverted'), { holds: true });
    assert.deepEqual(await other.handles([this.target]), []);
    await injector.revert(injection, memory);
    assert.deepEqual(await this.state(), before);
  }

  async injection(mechanism: string, parameters: object): Promise<Injection> {
    const parsed = makeInjectors().get(mechanism)?.descriptor.parameters.parse(parameters);
    return await Promise.resolve(injectionOn(this.target, { id: 'ordtest-1', parameters: parsed }));
  }
}

describe('a QEMU', { skip }, () => {
  test('is found by its command line, with what a fault can name', async (context) => {
    const { target, monitors } = await Firmware.start(context);
    const found = (await readHostedVms([])).find(({ qemu }) => qemu.pid === target.pid);
    assert.deepEqual(found?.monitors, monitors);
    assert.deepEqual([found.name, found.qemu.uuid], [target.name, uuid]);
    assert.deepEqual(found.qemu.networks, ['data']);
    assert.deepEqual(
      found.qemu.images.map(({ drive }) => drive),
      ['one', 'other'],
    );
    assert.equal(found.cgroup, undefined, 'it is in the cgroup of this test');
  });

  test('has its disk failed, not the one beside it, and its graph is as before', async (context) => {
    const firmware = await Firmware.start(context);
    for (const [failing, whole] of [
      ['one', 'other'],
      ['other', 'one'],
    ] as const)
      await firmware.amid('vm-disk-error', { disk: failing, direction: 'read' }, async () => {
        assert.match(await firmware.requests(failing, 'read 0 512'), /read failed: Input\/output error/);
        assert.match(await firmware.requests(failing, 'write 0 512'), /wrote 512\/512/);
        assert.match(await firmware.requests(whole, 'read 0 512'), /read 512\/512/);
      });
  });

  test('has one sector failed', async (context) => {
    const firmware = await Firmware.start(context);
    await firmware.amid('vm-disk-error', { disk: 'one', errno: 'ENOSPC', sector: 8 }, async () => {
      assert.match(await firmware.requests('one', 'write 4096 512'), /write failed: No space left on device/);
      assert.match(await firmware.requests('one', 'write 8192 512'), /wrote 512\/512/);
    });
  });

  test('has a throttle of its own put below a device, and taken away', async (context) => {
    const firmware = await Firmware.start(context);
    await firmware.amid('vm-disk-delay', { disk: 'other', rate: 7 }, async () => {
      assert.match(
        await firmware.ask('qom-get', { path: '/objects/ordeal_ordtest-1', property: 'limits' }),
        /"iops-total":7[,}]/,
      );
    });
  });

  test('stands while it is stopped', async (context) => {
    const firmware = await Firmware.start(context);
    await firmware.amid('vm-stop', {}, async () => {
      assert.match(await firmware.ask('query-status'), /"status":"paused"/);
    });
  });

  test('has a link that is taken down, and the one that it has not is told of', async (context) => {
    const firmware = await Firmware.start(context);
    await firmware.amid('vm-link-down', {}, async () => await Promise.resolve());
    const refused = makeInjectors()
      .get('vm-link-down')
      ?.capture(await firmware.injection('vm-link-down', { network: 'net7' }));
    await assert.rejects(refused ?? Promise.resolve(), {
      code: 'NO_TARGET',
      message: /has no network "net7"; its QEMU has: data/,
    });
  });

  test('has registers flipped by its gdb stub, which goes with the fault', async (context) => {
    const firmware = await Firmware.start(context);
    // Its firmware runs code of 16 and 32 bits, which has no upper halves.
    const parameters = { context: 'any', registers: ['si'], bitMask: '0xff', every: '10ms', times: 3 };
    const injector = makeInjectors().get('vm-registers');
    assert.ok(injector);
    const before = await firmware.state();
    const injection = await firmware.injection('vm-registers', parameters);
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual((await injector.handles([firmware.target])).length, 1);
    await until('three are flipped', async () => (await injector.effects(injection, memory)).count === 3);
    const { count, remark = '' } = await injector.revert(injection, memory);
    assert.equal(count, 3);
    const flips = [...remark.matchAll(/si (0x[0-9a-f]+) -> (0x[0-9a-f]+) of processor/g)];
    assert.deepEqual(
      flips.map(([, was = '', is = '']) => (BigInt(was) ^ BigInt(is)).toString(2).replaceAll('0', '')),
      ['1', '1', '1'],
    );
    assert.deepEqual(await injector.handles([firmware.target]), []);
    assert.deepEqual(await firmware.state(), before);
  });

  test('goes on after whoever flipped its registers is gone', async (context) => {
    const firmware = await Firmware.start(context);
    const parameters = { context: 'any', registers: ['si'], bitMask: '0xff', every: '10ms', times: 0 };
    await firmware.amid('vm-registers', parameters, async () => await Promise.resolve());
  });

  test('whose monitors are taken is told of, with both of them', async (context) => {
    const firmware = await Firmware.start(context);
    const taken = await Promise.all(firmware.monitors.map(async (path) => await JsonChannel.open(path)));
    // Only who was greeted is served, and not just waiting.
    await Promise.all(taken.map(async (channel) => await channel.line(10_000)));
    const refused = makeInjectors()
      .get('vm-stop')
      ?.capture(await firmware.injection('vm-stop', {}));
    await assert.rejects(refused ?? Promise.resolve(), {
      code: 'UNSUPPORTED',
      message: /first\.qmp is taken: QEMU serves one client at a time.*second\.qmp is taken/,
    });
    for (const channel of taken) channel.close();
  });

  test('that has ended has taken its fault along', async (context) => {
    const firmware = await Firmware.start(context);
    const injector = makeInjectors().get('vm-disk-error');
    assert.ok(injector);
    const injection = await firmware.injection('vm-disk-error', { disk: 'one' });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    process.kill(firmware.target.pid, 'SIGKILL');
    await until('it has ended', async () => (await identify(firmware.target.pid)) === undefined);
    assert.equal((await injector.revert(injection, memory)).count, 'unknown');
    assert.deepEqual(await injector.verify(injection, memory, 'reverted'), { holds: true });
    await assert.rejects(injector.capture(injection), { code: 'NO_TARGET', message: /has ended since/ });
  });
});

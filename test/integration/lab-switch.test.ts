import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FrameReader, longestFrame } from '../../lab/network/frame-reader.ts';

const broadcast = 'ffffffffffff';
const [one, two, three] = ['525400440001', '525400440002', '525400440003'];

/** A machine's end of the data network, as QEMU has it. */
class Nic {
  readonly socket: Socket;
  readonly #reader = new FrameReader();
  readonly #frames: string[] = [];
  #wake: () => void = () => undefined;

  constructor(path: string) {
    this.socket = connect(path);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (bytes) => {
      this.#frames.push(...this.#reader.read(bytes).map((frame) => frame.subarray(18).toString()));
      this.#wake();
    });
  }

  send(from: string, to: string, content: string): void {
    const frame = Buffer.concat([Buffer.from(`${to}${from}88b5`, 'hex'), Buffer.from(content)]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(frame.length);
    this.socket.write(Buffer.concat([length, frame]));
  }

  /** The contents of all that came, up to the one that is waited for. */
  async heardUntil(content: string): Promise<string[]> {
    for (;;) {
      const at = this.#frames.indexOf(content);
      if (at !== -1) return this.#frames.splice(0, at + 1);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

describe('the switch of a lab, as a process', { timeout: 120_000 }, () => {
  let directory: string;
  let path: string;
  let process: ReturnType<typeof startSwitch>;
  const nics: Nic[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-switch-'));
    path = join(directory, 'switch.sock');
    process = startSwitch(path);
    await once(process.stdout, 'data');
  });
  after(async () => {
    for (const nic of nics) nic.socket.destroy();
    process.kill('SIGKILL');
    await rm(directory, { recursive: true });
  });

  /** The switch has seen it, and everything that was sent before. */
  async function plugIn(address: string): Promise<Nic> {
    const nic = new Nic(path);
    nics.push(nic);
    await once(nic.socket, 'connect');
    const others = nics.filter((other) => other !== nic && !other.socket.destroyed);
    nic.send(address, broadcast, `${address} is here`);
    await Promise.all(others.map(async (other) => await other.heardUntil(`${address} is here`)));
    return nic;
  }

  test('carries frames between machines, to whom they are for, until a machine sends what is no frame', async () => {
    const a = await plugIn(one);
    const b = await plugIn(two);
    const c = await plugIn(three);
    // Each knows by what is said last that nothing else came before it.
    b.send(two, one, 'for one');
    a.send(one, three, 'for three');
    a.send(one, broadcast, 'for all');
    assert.deepEqual(await a.heardUntil('for one'), ['for one']);
    assert.deepEqual(await b.heardUntil('for all'), ['for all']);
    assert.deepEqual(await c.heardUntil('for all'), ['for three', 'for all']);

    const tooLong = Buffer.alloc(4);
    tooLong.writeUInt32BE(longestFrame + 1);
    c.socket.write(tooLong);
    await once(c.socket, 'close');
    a.send(one, two, 'still');
    assert.deepEqual(await b.heardUntil('still'), ['still']);
  });

  test('takes its socket away when it is told to end', async () => {
    const ended = once(process, 'exit');
    process.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.equal(existsSync(path), false);
  });
});

function startSwitch(path: string) {
  const main = join(import.meta.dirname, '../../lab/network/main.ts');
  const argv = ['--import', 'tsx', main, path];
  return spawn(globalThis.process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
}

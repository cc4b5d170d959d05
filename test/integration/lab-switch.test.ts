import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import { FrameReader, longestFrame } from '../../lab/network/frame-reader.ts';
import type { SeenFrame } from '../../lab/network/frame-witness.ts';
import { listenToFrames } from '../../lab/network/listen-to-frames.ts';

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
  let frames: string;
  let process: ReturnType<typeof startSwitch>;
  const nics: Nic[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-switch-'));
    path = join(directory, 'switch.sock');
    frames = join(directory, 'frames.sock');
    process = startSwitch(path, frames);
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

  test('tells whoever listens of each frame when it comes, also of one that goes to nobody', async () => {
    const a = await plugIn(one);
    const heard: SeenFrame[] = [];
    const listening = (async () => {
      for await (const frame of listenToFrames(frames)) if (heard.push(frame) === 2) return;
    })();
    const beganUs = monotonicUs();
    // Whether it listens already is known only by what it hears.
    const sending = setInterval(() => a.send(one, one, 'to itself'), 20);
    await listening;
    clearInterval(sending);
    for (const { source, destination, type, bytes } of heard) {
      assert.deepEqual([source, destination], ['52:54:00:44:00:01', '52:54:00:44:00:01']);
      assert.deepEqual([type, bytes], ['88b5', 14 + 'to itself'.length]);
    }
    const [first, second] = heard.map(({ atUs }) => atUs);
    assert.ok(first !== undefined && second !== undefined);
    assert.ok(beganUs <= first && first < second && second <= monotonicUs(), 'by one clock');
  });

  test('is listened to until whoever listens has heard enough', async () => {
    const a = await plugIn(one);
    const enough = new AbortController();
    const sending = setInterval(() => a.send(one, one, 'to itself'), 20);
    for await (const frame of listenToFrames(frames, enough.signal))
      if (frame.type === '88b5') enough.abort();
    clearInterval(sending);
  });

  test('takes its sockets away when it is told to end', async () => {
    const ended = once(process, 'exit');
    process.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual([existsSync(path), existsSync(frames)], [false, false]);
  });
});

function startSwitch(path: string, frames: string) {
  const main = join(import.meta.dirname, '../../lab/network/main.ts');
  const argv = ['--import', 'tsx', main, path, frames];
  return spawn(globalThis.process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
}

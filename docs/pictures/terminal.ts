import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';

export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  readonly colours: boolean;
}

/** For xterm to come up and node to draw: nothing says when a window has been painted. */
const paintMs = 4_000;

/** What a watch of a saved run looked like at an instant, in a real xterm on a screen that nobody sees. */
export async function terminalPicture(
  folder: string,
  untilUs: number,
  { columns, rows, colours }: Terminal,
): Promise<Buffer> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await firstLine(screen.stdio[3] as Readable);
  const environment = { ...process.env, DISPLAY: `:${number}`, ...(colours ? {} : { NO_COLOR: '1' }) };
  const look = [
    '-fa',
    'DejaVu Sans Mono',
    '-fs',
    '11',
    '-bg',
    '#14171b',
    '-fg',
    '#e7eaee',
    '+sb',
    '-b',
    '10',
  ];
  const replay = ['node', '--import', 'tsx', join(import.meta.dirname, 'replay.ts'), folder, String(untilUs)];
  const xterm = spawn('xterm', ['-geometry', `${columns}x${rows}+0+0`, ...look, '-e', ...replay], {
    env: environment,
    stdio: 'ignore',
  });
  try {
    await sleep(paintMs);
    return execFileSync('import', ['-window', 'root', '-trim', 'png:-'], {
      env: environment,
      maxBuffer: 1e8,
    });
  } finally {
    await end(xterm);
    await end(screen);
  }
}

async function firstLine(stream: Readable): Promise<string> {
  const [chunk] = (await once(stream.setEncoding('utf8'), 'data')) as [string];
  return chunk.trim();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { processorTimeS } from '../processor-time.ts';

interface Cost {
  readonly seconds: number;
  readonly processorS: number;
  /** The most memory that it had at a time. */
  readonly peakMiB: number;
  readonly code: number;
}

/** Runs a program to its end, and tells what it took, as /proc has it; a look every 50 ms sees a peak that lasts, since the kernel keeps the highest. */
export async function costOf(args: readonly string[]): Promise<Cost> {
  const beganUs = monotonicUs();
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args.join(' ')} did not start`);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const over = ended.then(() => true);
  let [peakMiB, processorS] = [0, 0];
  do {
    peakMiB = Math.max(peakMiB, await highWaterMiB(pid));
    processorS = await processorTimeS(pid, 'itself').catch(() => processorS);
  } while (!(await Promise.race([over, sleep(50, false)])));
  const [code] = await ended;
  return { seconds: (monotonicUs() - beganUs) / 1e6, processorS, peakMiB, code: code ?? -1 };
}

/** Nothing where it has ended. */
async function highWaterMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kib ?? 0) / 1024;
}

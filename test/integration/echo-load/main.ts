import { connect, Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { monotonicUs, sleepUntil } from '../../../clock/monotonic.ts';
import { systemCode } from '../../../errors/system-code.ts';
import type { Outcome } from '../../../events/sample-columns.ts';
import { encodeMessage, type Message } from '../../../workload/pipe.ts';
import { RowBuffer } from '../../../workload/row-buffer.ts';
import { echoDriver, echoOptions, type EchoOptions } from './driver.ts';

const frameEveryMs = 250;

const checkJob = z.strictObject({ options: echoOptions });
const runJob = checkJob.extend({ startUs: z.number(), durationUs: z.number(), seed: z.number() });
type RunJob = z.infer<typeof runJob>;

async function run({ options, startUs, durationUs }: RunJob, ending: AbortSignal): Promise<void> {
  const pipe = new Socket({ fd: 1, readable: false, writable: true });
  // Nobody reads the samples any more.
  pipe.on('error', () => process.exit(1));
  const say = (message: Message): void => {
    pipe.write(encodeMessage(message));
  };
  say({ is: 'hello', version: 'echo 1' });
  const known = new RowBuffer();
  let rows = 0;
  const flush = (): void => {
    const columns = known.take();
    if (columns === undefined) return;
    rows += columns.intendedUs.length;
    say({ is: 'frame', classes: ['line'], columns });
  };
  const flushing = setInterval(flush, frameEveryMs);
  const asked: Promise<void>[] = [];
  const number = Math.ceil((durationUs * options.perSecond) / 1e6);
  for (let n = 0; n < number; n += 1) {
    const intendedUs = startUs + (n * 1e6) / options.perSecond;
    await sleepUntil(intendedUs, ending).catch(() => undefined);
    if (ending.aborted) break;
    asked.push(
      ask(options, intendedUs, `line ${n}\n`).then(({ sentUs, answeredUs, outcome }) => {
        known.add(intendedUs, sentUs, answeredUs, 0, outcome);
      }),
    );
  }
  const ended = new Promise((resolve) => ending.addEventListener('abort', resolve));
  await Promise.race([Promise.all(asked), ...(ending.aborted ? [undefined] : [ended])]);
  clearInterval(flushing);
  flush();
  say({ is: 'end', rows });
  // What is still asked has no outcome any more, and would keep the process.
  pipe.end(() => process.exit(0));
}

interface Asked {
  readonly sentUs: number;
  readonly answeredUs: number;
  readonly outcome: Outcome;
}

/** One request on a connection of its own, given up when the time of its intended send is over. */
async function ask(options: EchoOptions, intendedUs: number, line: string): Promise<Asked> {
  const sentUs = monotonicUs();
  const socket = connect({ port: options.port, host: '127.0.0.1' }, () => socket.write(line));
  const over = new AbortController();
  const outcome = await new Promise<Outcome>((resolve) => {
    let answer = '';
    const dueUs = intendedUs + options.timeoutMs * 1000;
    sleepUntil(dueUs, over.signal).then(
      () => resolve('timeout'),
      () => undefined,
    );
    socket.setEncoding('utf8').on('data', (piece) => {
      answer += String(piece);
      if (answer.endsWith('\n')) resolve(answer === line ? 'ok' : 'wrong');
    });
    socket.on('error', (error) => resolve(systemCode(error) === 'ECONNREFUSED' ? 'refused' : 'error'));
    socket.on('close', () => resolve('error'));
  });
  const answeredUs = monotonicUs();
  over.abort();
  socket.destroy();
  return { sentUs, answeredUs, outcome };
}

async function check({ options }: z.infer<typeof checkJob>): Promise<void> {
  const { outcome } = await ask(options, monotonicUs(), 'check\n');
  process.stdout.write(JSON.stringify({ healthy: outcome === 'ok', found: `the answer was: ${outcome}` }));
}

function terminated(): AbortSignal {
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort());
  return ending.signal;
}

const job = await json(process.stdin);
if (process.argv[2] === 'check') await check(checkJob.parse(job));
else if (process.argv[2] === 'run') await run(runJob.parse(job), terminated());
else throw new Error(`${echoDriver.name} knows check and run, not ${process.argv[2]}`);

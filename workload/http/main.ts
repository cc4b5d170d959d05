import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { encodeMessage, type Message } from '../pipe.ts';
import { RowBuffer } from '../row-buffer.ts';
import { check } from './check.ts';
import { chooseClasses } from './choice.ts';
import { connectionPool } from './connections.ts';
import { generate } from './generator.ts';
import { durationUs, httpOptions } from './options.ts';
import { requestClasses } from './request-class.ts';
import { schedule } from './schedule.ts';

const version = `http 1, node ${process.versions.node}`;
const frameMs = 250;
/** As a nice value: before all ordinary processes, behind those that the system itself put first. */
const precedence = -10;

const checkJob = z.strictObject({ options: httpOptions });
const runJob = z.strictObject({
  options: httpOptions,
  startUs: z.int().nonnegative(),
  durationUs: z.int().nonnegative(),
  seed: z.int().min(0).max(0xffffffff),
});

// Not process.stdout, which writes synchronously to a pipe: a reader that is slow must not hold up the sends.
const output = new Socket({ fd: 1, readable: false, writable: true });
// Nobody reads the samples any more, so the load has no purpose.
output.on('error', () => process.exit(1));

const verb = process.argv[2];
const job = await json(process.stdin);
if (verb === 'check') output.end(JSON.stringify(await check(checkJob.parse(job).options)));
else run(runJob.parse(job));

/** Users have machines of their own: where a load shares its machine with others, they must not make it late. */
function takePrecedence(): void {
  try {
    setPriority(precedence);
    // A kernel that groups processes by their session heeds the value of the session's group alone; this one has a session of its own.
    writeFileSync('/proc/self/autogroup', String(precedence));
  } catch {
    // Only root may, and not every kernel groups. Without it the load is what it can be, and its late sends show in the samples.
  }
}

function run({ options, startUs, durationUs: lastsUs, seed }: z.infer<typeof runJob>): void {
  takePrecedence();
  const say = (message: Message): boolean => output.write(encodeMessage(message));
  const classes = requestClasses(options);
  const names = classes.map(({ name }) => name);
  const rows = new RowBuffer();
  const sendsUs = schedule(options.load, lastsUs);
  let handedOver = 0;
  say({ is: 'hello', version });
  const handOver = (): void => {
    const columns = rows.take();
    if (columns === undefined) return;
    handedOver += columns.intendedUs.length;
    say({ is: 'frame', classes: names, columns });
  };
  const frames = setInterval(handOver, frameMs);
  const agent = connectionPool(options.connections);
  const weights = classes.map(({ weight }) => weight);
  const end = generate(
    {
      classes,
      agent,
      startUs,
      sendsUs,
      chosen: chooseClasses(weights, sendsUs.length, seed),
      timeoutUs: durationUs(options.timeout),
      rows,
    },
    () => {
      clearInterval(frames);
      handOver();
      say({ is: 'end', rows: handedOver });
      output.end(() => process.exit(0));
    },
  );
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

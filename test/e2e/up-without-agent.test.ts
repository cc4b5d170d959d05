import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { ordeal, startOrdeal, type Answer } from './command-line.ts';

describe('ordeal up --no-agent', () => {
  let directory: string;
  let running: ReturnType<typeof startOrdeal>;
  let said = '';

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-e2e-no-agent-'));
    running = startOrdeal(['up', '--no-agent', '--port', String(await freePort(3))], surroundings());
    for (const stream of [running.stdout, running.stderr])
      stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await until('it says that it is up', () =>
      Promise.resolve(said.includes('Ordeal is up') || running.exitCode !== null),
    );
    assert.equal(running.exitCode, null, said);
  });
  after(async () => {
    if (running.exitCode === null && running.signalCode === null) {
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      await ended;
    }
    await rm(directory, { recursive: true, force: true });
  });

  function surroundings(): Parameters<typeof ordeal>[1] {
    return { cwd: directory, env: { ORDEAL_HOME: join(directory, 'home') } };
  }

  async function answerOf(...args: string[]): Promise<Answer> {
    return await ordeal(args, surroundings());
  }

  test('makes no host of this machine', async () => {
    assert.match(said, /no host until one dials in/);
    assert.match((await answerOf('hosts')).stdout, /^No agent has dialled in\.$/m);
  });

  test('ordeal faults MECHANISM tells its parameters, with units, ranges and defaults', async () => {
    const { code, stdout, stderr } = await answerOf('faults', 'kernel-net-delay');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /serves physical\.network\.delay on nic\n/);
    assert.match(stdout, /jitter {2}\(default 0ms\)\n.*"10s"/s);
    assert.doesNotMatch(stdout, /kernel-net-drop/);
  });

  test('ordeal faults MECHANISM --json has the parameters as a schema', async () => {
    const { stdout } = await answerOf('faults', 'kernel-net-corrupt', '--json');
    const cells = z
      .array(
        z.looseObject({
          mechanisms: z.array(z.looseObject({ name: z.string(), parameters: z.looseObject({}) })),
        }),
      )
      .parse(JSON.parse(stdout));
    assert.deepEqual(
      cells.flatMap(({ mechanisms }) => mechanisms.map(({ name }) => name)),
      ['kernel-net-corrupt', 'kernel-net-corrupt'],
    );
  });

  test('ordeal faults CELL tells of that cell alone', async () => {
    const { stdout } = await answerOf('faults', 'physical.storage.delay');
    assert.match(stdout, /^physical\.storage\.delay\n {4}kernel-disk-delay: /);
    assert.doesNotMatch(stdout, /^virtual/m);
  });

  test('ordeal faults of what there is not names what was probably meant, and what there is', async () => {
    const { code, stderr } = await answerOf('faults', 'kernel-net-delya');
    assert.equal(code, 2);
    assert.match(stderr, /did you mean "kernel-net-delay"\?\n {2}-> .*vm-stop/);
  });

  for (const [parameters, told] of [
    ['{ delay: 5 }', /the parameters of kernel-net-delay: delay is 5; it must be a text.*\n/],
    ['{ delay: 5h }', /delay is "5h"; it must be a duration from "1us" to "10s"/],
    ['{ dely: 5ms }', /unknown key "dely"; did you mean "delay"\? \(allowed: delay, jitter, .*\)/],
  ] as const) {
    test(`a fault with ${parameters} is refused with what is allowed, and where that is told`, async () => {
      const where = ['--host', 'nfvi-1', '--target', 'data0', '--for', '1s', '--with', parameters];
      const { code, stderr } = await answerOf('inject', 'physical.network.delay', ...where);
      assert.equal(code, 2);
      assert.match(stderr, told);
      assert.match(stderr, /-> `ordeal faults kernel-net-delay` tells them/);
      assert.doesNotMatch(stderr, /✖/);
    });
  }
});

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkService } from '../../workload/launch.ts';
import { aheadUs, http, load } from './workload-load.ts';
import { freePort } from '../free-port.ts';
import { content, nginx, serve } from './workload-servers.ts';

/** The processes that this one has started and that run a load driver. */
async function driverPids(): Promise<number[]> {
  const pids: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (parent === process.pid && words.some((word) => word.endsWith('http/main.ts')))
      pids.push(Number(name));
  }
  return pids;
}

describe('a load driver', () => {
  const flat = { shape: 'flat', rate: '100/s' };

  test('that is called off ends at once and hands over what it has', async (context) => {
    const { url } = await nginx(context);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), (aheadUs + 1_000_000) / 1000);
    const { rows, reported } = await load(
      { url, load: flat },
      { durationUs: 60_000_000, signal: controller.signal },
    );
    assert.equal(reported, rows.length);
    assert.ok(reported > 0 && reported < 60 * 100, `${reported} rows of a minute's`);
    assert.deepEqual(await driverPids(), []);
  });

  test('that was killed is an error, not a short load', async (context) => {
    const { url } = await nginx(context);
    const loaded = load({ url, load: flat }, { durationUs: 60_000_000 });
    const killed = sleep((aheadUs + 500_000) / 1000).then(async () => {
      const pids = await driverPids();
      assert.equal(pids.length, 1);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    });
    await assert.rejects(loaded, /killed by SIGKILL/);
    await killed;
  });

  test('that is given nonsense says what is wrong with it', async () => {
    const launch = load({ url: 'http://127.0.0.1/', load: flat }, { seed: -1 });
    await assert.rejects(launch, /the load driver "http" failed \(exit code 1\).*seed/s);
  });

  test('whose samples nobody can take is ended', async (context) => {
    const { url } = await nginx(context);
    const onFrame = (): void => {
      throw new Error('the disk is full');
    };
    await assert.rejects(load({ url, load: flat }, { onFrame, durationUs: 60_000_000 }), /the disk is full/);
    assert.deepEqual(await driverPids(), []);
  });
});

describe('a check of the service', () => {
  const flat = { shape: 'flat', rate: '1/s' };

  test('finds a service well that answers every class rightly', async (context) => {
    const { url } = await nginx(context);
    const classes = [
      { name: 'home', path: '/', expect: { body: content } },
      { name: 'busy', path: '/broken', expect: { status: 503 } },
    ];
    assert.deepEqual(await checkService(http, { url, load: flat, classes }), {
      healthy: true,
      found: 'home: status 200; busy: status 503',
    });
  });

  test('says what is wrong with one that does not', async (context) => {
    const { url } = await nginx(context);
    const other = { url, load: flat, expect: { bodyContains: 'nothing of the kind' } };
    assert.deepEqual(await checkService(http, other), {
      healthy: false,
      found: 'GET /: status 200 with another content than expected',
    });
    const silent = await serve(context, () => undefined);
    assert.deepEqual(await checkService(http, { url: silent, load: flat, timeout: '200ms' }), {
      healthy: false,
      found: 'GET /: no answer within 200 ms',
    });
    const nobody = await freePort();
    const refused = await checkService(http, { url: `http://127.0.0.1:${nobody}/`, load: flat });
    assert.equal(refused.healthy, false);
    assert.match(refused.found, /ECONNREFUSED/);
  });
});

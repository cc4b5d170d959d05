import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Home } from '../home.ts';
import { lockHome } from './home-lock.ts';

async function newHome(context: TestContext): Promise<Home> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-home-'));
  context.after(async () => await rm(directory, { recursive: true }));
  return new Home(join(directory, 'not-there-yet'));
}

test('of two that begin at the same time one is refused, before either says where it is reached', async (context) => {
  const home = await newHome(context);
  const both = await Promise.allSettled([lockHome(home), lockHome(home)]);
  const [refusal, ...others] = both.filter((one) => one.status === 'rejected');
  assert.deepEqual(others, []);
  assert.match(String(refusal?.reason), /already runs from/);
  for (const one of both) if (one.status === 'fulfilled') await one.value.release();
});

test('endpoints that a killed one left are no hindrance', async (context) => {
  const home = await newHome(context);
  await (await lockHome(home)).release();
  home.saveEndpoints({ control: '', metrics: '', nats: '', status: {}, pid: process.pid });
  await (await lockHome(home)).release();
});

import { join } from 'node:path';
import { monotonicUs } from '../clock/monotonic.ts';
import { withControl } from '../cli/clients.ts';
import { Home } from '../cli/home.ts';
import { Bus } from '../events/bus.ts';
import { isKind } from '../events/event.ts';
import { tlsFiles } from '../service/credentials.ts';
import { Deployment } from '../test/e2e/deployment.ts';
import { silent } from '../test/integration/silent.ts';
import type { Benchmark } from './benchmark.ts';
import { milliseconds, quantile, spread } from './quantile.ts';

const rounds = 20;
const aimUs = 200_000;
const faults = [
  [
    'virtual.cpu.unavailability',
    '--mechanism',
    'cgroup-freeze',
    '--host',
    'host-1',
    '--target',
    'container/web',
  ],
  ['virtual.cpu.delay', '--mechanism', 'cpu-quota', '--host', 'host-2', '--target', 'container/web'],
];

/** The kill switch, from the request to the instant at which the last fault was off. */
export const stopAll: Benchmark = {
  name: 'stop-all',
  title: 'From a stop of everything to the last revert',
  method:
    `${rounds} times: a frozen container on one host of the embedded target, a starved one on the other, both by hand, then the request to stop all. ` +
    "The time runs from just before the request to the last revert's own instant; all processes are on one machine, so both are of one clock.",
  async run(place) {
    const deployment = await Deployment.start('bench');
    place.after(async () => await deployment.end());
    const home = join(deployment.directory, 'home');
    process.env['ORDEAL_HOME'] = home;
    const tookUs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const ids = (await Promise.all(faults.map(async (fault) => await inject(deployment, fault)))).flat();
      const askedUs = monotonicUs();
      await withControl(async (control) => await control.stopAll({ reason: 'a benchmark' }));
      tookUs.push((await lastRevertUs(deployment, ids)) - askedUs);
    }
    return [
      {
        what: 'until the last of two faults is off',
        found: spread(tookUs),
        aim: { text: `under ${milliseconds(aimUs)}`, isMet: quantile(tookUs, 1) < aimUs },
        note: "with the command's own connection to the controller, without the start of a Node process",
      },
    ];
  },
};

async function inject(deployment: Deployment, fault: readonly string[]): Promise<string[]> {
  const answer = (await deployment.json('inject', ...fault, '--for', '1m')) as { id: string }[];
  return answer.map(({ id }) => id);
}

async function lastRevertUs(deployment: Deployment, ids: readonly string[]): Promise<number> {
  const bus = await Bus.connect({
    servers: new Home().endpoints().nats,
    tls: tlsFiles(join(deployment.directory, 'home', 'certificates'), 'controller'),
    name: 'controller',
    log: silent,
  });
  const waiting = new Set(ids);
  let lastUs = 0;
  try {
    for await (const { event } of bus.events({ signal: AbortSignal.timeout(20_000) })) {
      if (!isKind(event, 'injection.reverted') || !waiting.delete(event.body.injection)) continue;
      lastUs = Math.max(lastUs, event.monoUs);
      if (waiting.size === 0) return lastUs;
    }
  } finally {
    await bus.close();
  }
  throw new Error(`not reverted within 20 s: ${[...waiting].join(', ')}`);
}

import { cureOf } from '../../embedded/bugs/cure.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';
import { faultload, pairs, type Pair } from './faultload.ts';

/** A front that loses a replica needs 2 s to notice it, and as long to take it back. The warm-up is what staging has on a machine that is busy. */
const timeline = { warmUp: '1500ms', before: '2s', during: '3s', after: '2500ms', horizon: '1s' };

/** Every fault alone and every pair, once each. JSON is YAML. */
export function campaignOf(system: EmbeddedSystem, name: string, prune: readonly object[]): string {
  const { front, hosts, service } = system;
  return JSON.stringify({
    version: 1,
    name,
    seed: 20_261_130,
    system: {
      name: 'embedded',
      prepare: [{ host: 'tester', run: ['sh', cureOf(system)] }],
      healthy: { within: '30s' },
    },
    workload: {
      host: 'tester',
      http: {
        url: service.url,
        expect: { status: 200, body: service.body },
        timeout: '1s',
        load: { shape: 'flat', rate: '100/s' },
      },
    },
    timeline,
    repetitions: 1,
    goldenRuns: 0,
    faultload: faultload.map(({ name: fault, entry }) => ({ name: fault, ...entry })),
    combinations: pairs.map(combination),
    prune,
    watch: [
      { name: 'front', host: 'tester', log: { file: front.log } },
      ...hosts.flatMap(({ name: host, supervisorLog, replicaLog }) => [
        { name: `supervisor-${host}`, host, log: { file: supervisorLog } },
        { name: `replica-${host}`, host, log: { file: replicaLog } },
      ]),
    ],
    rules: [
      managed('down', 'DOWN', 'detection'),
      managed('failover', 'DOWN', 'recovery-begun'),
      managed('up', 'UP', 'recovery-done'),
      // The same repair on whichever host, by the same name.
      ...hosts.flatMap(({ name: host, container }) => [
        restarted(host, 'exited', `exited: ${container.name}`, 'detection'),
        restarted(host, 'spawned', `spawned: '${container.name}'`, 'recovery-begun'),
        restarted(host, 'running', `${container.name} entered RUNNING`, 'recovery-done'),
      ]),
    ],
    // An answer takes a millisecond here, and twice that when the machine has something else to do: no user would feel ten.
    measures: { tolerance: { latency: '900%', throughput: '10%' } },
  });
}

/** The second comes amid the recovery from the first, however late that begins: a supervisor may take a second to see a death. */
function combination({ name, faults: [first, second] }: Pair): object {
  const repairs = `${first.repair} ${second.repair}`;
  const at = repairs === 'restart restart' ? '500ms' : '1s';
  // A cut lasts until the restart has asked the peer. A front takes 2 s to go round a replica, and has to see that of the second as well.
  const lengthOfFirst = repairs === 'failover restart' ? { during: '4s' } : {};
  const lengthOfSecond = second.repair === 'failover' ? {} : { during: '2s' };
  return {
    name,
    faults: [
      { fault: first.name, ...lengthOfFirst },
      { fault: second.name, at, ...lengthOfSecond },
    ],
  };
}

function managed(name: string, state: string, means: string): object {
  return { name, source: 'front', pattern: `Server web/\\S+ is ${state}`, means, by: 'management' };
}

function restarted(host: string, name: string, pattern: string, means: string): object {
  return { name, source: `supervisor-${host}`, pattern, means, by: 'node' };
}

import type { Command } from 'commander';
import type { Host__Output } from '../../proto/generated/ordeal/v1/Host.ts';
import { withControl } from '../clients.ts';
import { table } from '../output.ts';
import { outputOf, verb } from './verb.ts';

export function hostsVerb(): Command {
  return verb('hosts', 'the hosts whose agents have dialled in, what is on them and what they can do').action(
    async (_options: unknown, command: Command) => {
      const { hosts } = await withControl(async (control) => await control.listHosts({}));
      outputOf(command).answer(hosts, () =>
        hosts.length === 0 ? 'No agent has dialled in.' : hosts.map(describe).join('\n\n'),
      );
    },
  );
}

function describe(host: Host__Output): string {
  const state = host.connected ? 'connected' : 'out of reach';
  const labels = Object.entries(host.labels).map(([key, value]) => `${key}=${value}`);
  const head = [`${host.name}  ${state}`, `kernel ${host.kernel}`, ...labels].join(', ');
  const quarantine = host.quarantinedBecause.map((reason) => `  QUARANTINED: ${reason}`);
  const resources = table(
    ['  KIND', 'NAME', 'FACTS', ''],
    host.resources.map(({ kind, name, facts, partOf, protectedBecause }) => [
      `  ${kind}`,
      name,
      [
        ...Object.entries(facts).map(([key, value]) => `${key} ${value}`),
        ...partOf.map((part) => `part of ${part}`),
      ].join(', '),
      protectedBecause === '' ? '' : `protected: ${protectedBecause}`,
    ]),
  );
  const can = host.capabilities.filter(({ supported }) => supported).map(({ mechanism }) => mechanism);
  const cannot = host.capabilities
    .filter(({ supported }) => !supported)
    .map(({ mechanism, reason, remedy }) => `  cannot ${mechanism}: ${reason} (${remedy})`);
  return [head, ...quarantine, resources, `  can ${can.join(', ')}`, ...cannot].join('\n');
}

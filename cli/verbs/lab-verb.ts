import type { Command } from 'commander';
import { Lab, type LabStatus } from '../../lab/lab.ts';
import type { HostState } from '../../lab/state/host-state.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import { dataAddress } from '../../lab/delivery/delivery.ts';
import { table } from '../output.ts';
import { outputOf, verb } from './verb.ts';

export interface Named {
  readonly name: string;
}

/** A verb on one of the labs of this user. */
export function labVerb(name: string, description: string): Command {
  return verb(name, description).option('--name <name>', 'one of several labs', 'default');
}

export function labOf(name: string): Lab {
  return new Lab(LabFiles.named(name));
}

/** Answers with what is there now. */
export async function showLab(name: string, command: Command): Promise<void> {
  const status = await labOf(name).status();
  outputOf(command).answer(status, () => describe(status));
}

function describe({ name, release, accelerator, hosts, switch: data, snapshots }: LabStatus): string {
  const kept = snapshots.length === 0 ? '' : `, snapshots ${snapshots.join(', ')}`;
  const rows = hosts.map((host, i) => [`  ${host.name}`, stateOf(host), dataAddress(i + 1)]);
  const died = hosts.filter(({ state }) => state === 'died');
  return [
    `lab ${name}: Linux ${release} on ${accelerator}${kept}`,
    table(['  HOST', 'STATE', 'ON THE DATA NETWORK'], rows),
    ...(data.state === 'died' ? [withoutSwitch(data)] : []),
    ...died.map((host) => `${host.name} has died; its console ends with:\n${host.lastWords ?? ''}`),
  ].join('\n');
}

function withoutSwitch({ lastWords = '' }: LabStatus['switch']): string {
  const what = 'the switch has died: no host reaches another through data0 any more';
  const remedy = '`ordeal lab down`, then `ordeal lab up`, start it and all hosts anew';
  return `${what}; ${remedy}${lastWords === '' ? '' : `; its log ends with:\n${lastWords}`}`;
}

function stateOf({ state, bootMs, pid }: HostState): string {
  const facts = [
    ...(bootMs === undefined ? [] : [`booted in ${(bootMs / 1000).toFixed(1)} s`]),
    ...(pid === undefined ? [] : [`process ${pid}`]),
  ];
  return facts.length === 0 ? state : `${state} (${facts.join(', ')})`;
}

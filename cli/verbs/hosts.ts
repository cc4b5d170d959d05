import type { Command } from 'commander';
import { withControl } from '../clients.ts';
import { hostText } from '../host-text.ts';
import { outputOf, verb } from './verb.ts';

export function hostsVerb(): Command {
  return verb('hosts', 'the hosts whose agents have dialled in, what is on them and what they can do').action(
    async (_options: unknown, command: Command) => {
      const { hosts } = await withControl(async (control) => await control.listHosts({}));
      outputOf(command).answer(hosts, () =>
        hosts.length === 0 ? 'No agent has dialled in.' : hosts.map(hostText).join('\n\n'),
      );
    },
  );
}

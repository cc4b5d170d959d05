import type { Command } from 'commander';
import { withControl } from '../clients.ts';
import { injectionHead, injectionRow } from '../injection-line.ts';
import { table } from '../output.ts';
import { outputOf, verb } from './verb.ts';

export function injectionsVerb(): Command {
  return verb('injections', 'the injections that are not over')
    .option('--all', 'those that are over too')
    .action(async ({ all }: { all?: boolean }, command: Command) => {
      const request = { endedToo: all === true };
      const { injections } = await withControl(async (control) => await control.listInjections(request));
      outputOf(command).answer(injections, () =>
        injections.length === 0 ? 'No injection.' : table(injectionHead, injections.map(injectionRow)),
      );
    });
}

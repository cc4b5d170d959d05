import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { withControl } from '../clients.ts';
import { table } from '../output.ts';
import { instantText } from '../schedule-line.ts';
import { outputOf, verb } from './verb.ts';

export function scheduleNextVerb(): Command {
  return verb('next', 'the instants to come, of one schedule or of all; those at random too')
    .argument('[name]', 'the schedule')
    .option('--count <n>', 'how many', '10')
    .action(async (name: string | undefined, { count }: { count: string }, command: Command) => {
      if (!/^\d{1,4}$/.test(count) || Number(count) < 1 || Number(count) > 1000)
        throw new OrdealError('INVALID_INPUT', `--count is "${count}"; it has to be a number from 1 to 1000`);
      const request = { name: name ?? '', count: Number(count) };
      const { instants } = await withControl(async (control) => await control.listNextInstants(request));
      const rows = instants.map(({ schedule, wallUs, paused }) => [
        instantText(wallUs),
        schedule,
        paused ? 'paused: nothing will be started' : '',
      ]);
      outputOf(command).answer(instants, () =>
        rows.length === 0 ? 'No instant is to come.' : table(['INSTANT', 'SCHEDULE', ''], rows),
      );
    });
}

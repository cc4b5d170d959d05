import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { withControl } from '../clients.ts';
import { firingTable, scheduleTable } from '../schedule-line.ts';
import { outputOf, verb } from './verb.ts';

export function scheduleShowVerb(): Command {
  return verb('show', 'one schedule, and what came of its last instants')
    .argument('<name>', 'the schedule')
    .action(async (name: string, _options: unknown, command: Command) => {
      const details = await withControl(async (control) => await control.getSchedule({ name }));
      const { schedule, firings } = details;
      if (schedule === null) throw new OrdealError('INTERNAL', 'the controller answered without a schedule');
      outputOf(command).answer(details, () =>
        [
          scheduleTable([schedule]),
          '',
          firings.length === 0 ? 'None of its instants has come yet.' : firingTable(firings),
        ].join('\n'),
      );
    });
}

import type { Command } from 'commander';
import { withControl } from '../clients.ts';
import { scheduleTable } from '../schedule-line.ts';
import { outputOf, verb } from './verb.ts';

export function scheduleListVerb(): Command {
  return verb('list', 'every schedule').action(async (_options: unknown, command: Command) => {
    const { schedules } = await withControl(async (control) => await control.listSchedules({}));
    outputOf(command).answer(schedules, () =>
      schedules.length === 0 ? 'No schedule yet.' : scheduleTable(schedules),
    );
  });
}

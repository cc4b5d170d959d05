import type { Command } from 'commander';
import { withControl } from '../clients.ts';
import { scheduleTable } from '../schedule-line.ts';
import { readScheduleText } from '../schedule-text.ts';
import { allowSubstitute, outputOf, verb } from './verb.ts';

export function scheduleAddVerb(): Command {
  return verb('add', 'keep a schedule, with the campaign that it names as its file is now')
    .argument('<file>', 'the schedule file')
    .option(...allowSubstitute)
    .action(async (file: string, options: { allowSubstitute?: boolean }, command: Command) => {
      const request = await readScheduleText(file, options);
      const schedule = await withControl(async (control) => await control.addSchedule(request));
      outputOf(command).answer(schedule, () => scheduleTable([schedule]));
    });
}

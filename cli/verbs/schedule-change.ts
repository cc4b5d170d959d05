import type { Command } from 'commander';
import type { Schedule__Output } from '../../proto/generated/ordeal/v1/Schedule.ts';
import { type Control, withControl } from '../clients.ts';
import { scheduleTable } from '../schedule-line.ts';
import { outputOf, verb } from './verb.ts';

export function schedulePauseVerb(): Command {
  return verb('pause', 'let a schedule start nothing until it is resumed; what it has started goes on')
    .argument('<name>', 'the schedule')
    .option('--reason <text>', 'why, for the record', 'paused from the command line')
    .action(async (name: string, { reason }: { reason: string }, command: Command) => {
      await change(command, async (control) => await control.pauseSchedule({ name, reason }));
    });
}

export function scheduleResumeVerb(): Command {
  return verb('resume', 'go on with the next instant; what passed during the pause is left out')
    .argument('<name>', 'the schedule')
    .action(async (name: string, _options: unknown, command: Command) => {
      await change(command, async (control) => await control.resumeSchedule({ name }));
    });
}

export function scheduleRemoveVerb(): Command {
  return verb('remove', 'forget a schedule and its history; what it has started goes on')
    .argument('<name>', 'the schedule')
    .action(async (name: string, _options: unknown, command: Command) => {
      const schedule = await withControl(async (control) => await control.removeSchedule({ name }));
      outputOf(command).answer(schedule, () => `removed the schedule ${schedule.name}`);
    });
}

async function change(command: Command, ask: (control: Control) => Promise<Schedule__Output>): Promise<void> {
  const schedule = await withControl(ask);
  outputOf(command).answer(schedule, () => scheduleTable([schedule]));
}

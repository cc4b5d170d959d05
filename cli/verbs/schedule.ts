import { Command } from 'commander';
import { scheduleAddVerb } from './schedule-add.ts';
import { schedulePauseVerb, scheduleRemoveVerb, scheduleResumeVerb } from './schedule-change.ts';
import { scheduleListVerb } from './schedule-list.ts';
import { scheduleNextVerb } from './schedule-next.ts';
import { scheduleShowVerb } from './schedule-show.ts';

export function scheduleVerbs(): Command {
  const schedule = new Command('schedule').description(
    'campaigns that the controller starts by itself, by cron or at random',
  );
  for (const verb of [
    scheduleAddVerb(),
    scheduleListVerb(),
    scheduleShowVerb(),
    scheduleNextVerb(),
    schedulePauseVerb(),
    scheduleResumeVerb(),
    scheduleRemoveVerb(),
  ]) {
    schedule.addCommand(verb);
  }
  return schedule;
}

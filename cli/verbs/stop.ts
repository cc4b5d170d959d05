import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { withControl } from '../clients.ts';
import { exitCodes } from '../exit.ts';
import { injectionHead, injectionRow } from '../injection-line.ts';
import { table, type Output } from '../output.ts';
import { outputOf, verb } from './verb.ts';

export function stopVerb(): Command {
  return verb('stop', 'end one injection, or everything')
    .argument('[id]', 'the injection')
    .option('--all', 'abort every campaign, end every injection, pause every schedule')
    .option('--reason <text>', 'why, for the record', 'stopped from the command line')
    .action(async (id: string | undefined, options: { all?: boolean; reason: string }, command: Command) => {
      if ((id === undefined) === (options.all !== true)) {
        throw new OrdealError('INVALID_INPUT', 'stop takes the id of one injection, or --all', {
          remedy: '`ordeal injections` lists the ids.',
        });
      }
      const output = outputOf(command);
      await (id === undefined ? stopAll(options.reason, output) : stopOne(id, output));
    });
}

async function stopOne(id: string, output: Output): Promise<void> {
  const injection = await withControl(async (control) => await control.stopInjection({ id }));
  if (injection.warning !== '') output.say(`Warning: ${injection.warning}`);
  output.answer(injection, () => table(injectionHead, [injectionRow(injection)]));
  if (injection.state !== 'ended') process.exitCode = exitCodes.notCompleted;
}

async function stopAll(reason: string, output: Output): Promise<void> {
  const stopped = await withControl(async (control) => await control.stopAll({ reason }));
  const { injections, campaigns, hostsOutOfReach, schedulesPaused, warnings } = stopped;
  for (const warning of warnings) output.say(`Warning: ${warning}`);
  output.answer(stopped, () =>
    [
      ...campaigns.map((campaign) => `aborted the campaign ${campaign}`),
      ...schedulesPaused.map(
        (name) =>
          `paused the schedule ${name}: it starts nothing until somebody says \`ordeal schedule resume ${name}\``,
      ),
      injections.length === 0
        ? 'No injection was active.'
        : table(injectionHead, injections.map(injectionRow)),
      ...hostsOutOfReach.map(
        (host) =>
          `${host} is out of reach: it starts no fault without a lease, and ends each at its deadline`,
      ),
    ].join('\n'),
  );
  const left = injections.some(({ state }) => state !== 'ended' && state !== 'failed');
  if (left || hostsOutOfReach.length > 0) process.exitCode = exitCodes.notCompleted;
}

import { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { formatDuration, durationForm, parseDurationUs } from '../../clock/duration.ts';
import { Output } from '../output.ts';

/** A verb of the command line: every one can answer in JSON. */
export function verb(name: string, description: string): Command {
  return new Command(name).description(description).option('--json', 'answer in JSON');
}

/** For the verbs that choose mechanisms. */
export const allowSubstitute = [
  '--allow-substitute',
  'accept mechanisms that only stand in for the effect that the fault model asks for',
] as const;

export function outputOf(command: Command): Output {
  return new Output(command.opts());
}

/** Reads the duration of an option; a number without a unit is none. */
export function durationOption(option: string, text: string, shortestUs = 1): number {
  const us = parseDurationUs(text);
  if (us === undefined) {
    throw new OrdealError('INVALID_INPUT', `${option} is "${text}"; it has to be ${durationForm}`);
  }
  if (us < shortestUs) {
    throw new OrdealError(
      'INVALID_INPUT',
      `${option} is ${text}; it has to be ${formatDuration(shortestUs)} at least`,
    );
  }
  return us;
}

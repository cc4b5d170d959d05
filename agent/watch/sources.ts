import { OrdealError } from '../../errors/ordeal-error.ts';
import type { WatchWork__Output } from '../../proto/generated/ordeal/v1/WatchWork.ts';
import { CommandOutput } from './command-output.ts';
import { Journal } from './journal.ts';
import { KernelLog } from './kernel-log.ts';
import { LogFile } from './log-file.ts';
import type { Source } from './source.ts';

/** Every source that this agent can follow. */
export function sourceOf({ log, kernel, command, journal }: WatchWork__Output): Source {
  if (log) return new LogFile(log.file);
  if (kernel) return new KernelLog();
  if (command) return new CommandOutput(command.argv, command.everyUs);
  if (journal) return new Journal(journal.units);
  throw new OrdealError('UNSUPPORTED', 'this agent does not know the source of the watch', {
    remedy: 'Install the same version of Ordeal on every host.',
  });
}

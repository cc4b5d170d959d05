import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { aggregatesDocument } from '../../metrics/import/aggregates-document.ts';
import { readAggregatesTable } from '../../metrics/import/aggregates-table.ts';
import { readAggregates } from '../../metrics/import/read-aggregates.ts';
import { outputOf, verb } from './verb.ts';

interface Options {
  readonly name: string;
  readonly source: string;
}

export function importAggregatesVerb(): Command {
  return verb('aggregates', 'print the file of aggregates that a table of published numbers makes')
    .argument('<table>', 'CSV: a line that names the columns, then a line for each cell')
    .requiredOption('--name <text>', 'what the comparison calls it')
    .requiredOption('--source <text>', 'where the numbers were published')
    .action(async (table: string, { name, source }: Options, command: Command) => {
      const content = await readFile(table).catch((cause: unknown) => {
        throw new OrdealError(
          'INVALID_INPUT',
          `the table ${table} cannot be read: ${OrdealError.from(cause).message}`,
          { cause, remedy: 'Name a file of CSV that exists.' },
        );
      });
      const text = aggregatesDocument({ name, source }, readAggregatesTable(content, table));
      const aggregates = readAggregates(text, table);
      outputOf(command).answer(aggregates, () => text.trimEnd());
    });
}

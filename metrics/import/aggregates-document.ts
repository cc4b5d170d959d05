import { Document, isMap, isSeq } from 'yaml';
import type { Row } from './aggregates-table.ts';

interface Origin {
  readonly name: string;
  readonly source: string;
}

/** The file of aggregates that holds the rows of a table; one line a cell. */
export function aggregatesDocument({ name, source }: Origin, cells: readonly Row[]): string {
  const document = new Document({ version: 1, name, source, cells });
  const list = document.get('cells');
  if (isSeq(list)) for (const item of list.items) if (isMap(item)) item.flow = true;
  return document.toString({ lineWidth: 0 });
}

import { kernelNames } from '../../lab/kernel/kernel-name.ts';
import type { CellResult } from './cell-result.ts';
import type { CellsResults } from './cells-results.ts';
import { inShort } from './in-short.ts';

const head = '- **Seen**';

/** docs/fault-model.md with what the last runs came to: a line each, at the end of the section of their cell. */
export function withSeenLines(document: string, results: CellsResults): string {
  const sections = document.split(/^(?=##+ )/m).map((section) => withSeen(section, results));
  return `${sections.join('').trimEnd()}\n`;
}

function withSeen(section: string, results: CellsResults): string {
  const [, cell] = /^### (\S+)\n/.exec(section) ?? [];
  if (cell === undefined) return section;
  const kept = section.split('\n').filter((line) => !line.startsWith(head));
  return `${[...kept.join('\n').trimEnd().split('\n'), ...seenLines(cell, results)].join('\n')}\n\n`;
}

function seenLines(cell: string, results: CellsResults): string[] {
  return kernelNames.flatMap((kernel) =>
    Object.values(results[kernel]?.proofs ?? {})
      .filter((result) => result.cell === cell)
      .map((result) => `${head} on Linux ${kernel}, ${sentence(result)}`),
  );
}

function sentence({ on, mechanism, asked, achieved, victim, neighbour, wrong, day }: CellResult): string {
  const holds = wrong.length === 0 ? '' : ` It does not hold: ${wrong.join('; ')}.`;
  return `${on}, by \`${mechanism}\` (${day}): asked ${asked}, achieved ${inShort(achieved)}; the victim: ${victim.during} (before: ${victim.before}); its neighbour: ${neighbour.during}.${holds}`;
}

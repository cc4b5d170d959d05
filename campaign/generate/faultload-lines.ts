import type { FaultEntry } from './faults.ts';
import { yamlLine } from './yaml-line.ts';

interface Parts {
  readonly hosts: readonly string[];
  readonly elements: readonly Readonly<Record<string, unknown>>[];
  readonly faults: readonly FaultEntry[];
  readonly leftOut: readonly string[];
}

/** The lines of a campaign file that are generated, with what whoever reads it should know or look at. */
export function faultloadLines({ hosts, elements, faults, leftOut }: Parts): string[] {
  return [
    ...comment(`The faultload was generated from the inventory of ${hosts.join(', ')}.`),
    ...comment('Every fault counts the same unless it has a weight: the fault model names no likelihoods.'),
    ...(leftOut.length === 0 ? [] : ['# Left out:', ...leftOut.flatMap((line) => comment(line, '- '))]),
    ...elementLines(elements),
    'faultload:',
    ...faults.flatMap(faultLines),
  ];
}

const widest = 140;

/** Broken between words, so that it can be read beside the file. */
function comment(text: string, mark = ''): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length > widest) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line, index) => `# ${index === 0 ? mark : ' '.repeat(mark.length)}${line}`);
}

function elementLines(elements: readonly Readonly<Record<string, unknown>>[]): string[] {
  if (elements.length === 0) return [];
  const guess = elements.some((element) => 'switch' in element)
    ? comment(
        'Look: that hosts of one subnet are on one switch is a guess; see that it is so, and that it is the switch that is meant.',
      )
    : [];
  return [...guess, 'elements:', ...elements.map((element) => `  - ${yamlLine(element)}`)];
}

function faultLines(fault: FaultEntry): string[] {
  return Object.entries(fault).map(
    ([key, value], index) => `${index === 0 ? '  - ' : '    '}${key}: ${yamlLine(value)}`,
  );
}

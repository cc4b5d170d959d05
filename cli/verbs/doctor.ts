import type { Command } from 'commander';
import type { CellHere, Examination, Finding } from '../../agent/doctor.ts';
import { exitCodes } from '../exit.ts';
import { table } from '../output.ts';
import { outputOf, verb } from './verb.ts';

export function doctorVerb(): Command {
  return verb(
    'doctor',
    'what this host can and cannot do, and what to install; asks nothing of a controller',
  ).action(async (_options: unknown, command: Command) => {
    // As heavy as an agent, and no other verb needs it.
    const { examineHost } = await import('../../agent/doctor.ts');
    const examination = await examineHost();
    outputOf(command).answer(examination, () => describe(examination));
    if (examination.findings.some(({ state }) => state === 'missing'))
      process.exitCode = exitCodes.notCompleted;
  });
}

const marks: Readonly<Record<Finding['state'], string>> = { good: 'ok', limited: 'less', missing: 'NO' };

function describe({ findings, mechanisms, cells }: Examination): string {
  const host = table(
    ['', 'THIS HOST', ''],
    findings.map(({ about, state, found }) => [marks[state], about, found]),
  );
  const able = table(
    ['', 'MECHANISM', ''],
    mechanisms.map(({ mechanism, supported, reason = '' }) => [supported ? 'ok' : 'no', mechanism, reason]),
  );
  const served = table(['', 'CELL', ''], cells.map(describeCell));
  const count = cells.filter(({ by, bySubstitute }) => by.length + bySubstitute.length > 0).length;
  return [
    host,
    able,
    served,
    advice(findings, mechanisms),
    `${count} of ${cells.length} cells can be injected here.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function describeCell({ cell, by, bySubstitute, notHere }: CellHere): string[] {
  if (by.length > 0) return ['ok', cell, by.join(', ')];
  if (bySubstitute.length > 0) return ['less', cell, `only by a substitute: ${bySubstitute.join(', ')}`];
  if (notHere.length > 0) return ['no', cell, `not here: ${notHere.join(', ')}`];
  return ['no', cell, 'no mechanism serves it yet'];
}

/** Each once, however many mechanisms want the same. */
function advice(findings: Examination['findings'], mechanisms: Examination['mechanisms']): string {
  const remedies = new Map<string, string[]>();
  const note = (remedy: string | undefined, about: string): void => {
    if (remedy !== undefined) remedies.set(remedy, [...(remedies.get(remedy) ?? []), about]);
  };
  for (const { remedy, about } of findings) note(remedy, about);
  for (const { remedy, mechanism } of mechanisms) note(remedy, mechanism);
  if (remedies.size === 0) return '';
  const lines = [...remedies].map(([remedy, about]) => `  ${about.join(', ')}: ${remedy}`);
  return ['TO DO', ...lines].join('\n');
}

import { makeInjectors } from '../injectors/registry.ts';
import { askAbilities, type Ability } from './abilities.ts';
import { cellsHere, type CellHere } from './doctor/cells.ts';
import type { Finding } from './doctor/finding.ts';
import { lookAtKernel } from './doctor/kernel.ts';
import { lookAtModules } from './doctor/modules.ts';
import { lookAtProtections } from './doctor/protections.ts';
import { lookForPrograms } from './doctor/programs.ts';
import { lookAtRights } from './doctor/rights.ts';

/** What this host can and cannot do for Ordeal. Nothing on it is changed by looking. */
export interface Examination {
  readonly findings: readonly Finding[];
  readonly mechanisms: readonly Ability[];
  readonly cells: readonly CellHere[];
}

export type { CellHere, Finding };

export async function examineHost(): Promise<Examination> {
  const findings = [
    ...lookAtRights(),
    ...(await lookAtKernel()),
    ...(await lookAtModules()),
    ...(await lookForPrograms()),
    ...(await lookAtProtections()),
  ];
  const mechanisms = await askAbilities(makeInjectors());
  return { findings, mechanisms, cells: cellsHere(mechanisms) };
}

export interface TestCounts {
  readonly tests: number;
  readonly passed: number;
}

/** What a report in TAP, as node:test writes it, counts at its end. */
export function tapCounts(report: string): TestCounts {
  return { tests: lastCount(report, 'tests'), passed: lastCount(report, 'pass') };
}

function lastCount(report: string, name: string): number {
  const counts = [...report.matchAll(new RegExp(`^# ${name} (\\d+)$`, 'gm'))];
  return Number(counts.at(-1)?.[1] ?? 0);
}

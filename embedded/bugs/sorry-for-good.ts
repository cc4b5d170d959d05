import type { SeededBug } from './seeded-bug.ts';

/** Counts the requests from the first on that finds no replica; nothing ever sets it back. */
const table = 'sorry';

export const sorryForGood: SeededBug = {
  summary:
    'The front that has no replica left says that it is sorry, and goes on saying so when the replicas are back: nothing turns it back.',
  mistaken: (repairs) => ({
    ...repairs,
    requestRules: [
      ...repairs.requestRules,
      `http-request track-sc0 int(1) table ${table}`,
      'http-request sc-inc-gpc0(0) if { nbsrv(web) eq 0 } || { sc0_get_gpc0 gt 0 }',
      // The first one tells; the others would make the log as large as the load.
      'http-request set-log-level silent if { sc0_get_gpc0 gt 1 }',
      'http-request return status 503 content-type text/plain string "sorry" if { sc0_get_gpc0 gt 0 }',
    ],
    sections: [...repairs.sections, `backend ${table}\n  stick-table type integer size 1 store gpc0`],
  }),
  symptom: { log: 'front', line: / service\/<NOSRV> .* 503 .* LR-- / },
  cure: () => [`front clear table ${table}`],
};

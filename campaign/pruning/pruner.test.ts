import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FaultPlan, TrialPlan } from '../plan.ts';
import { fatesAtPlan } from './at-plan.ts';
import { builtIn } from './built-in.ts';
import type { PolicyPlan } from './policy.ts';
import { Pruner } from './pruner.ts';
import type { Shown } from './shown.ts';

const timeline = { warmUpUs: 0, beforeUs: 1, duringUs: 1, afterUs: 1, horizonUs: 1 };

function fault(name: string, more: Partial<FaultPlan> = {}): FaultPlan {
  return {
    name,
    cell: 'virtual.cpu.unavailability',
    mechanism: 'sigkill',
    parameters: {},
    mode: { kind: 'permanent' },
    rootCause: 'sw',
    weight: 1,
    targets: [{ host: 'host-1', kind: 'container', name }],
    ...more,
  };
}

function single(id: string, one: FaultPlan, repetition = 1): TrialPlan {
  return { id, repetition, seed: 1, fault: one, timeline };
}

function both(id: string, one: FaultPlan, other: FaultPlan, repetition = 1): TrialPlan {
  const faults = [one, other].map((fault) => ({ fault, seed: 1, atUs: 0, durationUs: 1 }));
  const name = `${one.name}-${other.name}`;
  return { id, repetition, seed: 1, combination: { name, weight: 1, faults }, timeline };
}

function showing(outcome: string, repairs?: readonly string[]): Shown {
  return { outcome, detections: ['down'], repairs, touched: [] };
}

const [a, b, c] = [fault('a'), fault('b'), fault('c')];
const sameRecovery = builtIn('same-recovery', 'same-recovery', 1, 0);

/** Decides and, where a trial runs, has it show what it shows. */
function run(
  policies: readonly PolicyPlan[],
  trials: readonly (readonly [TrialPlan, Shown])[],
): (string | undefined)[] {
  const pruner = new Pruner(policies);
  return trials.map(([trial, shown]) => {
    const decision = pruner.decide(trial);
    if ('pruned' in decision) return `${decision.pruned.policy}: ${decision.pruned.grounds}`;
    pruner.learn(trial, decision.clusters, shown);
    return undefined;
  });
}

describe('a pruner', () => {
  const respawned = showing('recovered-by-node', ['respawned']);

  test('runs one of the combinations whose faults alone took the same recovery, and leaves the others out by it', () => {
    const decided = run(
      [sameRecovery],
      [
        [single('t1', a), respawned],
        [single('t2', b), respawned],
        [single('t3', c), showing('masked', [])],
        [both('t4', a, b), respawned],
        [both('t5', a, c), respawned],
        [both('t6', b, c), respawned],
        [both('t7', b, a), respawned],
      ],
    );
    const grounds = 'outcomes: masked, recovered-by-node; repairs: nothing, respawned';
    assert.deepEqual(decided, [
      ...Array<undefined>(5).fill(undefined),
      `same-recovery: like t5: ${grounds}`,
      'same-recovery: like t4: outcomes: recovered-by-node, recovered-by-node; repairs: respawned, respawned',
    ]);
  });

  test('goes on with the ones that it has chosen in every repetition', () => {
    const decided = run(
      [sameRecovery],
      [
        [single('t1', a), respawned],
        [single('t2', b), respawned],
        [single('t3', c), respawned],
        [both('t4', a, b), respawned],
        [both('t5', a, c), respawned],
        [both('t6', a, c, 2), respawned],
        [both('t7', a, b, 2), respawned],
      ],
    );
    assert.deepEqual(
      decided.map((pruned) => pruned === undefined),
      [true, true, true, true, false, false, true],
    );
  });

  test('leaves nothing out by what is not known: a fault that has not run, repairs that may not have been seen', () => {
    const trials: [TrialPlan, Shown][] = [
      [both('t1', a, b), respawned],
      [both('t2', b, a), respawned],
      [single('t3', a), showing('masked')],
      [single('t4', b), showing('masked', [])],
      [both('t5', a, b), respawned],
      [both('t6', b, a), respawned],
    ];
    assert.deepEqual(run([sameRecovery], trials), Array(6).fill(undefined));
  });

  test('has none stand for others that showed nothing itself', () => {
    const decided = run(
      [sameRecovery],
      [
        [single('t1', a), respawned],
        [single('t2', b), respawned],
        [single('t3', c), respawned],
        [both('t4', a, b), showing('unknown')],
        [both('t5', a, c), respawned],
        [both('t6', b, c), respawned],
      ],
    );
    assert.deepEqual(
      decided.map((pruned) => pruned === undefined),
      [true, true, true, true, true, false],
    );
  });

  test('leaves out combinations on a component that fails by one of their faults alone', () => {
    const policy = builtIn('component-already-fails', 'fails', 1, 0);
    const decided = run(
      [policy],
      [
        [single('t1', a), showing('not-recovered', [])],
        [single('t2', b), respawned],
        [single('t3', c), respawned],
        [both('t4', a, b), respawned],
        [both('t5', b, c), respawned],
        [single('t6', a, 2), respawned],
      ],
    );
    assert.equal(decided[3], 'fails: faults: 2; broken: host-1/container/a');
    assert.deepEqual([decided[4], decided[5]], [undefined, undefined]);
  });

  test('takes the worst that a fault alone has come to, whichever came last', () => {
    const filter: PolicyPlan = {
      kind: 'filter',
      name: 'bad',
      filter: 'faults == 2 and has(outcomes, "not-recovered")',
    };
    const decided = run(
      [filter],
      [
        [single('t1', a), showing('not-recovered', [])],
        [single('t2', a, 2), respawned],
        [single('t3', b), respawned],
        [both('t4', a, b), respawned],
      ],
    );
    assert.ok(decided[3] !== undefined);
  });

  test('never leaves out a golden run', () => {
    const filter: PolicyPlan = { kind: 'filter', name: 'all', filter: 'faults >= 0' };
    const golden: TrialPlan = { id: 't1', repetition: 1, seed: 1, timeline };
    assert.deepEqual(new Pruner([filter]).decide(golden), { clusters: {} });
    assert.deepEqual(fatesAtPlan([golden], { prune: [filter] }), ['runs']);
  });
});

describe('when the plan is made', () => {
  test('a combination less likely than asked for is left out; one whose likelihood nobody knows is not', () => {
    const policy = builtIn('unlikely', 'unlikely', 1, 0.001);
    const [rare, often] = [fault('rare', { likelihood: 0.001 }), fault('often', { likelihood: 0.5 })];
    const trials = [
      single('t1', rare),
      both('t2', rare, often),
      both('t3', often, often),
      both('t4', rare, a),
    ];
    // 0.001 * 0.5 = 0.0005, 0.5 * 0.5 = 0.25.
    assert.deepEqual(fatesAtPlan(trials, { prune: [policy] }), [
      'runs',
      { policy: 'unlikely', grounds: 'faults: 2; likelihood: 0.0005' },
      'runs',
      'open',
    ]);
  });

  test('what earlier trials decide is open, and so is who is not the first of a cluster', () => {
    const byCell: PolicyPlan = { kind: 'cluster', name: 'cell', of: 'faults == 1', by: 'cells', keep: 1 };
    const trials = [single('t1', a), single('t2', b), both('t3', a, b), single('t4', a, 2)];
    assert.deepEqual(fatesAtPlan(trials, { prune: [byCell] }), ['runs', 'open', 'runs', 'runs']);
    assert.deepEqual(fatesAtPlan(trials, { prune: [sameRecovery] }), ['runs', 'runs', 'open', 'runs']);
  });
});

import type { FaultResponse, Latency, Notice } from '../measures/infrastructure-measures.ts';
import { exampleInstants } from './setting.example.ts';

/** What an infrastructure may answer to a fault, and the lines that say so. */

export function notice(afterInjectUs: number, changes: Partial<Notice> = {}): Notice {
  return {
    rule: 'backend down',
    means: 'detection',
    by: 'management',
    host: 'front',
    watch: 'haproxy',
    text: '[WARNING] (812) : Server web/replica-1 is DOWN, reason: Layer4 connection problem, check duration: 0ms. 1 active and 0 backup servers left.',
    stamped: true,
    atUs: exampleInstants.injectUs + afterInjectUs,
    errorUs: 620,
    component: 'web/replica-1',
    names: 'web1/container/web',
    ...changes,
  };
}

const exactly = (us: number, errorUs = 740): Latency => ({ us, errorUs, isBound: false });

export const repairedByNode: FaultResponse = {
  detected: true,
  detection: notice(1_840_000),
  latencyFromEffect: exactly(1_839_600),
  latencyFromInjection: exactly(1_840_000),
  harmed: true,
  repaired: true,
  inTime: true,
  restored: true,
  recovered: true,
  by: 'node',
  begun: notice(3_500_000, {
    rule: 'spawned',
    means: 'recovery-begun',
    by: 'node',
    host: 'web1',
    watch: 'supervisor',
    text: "2026-11-21 08:15:33,412 INFO spawned: 'web' with pid 4711",
    errorUs: 500_000,
  }),
  done: notice(6_300_000, {
    rule: 'running',
    means: 'recovery-done',
    by: 'node',
    host: 'web1',
    watch: 'supervisor',
    text: '2026-11-21 08:15:36,205 INFO success: web entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
  }),
  recoveryLatency: exactly(4_460_000, 1_240),
  healedOnRemoval: false,
};

export const seenNotRepaired: FaultResponse = {
  detected: true,
  detection: notice(12_000, { stamped: false, errorUs: 400_000 }),
  latencyFromEffect: { us: 412_000, errorUs: 400_000, isBound: true },
  latencyFromInjection: { us: 412_000, errorUs: 400_000, isBound: true },
  harmed: true,
  repaired: false,
  inTime: false,
  restored: false,
  recovered: false,
  healedOnRemoval: false,
};

export const unseen: FaultResponse = {
  detected: false,
  harmed: true,
  repaired: 'unknown',
  inTime: 'unknown',
  restored: 'unknown',
  recovered: 'unknown',
  healedOnRemoval: true,
};

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noopInjector } from '../injectors/noop/injector.ts';
import { askAbilities } from './abilities.ts';

test('a reason in lines, as programs tell one, is a phrase in one line, so that a remedy can follow it', async () => {
  const reason = '"tc -batch -" failed: Error: Specified qdisc kind is unknown.\n  Command failed -:1.\n';
  const injector = {
    ...noopInjector,
    supported: async () =>
      await Promise.resolve({ supported: false, reason, remedy: 'Use another kernel.' } as const),
  };
  assert.deepEqual(await askAbilities(new Map([['netem-delay', injector]])), [
    {
      mechanism: 'netem-delay',
      supported: false,
      reason: '"tc -batch -" failed: Error: Specified qdisc kind is unknown; Command failed -:1',
      remedy: 'Use another kernel.',
    },
  ]);
});

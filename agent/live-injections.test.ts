import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableOf } from '../injectors/nft-drop/ruleset.ts';
import { LiveInjections } from './live-injections.ts';

const target = { kind: 'host', host: 'h', bootId: 'b' } as const;

function holding(id: string): LiveInjections {
  const live = new LiveInjections();
  live.add(id, 'nft-drop', target, {});
  return live;
}

test('a handle that is named after an injection that runs is no residue', () => {
  const live = holding('i-1');
  const table = `nft table netdev ${tableOf({ id: 'i-1' })} in the network namespace 4026531833`;
  for (const handle of [table, 'process 12 (ordeal:cpu-burn:i-1)', 'queue 7a: on eth0 of i-1'])
    assert.equal(live.owns(handle), true, handle);
});

test('a handle that only holds the id within another one is not owned', () => {
  const live = holding('i-1');
  for (const id of ['i-10', 'i-1-0', 'x-i-1', '1i-1', 'i', 'i_1'])
    assert.equal(live.owns(`nft table netdev ${tableOf({ id })}`), false, id);
});

test('what a stuck injection has left is residue', () => {
  const live = holding('i-1');
  live.stick('i-1', 'the kernel is busy');
  assert.equal(live.owns(`nft table netdev ${tableOf({ id: 'i-1' })}`), false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCampaign } from '../../campaign/read.ts';
import { bugNames } from '../../embedded/bugs/bug-name.ts';
import { layOut } from '../../embedded/layout.ts';
import { parseSubnet } from '../../embedded/subnet.ts';
import { campaignOf } from './campaign.ts';
import { faultload, pairs, reachedBy } from './faultload.ts';

const subnet = parseSubnet('198.18.5.0/24');
assert.ok(subnet);
const system = layOut('one', '/run/x', subnet, bugNames);

test('twelve faults make 66 pairs, and the file of the campaign is one that can be read', () => {
  const text = campaignOf(system, 'brute-force', [{ policy: 'same-recovery' }]);
  const campaign = readCampaign(text, 'brute-force.yaml', { allowSubstitute: true });
  assert.deepEqual([faultload.length, campaign.faultload.length], [12, 12]);
  assert.deepEqual([pairs.length, campaign.combinations.length], [66, 66]);
});

test('every bug is reached by a pair, and most pairs reach none', () => {
  for (const bug of bugNames)
    assert.ok(
      pairs.some((pair) => reachedBy(pair).includes(bug)),
      bug,
    );
  assert.ok(pairs.filter((pair) => reachedBy(pair).length > 0).length * 2 < pairs.length);
});

test('a pair with a fault that nobody repairs reaches no bug', () => {
  const idle = pairs.filter(({ faults }) => faults.some(({ repair }) => repair === 'nothing'));
  assert.deepEqual(idle.flatMap(reachedBy), []);
});

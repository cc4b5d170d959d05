import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { campaignIn, good } from '../good-file.example.ts';
import { examineCampaign } from '../read.ts';

/** The good file with policies, which begin on the line of its slo. */
function withPrune(prune: string): string {
  return good.replace('slo:', `prune: ${prune}\nslo:`);
}

const line = good.split('\n').findIndex((text) => text.startsWith('slo:')) + 1;

function problemsOf(prune: string): string[] {
  const examined = examineCampaign(withPrune(prune), { allowSubstitute: true });
  assert.ok('problems' in examined, prune);
  return examined.problems.map(
    (found) => `${found.line - line}:${found.column} ${found.path}: ${found.message}`,
  );
}

describe('policies of a campaign file', () => {
  test('are built in, filters or clusters', () => {
    const { prune } = campaignIn(
      withPrune(
        `[{ policy: same-outcome }, { policy: unlikely, below: 1% }, { name: no-net, filter: 'has(domains, "network")' }, { name: few, cluster: 'cells, parts', where: faults > 1, keep: 2 }]`,
      ),
    );
    assert.deepEqual(prune, [
      {
        kind: 'cluster',
        name: 'same-outcome',
        of: 'faults > 1',
        by: 'targets, touched, outcomes, repairs',
        keep: 1,
      },
      { kind: 'filter', name: 'unlikely', filter: 'faults > 1 and likelihood < 0.01' },
      { kind: 'filter', name: 'no-net', filter: 'has(domains, "network")' },
      { kind: 'cluster', name: 'few', of: 'faults > 1', by: 'cells, parts', keep: 2 },
    ]);
  });

  const mistakes: readonly (readonly [what: string, prune: string, told: RegExp])[] = [
    [
      'a wrong name in quotes',
      `[{ name: a, filter: 'faults > 1 and has(cels, "*")' }]`,
      /^0:48 prune\[0\]\.filter: is no expression: there is no cels; did you mean cells/,
    ],
    [
      'a wrong sign without quotes',
      '[{ name: a, filter: faults = 1 }]',
      /^0:35 prune\[0\]\.filter: is no expression: = means nothing here/,
    ],
    [
      'a wrong name in a block',
      '\n  - name: a\n    filter: >\n      cels == 1',
      /^2:\d+ prune\[0\]\.filter: is no expression: there is no cels/,
    ],
    [
      'an unknown policy',
      '[{ policy: same }]',
      /^0:19 prune\[0\]\.policy: .*must be same-outcome, same-recovery/,
    ],
    [
      'two ways at once',
      '[{ policy: unlikely, below: 1%, filter: faults > 1 }]',
      /prune\[0\]: must hold exactly one of policy, filter and cluster/,
    ],
    ['no name', '[{ filter: faults > 1 }]', /prune\[0\]: needs a name/],
    [
      'a name twice',
      '[{ policy: same-outcome }, { name: same-outcome, filter: faults > 1 }]',
      /prune\[1\]\.name: is "same-outcome", the name of prune\[0\]/,
    ],
    ['unlikely without a likelihood', '[{ policy: unlikely }]', /prune\[0\]: needs below, a likelihood/],
    [
      'a filter that keeps',
      '[{ name: a, filter: faults > 1, keep: 2 }]',
      /prune\[0\]\.keep: .*is only of a cluster/,
    ],
  ];
  for (const [what, prune, told] of mistakes)
    test(`with ${what} are refused at its place`, () => {
      const problems = problemsOf(prune);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', told);
    });
});

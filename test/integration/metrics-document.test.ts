import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeSamples } from '../../events/samples.ts';
import { measureAttempt } from '../../metrics/measures/trial.ts';
import { MadeCampaign } from './metrics-campaign.ts';

const document = readFileSync(new URL('../../docs/saved-run.md', import.meta.url), 'utf8');
const hasPython = spawnSync('python3', ['--version']).status === 0;

test(
  'the program in docs/saved-run.md reads samples, and finds the digest that the measures have',
  { skip: hasPython ? false : 'python3 is not installed' },
  (context) => {
    const [, program] = /```python\n(.*?)```/s.exec(document) ?? [];
    assert.ok(program !== undefined);
    const { attempt } = new MadeCampaign('read');
    const directory = mkdtempSync(join(tmpdir(), 'ordeal-document-'));
    context.after(() => rmSync(directory, { recursive: true }));
    const file = join(directory, 't001-1.samples');
    // The second batch first, and the first one twice.
    const [first, second] = attempt.batches.map(encodeSamples);
    assert.ok(first !== undefined && second !== undefined);
    writeFileSync(file, Buffer.concat([second, first, first]));
    const { stdout, stderr } = spawnSync('python3', ['-c', program, file], { encoding: 'utf8' });
    const { rows, sha256 } = measureAttempt(attempt).samples;
    assert.equal(stdout, `${rows} 10000 ${sha256}\n`, stderr);
  },
);

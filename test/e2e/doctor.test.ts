import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import type { Examination } from '../../agent/doctor.ts';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { ordeal } from './command-line.ts';

async function doctor(env: Readonly<Record<string, string>> = {}): Promise<{ code: number } & Examination> {
  const { code, stdout, stderr } = await ordeal(['doctor', '--json'], { cwd: tmpdir(), env });
  assert.notEqual(stdout, '', stderr);
  return { code, ...(JSON.parse(stdout) as Examination) };
}

describe('ordeal doctor', () => {
  test('finds nothing missing on a host that setup.sh has prepared', async () => {
    const { code, findings } = await doctor();
    assert.deepEqual(
      findings.filter(({ state }) => state === 'missing'),
      [],
    );
    assert.equal(code, 0);
  });

  test('names the package of a program that is missing, and ends with 3', async () => {
    const { code, findings } = await doctor({ PATH: '/nowhere' });
    const nsenter = findings.find(({ about }) => about === 'nsenter');
    assert.equal(nsenter?.state, 'missing');
    assert.match(nsenter.remedy ?? '', /util-linux/);
    assert.equal(code, 3);
  });

  test('tells of every mechanism that does not work here why, and what would help', async () => {
    const { mechanisms } = await doctor();
    const unsupported = mechanisms.filter(({ supported }) => !supported);
    for (const { mechanism, reason = '', remedy = '' } of unsupported)
      assert.ok(reason !== '' && remedy !== '', mechanism);
    assert.ok(mechanisms.some(({ mechanism, supported }) => mechanism === 'cgroup-freeze' && supported));
  });

  test('changes nothing on the host', async () => {
    const before = await machineFingerprint();
    await doctor();
    await assertLeftAsFound(before);
  });
});

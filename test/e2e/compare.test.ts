import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ordeal as ordealIn, type Answer } from './command-line.ts';

const thesis = resolve(import.meta.dirname, '../../docs/results/thesis');
const [esxi, docker] = [join(thesis, 'esxi.yaml'), join(thesis, 'docker.yaml')];

describe('two infrastructures are compared without a controller', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-compare-'));
  });
  after(async () => await rm(directory, { recursive: true }));

  async function ordeal(...args: readonly string[]): Promise<Answer> {
    return await ordealIn(args, { cwd: directory, env: {} });
  }

  test('of the tables of the thesis the detection can be told apart, the recovery cannot; what is not like for like, and the contradiction, are told', async () => {
    const { code, stdout, stderr } = await ordeal('compare', esxi, docker);
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^Detected of all injected +57\/60 95% +45\/60 75% +0\.0039 +A is better$/m);
    assert.match(stdout, /^Recovered by the record +53\/57 93% +41\/45 91\.1% +0\.73 +not distinguishable$/m);
    assert.match(stdout, /^all rows +129\.8 s +113\.0 s/m);
    assert.match(stdout, /^rows over all cases +91\.1 s +91\.2 s/m);
    assert.match(
      stdout,
      /As printed: A 129\.8 s \(all rows\); B 91\.2 s \(rows over all cases\): not like for\s+like/,
    );
    assert.match(stdout, /B, physical\.network\.delay, detected: Table 5\.3: 5; Table 5\.4, detection: 0/);
    assert.ok(
      stdout.split('\n').every((line) => line.length <= 80),
      'no line is wider than a terminal',
    );
  });

  test('an infrastructure is in nothing worse than itself', async () => {
    assert.equal((await ordeal('compare', docker, docker)).code, 0);
  });

  test('each form is what it says, and two of them at once are refused', async () => {
    const json: unknown = JSON.parse((await ordeal('compare', esxi, docker, '--json')).stdout);
    assert.ok(typeof json === 'object' && json !== null && 'measures' in json);
    assert.match((await ordeal('compare', esxi, docker, '--html')).stdout, /^<!doctype html>/);
    assert.match((await ordeal('compare', esxi, docker, '--csv')).stdout, /^measure,unit,row,/);
    assert.match(
      (await ordeal('compare', esxi, docker, '--junit')).stdout,
      /^<\?xml .*\n<testsuites .*failures="1"/,
    );
    const both = await ordeal('compare', esxi, docker, '--csv', '--junit');
    assert.deepEqual([both.code, both.stdout], [2, '']);
    assert.match(both.stderr, /--csv and --junit exclude each other/);
  });

  test('a table of published numbers becomes aggregates that can be compared', async () => {
    await writeFile(join(directory, 'table.csv'), 'cell,trials,detected\nphysical.cpu.delay,5,5\n');
    const made = await ordeal('import', 'aggregates', 'table.csv', '--name', 'vendor', '--source', 'a paper');
    assert.equal(made.code, 0, made.stderr);
    await writeFile(join(directory, 'vendor.yaml'), made.stdout);
    const { stdout } = await ordeal('compare', 'vendor.yaml', docker);
    assert.match(stdout, /^NOT LIKE FOR LIKE$/m);
    assert.match(stdout, /^physical\.cpu\.delay +5\/5 +0\/5/m);
  });

  test('what is not there, is no run or has a mistake is refused with the place', async () => {
    await writeFile(
      join(directory, 'wrong.yaml'),
      'version: 1\nname: x\nsource: y\ncells:\n  - { cell: a, trials: 5 }\n',
    );
    const cases = [
      ['nowhere', /there is no "nowhere"/],
      ['.', /is no saved run/],
      ['wrong.yaml', /wrong\.yaml:5:\d+ cells\[0\]\.cell: is "a"; it must be a cell of the fault model/],
    ] as const;
    for (const [path, says] of cases) {
      const { code, stdout, stderr } = await ordeal('compare', path, docker);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, says);
    }
  });
});

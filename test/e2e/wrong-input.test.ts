import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { campaignText, faults } from './campaign-text.ts';
import { ordeal as ordealIn, type Answer } from './command-line.ts';

describe('wrong input is answered with one clear message and exit code 2', () => {
  let directory: string;
  const good = campaignText({ name: 'good', url: 'http://127.0.0.1:1/', faults: [faults.kill, faults.drop] });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-input-'));
  });
  after(async () => await rm(directory, { recursive: true }));

  async function ordeal(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return await ordealIn(args, { cwd: directory, env });
  }

  async function validate(content: string | Buffer): Promise<Answer> {
    const file = join(directory, 'campaign.yaml');
    await writeFile(file, content);
    return await ordeal(['campaign', 'validate', '--allow-substitute', file]);
  }

  function refused({ code, stdout, stderr }: Answer, ...says: readonly RegExp[]): void {
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    for (const pattern of says) assert.match(stderr, pattern);
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
  }

  test('a substitute that was not allowed is refused, with its place, why it is one, and what to give', async () => {
    const file = join(directory, 'substitute.yaml');
    await writeFile(file, good);
    refused(
      await ordeal(['campaign', 'validate', file]),
      /substitute\.yaml:\d+:\d+ faultload\[1\]\.mechanism: is "nft-drop", which only stands in/,
      /the driver's own transmit function/,
      /--allow-substitute/,
    );
  });

  test('the campaign that the others are broken from is valid', async () => {
    const { code, stderr } = await validate(good);
    assert.equal(code, 0, stderr);
  });

  const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

  const broken: readonly [string, string, readonly RegExp[]][] = [
    ['an unknown key', good.replace('repetitions: 1', 'repetition: 1'), [/repetition\b/, /repetitions/]],
    [
      'a wrong type',
      good.replace('repetitions: 1', 'repetitions: many'),
      [/repetitions/, /many|string|number/],
    ],
    [
      'a duration without a unit',
      good.replace('during: 3s', 'during: 3'),
      [/timeline\.during/, /unit|"500ms"/],
    ],
    [
      'a cell that does not exist',
      good.replace('virtual.cpu.unavailability', 'virtual.cpu.unavailable'),
      [/faultload\[0\]\.cell/],
    ],
    [
      'a mechanism that does not serve the cell',
      good.replace('sigkill', 'cpu-quota'),
      [/faultload\[0\]\.mechanism/, /sigkill/],
    ],
    ['no YAML', 'name: [', [/campaign\.yaml:\d+/]],
    ['an empty file', '', [/campaign\.yaml/]],
  ];
  for (const [what, text, says] of broken) {
    test(what, async () => refused(await validate(text), ...says));
  }

  test('the message names the line', async () => {
    const text = good.replace('repetitions: 1', 'repetition: 1');
    refused(await validate(text), new RegExp(`campaign\\.yaml:${lineOf(text, 'repetition: 1')}:`));
  });

  test('a file that is not there', async () => {
    refused(await ordeal(['campaign', 'validate', 'absent.yaml']), /absent\.yaml/);
  });

  test('a file of 10 MB', async () => {
    refused(await validate(Buffer.alloc(10 * 1024 * 1024, '# much\n')), /MiB|bytes|large/i);
  });

  test('a file that is not UTF-8', async () => {
    refused(
      await validate(Buffer.concat([Buffer.from('name: '), Buffer.from([0xff, 0xfe]), Buffer.from('\n')])),
      /UTF-8/,
    );
  });

  test('YAML aliases that explode', async () => {
    const levels = 'b c d e f g h i j'.split(' ').map((letter, i) => {
      const before = String.fromCharCode(letter.charCodeAt(0) - 1);
      return `${letter}: &${letter} [${Array(9)
        .fill(i === 0 ? '*a' : `*${before}`)
        .join(', ')}]`;
    });
    refused(await validate(['a: &a [x, x, x]', ...levels].join('\n')), /alias/i);
  });

  test('a verb that does not exist, and an option that is missing', async () => {
    refused(await ordeal(['injekt']), /inject/);
    refused(await ordeal(['inject', 'virtual.cpu.delay']), /--host/);
  });

  test('an injection without an end cannot be asked for', async () => {
    refused(
      await ordeal(['inject', 'virtual.cpu.delay', '--host', 'a', '--target', 'container/web']),
      /--for/,
    );
    const without = ['inject', 'virtual.cpu.delay', '--host', 'a', '--target', 'container/web', '--for', '5'];
    refused(await ordeal(without), /--for is "5"/);
  });

  test('a verb that needs an Ordeal that does not run', async () => {
    refused(await ordeal(['hosts']), /ordeal up/);
  });

  test('a saved run that is none', async () => {
    refused(await ordeal(['measure', directory]), /campaign|events|run/);
  });

  test('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const port = Math.min(address.port, 65_533);
    const answer = await ordeal(['up', '--port', String(port)]);
    server.close();
    refused(answer, new RegExp(`port ${port}`));
  });

  test('a program that is missing is named with the package that brings it', async () => {
    const answer = await ordeal(['embedded', 'up', '--name', 'nothing'], { PATH: join(directory, 'empty') });
    assert.equal(answer.code, 2);
    assert.match(answer.stderr, /package|setup\.sh/);
  });
});

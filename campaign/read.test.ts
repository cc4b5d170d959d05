import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Campaign } from './campaign.ts';
import { examineCampaign, readCampaign } from './read.ts';

const good = readFileSync(new URL('../test/campaigns/five-faults.yaml', import.meta.url), 'utf8');

function campaignIn(text: string): Campaign {
  return readCampaign(text, 'a.yaml', { allowSubstitute: true });
}

/** The good file with one part replaced. */
function broken(part: string | RegExp, by: string): string {
  const text = good.replace(part, by);
  assert.notEqual(text, good, `${part} is in the file`);
  return text;
}

function problemsOf(content: string | Uint8Array) {
  const examined = examineCampaign(content, { allowSubstitute: true });
  assert.ok('problems' in examined, 'it was found valid');
  return examined.problems;
}

/** One problem, at the place where `at` begins: the first at or after the line that differs from the good file. */
function refused(text: string, path: string, at: string, says: RegExp): void {
  const problems = problemsOf(text);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  const [problem] = problems;
  assert.equal(problem?.path, path);
  assert.match(problem.message, says);
  const lines = text.split('\n');
  const firstChanged = lines.findIndex((line, index) => line !== good.split('\n')[index]);
  const changedAt = lines.slice(0, firstChanged).join('\n').length;
  const found = text.indexOf(at, changedAt);
  const before = text.slice(0, found === -1 ? text.indexOf(at) : found).split('\n');
  assert.deepEqual([problem.line, problem.column], [before.length, (before.at(-1)?.length ?? 0) + 1]);
}

const watchOf = (name: string): string => `watch: [{ name: ${name}, host: host-1, kernel: {} }]`;
const ruleOn = (source: string): string =>
  `rules: [{ name: a, source: ${source}, pattern: down, means: detection, by: node }]`;

test('each source of a watch is read, with its units resolved and its defaults filled in', () => {
  const text = broken(
    'slo:',
    `watch:
  - { name: a, host: host-1, log: { file: /var/log/a.log } }
  - { name: b, host: host-1, kernel: {} }
  - { name: c, host: host-*, command: { run: [virsh, list] } }
  - { name: d, host: host-1, command: { run: [virsh, list], every: 500ms } }
  - { name: e, host: host-1, journal: { units: [docker.service, 'kubelet*'] } }
slo:`,
  );
  assert.deepEqual(campaignIn(text).watches, [
    { name: 'a', host: 'host-1', source: { kind: 'log', file: '/var/log/a.log' } },
    { name: 'b', host: 'host-1', source: { kind: 'kernel' } },
    { name: 'c', host: 'host-*', source: { kind: 'command', argv: ['virsh', 'list'], everyUs: 2_000_000 } },
    { name: 'd', host: 'host-1', source: { kind: 'command', argv: ['virsh', 'list'], everyUs: 500_000 } },
    { name: 'e', host: 'host-1', source: { kind: 'journal', units: ['docker.service', 'kubelet*'] } },
  ]);
});

test('a good file is read with its units resolved and its defaults filled in', () => {
  const campaign = campaignIn(good);
  assert.deepEqual(campaign.timeline, {
    warmUpUs: 1_000_000,
    beforeUs: 2_000_000,
    duringUs: 4_000_000,
    afterUs: 4_000_000,
    horizonUs: 15_000_000,
  });
  assert.deepEqual(campaign.definition, {
    version: 1,
    unavailability: {
      windowUs: 1_000_000,
      errorRate: 0.05,
      limitsUs: [5_000_000, 6_000_000, 15_000_000, 25_000_000, 30_000_000],
    },
    slo: { l50Us: 150_000, l90Us: 250_000, throughputPerS: 190, unavailabilityUs: 5_000_000 },
    tolerance: { latency: 0.2, throughput: 0.1 },
    recoveryWithinUs: 25_000_000,
    components: {},
    rules: [],
  });
  assert.deepEqual(campaign.faultload[2], {
    name: 'starve-replica',
    cell: 'virtual.cpu.delay',
    mechanism: 'cpu-quota',
    parameters: { share: '2%', period: '100ms' },
    target: { host: 'host-1', kind: 'container', name: 'web', pick: { kind: 'all' } },
    mode: { kind: 'permanent' },
    rootCause: 'op',
    weight: 1,
  });
  assert.deepEqual(campaign.faultload[4]?.mode, { kind: 'probabilistic', share: 0.3 });
});

test('the mechanism that is not named is the first of the cell itself', () => {
  const campaign = campaignIn(broken('    mechanism: sigkill\n', ''));
  assert.equal(campaign.faultload[0]?.mechanism, 'sigkill');
});

test('a substitute is refused where it stands in the file, unless substitutes are allowed', () => {
  const examined = examineCampaign(good);
  assert.ok('problems' in examined);
  assert.deepEqual(
    examined.problems.map(({ path }) => path),
    ['faultload[3].mechanism', 'faultload[4].mechanism'],
  );
  assert.match(examined.problems[0]?.message ?? '', /only stands in .*--allow-substitute/);
});

test('golden runs are as many as repetitions where the file does not say', () => {
  assert.equal(campaignIn(broken(/repetitions: 1\ngoldenRuns: 1/, 'repetitions: 7')).goldenRuns, 7);
});

test('every mode and every way to pick can be written', () => {
  const withMode = (mode: string) =>
    campaignIn(broken('mode: { share: 30% }', `mode: ${mode}`)).faultload[4]?.mode;
  assert.deepEqual(withMode('permanent'), { kind: 'permanent' });
  assert.deepEqual(withMode('{ oneIn: 10 }'), { kind: 'oneIn', n: 10 });
  assert.deepEqual(withMode('{ share: 0% }'), { kind: 'probabilistic', share: 0 });
  const placebo = good
    .replaceAll('mechanism: nft-drop', 'mechanism: noop')
    .replace(/intensity: { direction.*/, '');
  const burst = campaignIn(
    placebo.replace('mode: { share: 30% }', 'mode: { burst: { on: 200ms, off: 1s } }'),
  );
  assert.deepEqual(burst.faultload[4]?.mode, { kind: 'burst', onUs: 200_000, offUs: 1_000_000 });
  const withTarget = (target: string) =>
    campaignIn(broken('target: { host: host-1, nic: eth0 }', `target: ${target}`)).faultload[3]?.target;
  assert.deepEqual(withTarget('{ host: "*", nic: eth0, pick: 50% }'), {
    host: '*',
    kind: 'nic',
    name: 'eth0',
    pick: { kind: 'share', share: 0.5 },
  });
  assert.deepEqual(withTarget('{ labels: { role: nfvi }, nic: eth0, pick: 1 }'), {
    host: '*',
    labels: { role: 'nfvi' },
    kind: 'nic',
    name: 'eth0',
    pick: { kind: 'count', count: 1 },
  });
});

describe('each mistake is told with its place, what was found and what is allowed', () => {
  const mistakes: readonly [string, [string | RegExp, string], string, string, RegExp][] = [
    [
      'an unknown key',
      ['repetitions: 1', 'repetitions: 1\nrepetitons: 1'],
      'repetitons',
      'repetitons:',
      /unknown key.*did you mean "repetitions".*allowed: version/,
    ],
    [
      'a misspelt scope',
      ['nic: eth0', 'nic: eth0, contaner: a'],
      'faultload[3].target.contaner',
      'contaner',
      /did you mean "container"/,
    ],
    [
      'a wrong type',
      ['repetitions: 1', 'repetitions: many'],
      'repetitions',
      'many',
      /is "many"; it must be a whole number from 1 to 1000/,
    ],
    ['a missing key', ['during: 4s, ', ''], 'timeline.during', 'timeline:', /is missing; must be a duration/],
    [
      'a duration without a unit',
      ['during: 4s', 'during: 4'],
      'timeline.during',
      '4, after',
      /is 4; it has no unit.*"4s"/,
    ],
    [
      'a duration in an unknown unit',
      ['during: 4s', 'during: 4 sec'],
      'timeline.during',
      '4 sec',
      /us, ms, s, m or h/,
    ],
    ['a fault without a duration', ['during: 4s', 'during: 0s'], 'timeline.during', '0s', /above 0/],
    [
      'a share without its sign',
      ['share: 30%', 'share: 0.3'],
      'faultload[4].mode.share',
      '0.3',
      /percent sign/,
    ],
    [
      'a share above the whole',
      ['share: 30%', 'share: 130%'],
      'faultload[4].mode.share',
      '130%',
      /0% to 100%/,
    ],
    ['one in none', ['share: 30%', 'oneIn: 0'], 'faultload[4].mode.oneIn', '0 }', /from 1/],
    ['a negative weight', ['rootCause: op', 'weight: -1'], 'faultload[4].weight', '-1', /from 0/],
    [
      'an unknown cell',
      ['virtual.cpu.delay', 'virtual.cpu.dealy'],
      'faultload[2].cell',
      'virtual.cpu.dealy',
      /did you mean virtual\.cpu\.delay/,
    ],
    [
      'an unknown mechanism',
      ['cgroup-freeze', 'cgroup-freez'],
      'faultload[1].mechanism',
      'cgroup-freez',
      /did you mean cgroup-freeze.*nft-drop/,
    ],
    [
      'a mechanism of another cell',
      ['sigkill', 'cpu-quota'],
      'faultload[0].mechanism',
      'cpu-quota',
      /does not serve virtual\.cpu\.unavailability; these serve it: sigkill, cgroup-freeze/,
    ],
    [
      'a target that the mechanism cannot reach',
      ['container: web', 'nic: eth0'],
      'faultload[0].target',
      'target:',
      /is a nic; sigkill reaches container/,
    ],
    [
      'a mode that the mechanism has not',
      [/intensity: \{ share: 2%.*/, 'mode: { oneIn: 3 }'],
      'faultload[2].mode',
      'mode: { oneIn',
      /cpu-quota offers: permanent/,
    ],
    [
      'an unknown parameter',
      ['share: 2%', 'quota: 2%'],
      'faultload[2].intensity.quota',
      'quota',
      /unknown key "quota" \(allowed: share, period\)/,
    ],
    [
      'a parameter out of its range',
      ['period: 100ms', 'period: 10s'],
      'faultload[2].intensity.period',
      '10s',
      /"10ms" to "1s"/,
    ],
    [
      'a substitute that nobody named',
      [
        /physical.network.unavailability\n    # A sub.*\n    mechanism: nft-drop\n    target: .*\n/,
        'physical.cpu.unavailability\n    target: { host: host-1 }\n',
      ],
      'faultload[3].cell',
      'physical.cpu',
      /to use a substitute, name it by mechanism \(sigkill.*--allow-substitute/,
    ],
    [
      'a cell that nothing serves',
      ['virtual.cpu.delay', 'virtual.memory.corruption'],
      'faultload[2].mechanism',
      'cpu-quota',
      /no mechanism serves that cell yet/,
    ],
    [
      'two kinds of target',
      ['nic: eth0', 'nic: eth0, disk: sda'],
      'faultload[3].target',
      'target: { host: host-1, nic',
      /one kind of target/,
    ],
    [
      'a target on no host',
      ['host: host-1, nic', 'nic'],
      'faultload[3].target',
      'target: { nic',
      /names no host/,
    ],
    [
      'a pattern without a pick',
      ['host-1, nic: eth0', 'host-1, nic: eth*'],
      'faultload[3].target',
      'target: { host: host-1, nic',
      /say how many.*pick/,
    ],
    [
      'an option that the driver has not',
      ['timeout: 1s', 'timeuot: 1s'],
      'workload.http.timeuot',
      'timeuot',
      /did you mean "timeout"/,
    ],
    [
      'an unknown shape of load',
      ['flat', 'flt'],
      'workload.http.load.shape',
      'flt',
      /flat or ramp or staircase/,
    ],
    [
      'a key that the shape of load has not',
      ['shape: flat', 'shape: flat, steps: 3'],
      'workload.http.load.steps',
      'steps',
      /allowed: shape, rate\)/,
    ],
    [
      'a name that cannot be part of an id',
      ['name: five-faults', 'name: Five'],
      'name',
      'Five',
      /lower case/,
    ],
    ['another version of the format', ['version: 1', 'version: 2'], 'version', '2\n', /must be 1/],
    [
      'a name that is taken',
      ['freeze-replica', 'kill-replica'],
      'faultload[1].name',
      'kill-replica\n    cell: virtual.cpu.unavailability\n    mechanism: cgroup',
      /the name of faultload\[0\]/,
    ],
    [
      'a rule that is no regular expression',
      [
        'slo:',
        `${watchOf('b')}\nrules: [{ name: a, source: b, pattern: "(", means: detection, by: node }]\nslo:`,
      ],
      'rules[0].pattern',
      '"("',
      /must be a regular expression/,
    ],
    [
      'a rule that a line could hold up for ever',
      [
        'slo:',
        `${watchOf('b')}\nrules: [{ name: a, source: b, pattern: '(a+)+\\1', means: detection, by: node }]\nslo:`,
      ],
      'rules[0].pattern',
      "'(a+)+",
      /that no line can hold up/,
    ],
    [
      'a rule that reads what is nearly the name of a watch',
      ['slo:', `${watchOf('front')}\n${ruleOn('fromt')}\nslo:`],
      'rules[0].source',
      'fromt',
      /is "fromt", which is not the name of a watch; did you mean "front"\? \(there are: front\)/,
    ],
    [
      'a rule in a file that watches nothing',
      ['slo:', `${ruleOn('front')}\nslo:`],
      'rules[0].source',
      'front',
      /the file watches nothing/,
    ],
    [
      'a watch of two sources',
      ['slo:', 'watch: [{ name: a, host: h, kernel: {}, log: { file: /a } }]\nslo:'],
      'watch[0]',
      '{ name: a',
      /must hold exactly one source: log, kernel, command, journal/,
    ],
    [
      'a watch of no source',
      ['slo:', 'watch: [{ name: a, host: h }]\nslo:'],
      'watch[0]',
      '{ name: a',
      /must hold exactly one source/,
    ],
    [
      'a watch of a file by a path that depends on where one stands',
      ['slo:', 'watch: [{ name: a, host: h, log: { file: a.log } }]\nslo:'],
      'watch[0].log.file',
      'a.log',
      /must be an absolute path/,
    ],
    [
      'two watches of one name',
      ['slo:', 'watch: [{ name: twice, host: h, kernel: {} }, { name: twice, host: i, kernel: {} }]\nslo:'],
      'watch[1].name',
      'twice, host: i',
      /is "twice", the name of watch\[0\]/,
    ],
  ];
  for (const [what, [part, by], path, at, says] of mistakes) {
    test(what, () => refused(broken(part, by), path, at, says));
  }
});

test('an unknown load driver', () => {
  const [none, misspelt, ...more] = problemsOf(broken('  http:', '  htpp:'));
  assert.match(none?.message ?? '', /exactly one load driver: http/);
  assert.match(misspelt?.message ?? '', /did you mean "http"/);
  assert.deepEqual(more, []);
});

test('a campaign in which nothing would run is refused', () => {
  const text = broken(/faultload:[^]*?(?=slo:)/, 'faultload: []\n').replace('goldenRuns: 1', 'goldenRuns: 0');
  refused(text, 'faultload', 'faultload', /nothing would run/);
});

test('all mistakes are told at once, in the order of their lines, as file:line:column path', () => {
  const text = broken('seed: 42', 'seed: -1')
    .replace('during: 4s', 'during: 4')
    .replace('share: 30%', 'share: 3');
  assert.throws(
    () => campaignIn(text),
    (error) => {
      assert.ok(error instanceof OrdealError && error.code === 'INVALID_INPUT');
      const lines = error.message.split('\n');
      assert.match(lines[0] ?? '', /^a\.yaml:5:7 seed: is -1; /);
      assert.match(lines[1] ?? '', /^a\.yaml:19:45 timeline\.during: is 4; /);
      assert.match(lines[2] ?? '', /^a\.yaml:\d+:20 faultload\[4\]\.mode\.share: is 3; /);
      assert.equal(lines.length, 3);
      return true;
    },
  );
});

test('an explosion of problems is cut short', () => {
  const text = `${good}${Array.from({ length: 500 }, (_, index) => `k${index}: 1\n`).join('')}`;
  assert.throws(() => campaignIn(text), /\nand more problems$/);
});

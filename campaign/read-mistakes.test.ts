import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OrdealError } from '../errors/ordeal-error.ts';
import { broken, campaignIn, good } from './good-file.example.ts';
import { examineCampaign } from './read.ts';

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
      'facts of nothing',
      ['nic: eth0 }', 'where: { state: up } }'],
      'faultload[3].target.where',
      'where',
      /chooses among the things on a host: give one of nic, container/,
    ],
    [
      'a fault that is to follow what has no successor',
      ['nic: eth0 }', 'nic: eth0 }\n    onRestart: follow'],
      'faultload[3].onRestart',
      'follow',
      /is follow, and the target is a nic: only a fault on a container can follow/,
    ],
    [
      'another thing to do on a restart',
      ['nic: eth0 }', 'nic: eth0 }\n    onRestart: again'],
      'faultload[3].onRestart',
      'again',
      /must be end or follow/,
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
      'an unknown parameter of an intensity',
      ['intensity: { share: 2%, period: 100ms }', 'intensities: [{ name: light, intensity: { quota: 2% } }]'],
      'faultload[2].intensities[0].intensity.quota',
      'quota',
      /unknown key "quota" \(allowed: share, period\)/,
    ],
    [
      'an intensity of a mode that the mechanism has not',
      ['intensity: { share: 2%, period: 100ms }', 'intensities: [{ name: light, mode: { oneIn: 3 } }]'],
      'faultload[2].intensities[0].mode',
      'mode: { oneIn',
      /cpu-quota offers: permanent/,
    ],
    [
      'two intensities of one name',
      ['intensity: { share: 2%, period: 100ms }', 'intensities: [{ name: light }, { name: light }]'],
      'faultload[2].intensities[1].name',
      'light }]',
      /the name of intensities\[0\]; it must be unique in the fault/,
    ],
    [
      'an intensity without a name',
      ['intensity: { share: 2%, period: 100ms }', 'intensities: [{ intensity: { share: 2% } }]'],
      'faultload[2].intensities[0].name',
      '{ intensity: { share',
      /is missing; must be lower case letters/,
    ],
    [
      'no intensity at all',
      ['intensity: { share: 2%, period: 100ms }', 'intensities: []'],
      'faultload[2].intensities',
      'intensities:',
      /must hold at least one intensity/,
    ],
    [
      'a cell that its mechanism does not serve',
      ['virtual.cpu.delay', 'virtual.memory.corruption'],
      'faultload[2].mechanism',
      'cpu-quota',
      /does not serve virtual\.memory\.corruption; these serve it: kernel-memory-corrupt/,
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
      'an element that is two things',
      ['slo:', 'elements: [{ name: a, disk: wwn naa.5, iscsi: iqn.b }]\nslo:'],
      'elements[0]',
      '{ name: a',
      /must hold exactly one of switch, bridge, disk and iscsi/,
    ],
    [
      'a switch without a port',
      ['slo:', 'elements: [{ name: a, switch: [] }]\nslo:'],
      'elements[0].switch',
      'switch: []',
      /must hold at least one port/,
    ],
    [
      'a shared disk by a name that each host gives it',
      ['slo:', 'elements: [{ name: a, disk: sda }]\nslo:'],
      'elements[0].disk',
      'sda }]',
      /is "sda"; it must be the WWN of a disk/,
    ],
    [
      'two elements of one name',
      ['slo:', 'elements: [{ name: twice, disk: wwn a }, { name: twice, iscsi: iqn.b }]\nslo:'],
      'elements[1].name',
      'twice, iscsi',
      /is "twice", the name of elements\[0\]/,
    ],
    [
      'a target that names an element of a file without any',
      [/target: \{[^}]*nic: eth0[^}]*\}/.exec(good)?.[0] ?? '', 'target: { element: leaf }'],
      'faultload[3].target.element',
      'leaf',
      /is "leaf", but the file has no elements/,
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

test('a target that names more than an element', () => {
  const nic = /target: \{[^}]*nic: eth0[^}]*\}/;
  const text = broken(nic, 'target: { element: leaf, host: a }');
  const [problem, ...more] = problemsOf(
    text.replace('slo:', 'elements: [{ name: leaf, switch: [{ host: a, nic: b }] }]\nslo:'),
  );
  assert.deepEqual(more, []);
  assert.equal(problem?.path, 'faultload[3].target');
  assert.match(problem.message, /names an element, which is a target as a whole: leave out host/);
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

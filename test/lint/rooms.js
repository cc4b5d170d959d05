// The house: which room may import which. The table of docs/rooms.md, as a rule of the linter. The leaves (errors, clock, command, procfs) are open to all.

const leaves = ['errors', 'clock', 'command', 'procfs'];

/** @type {{ name: string, imports: string[], files?: string[], packages?: string[] }[]} */
export const rooms = [
  { name: 'errors', imports: [] },
  { name: 'clock', imports: [] },
  { name: 'command', imports: [] },
  { name: 'procfs', imports: [] },
  { name: 'injectors', imports: [] },
  { name: 'events', imports: [] },
  { name: 'workload', imports: ['events/sample-columns'] },
  { name: 'service', imports: ['proto'] },
  { name: 'embedded', imports: [] },
  { name: 'lab', imports: [] },
  {
    name: 'campaign',
    imports: [
      'injectors/catalogue',
      'injectors/cell',
      'injectors/descriptor',
      'injectors/mode',
      'injectors/seeded',
      'injectors/target',
      'metrics/measures/outcome-class',
      'metrics/measures/statistics/smallest-p',
      'workload/catalogue',
      'workload/driver',
    ],
  },
  {
    name: 'controller',
    imports: [
      'proto',
      'campaign',
      'events',
      'service',
      'injectors/catalogue',
      'injectors/cell',
      'injectors/descriptor',
      'injectors/mode',
      'injectors/target',
    ],
  },
  { name: 'agent', imports: ['proto', 'events', 'injectors', 'workload', 'service'] },
  { name: 'metrics', imports: ['proto', 'campaign', 'events', 'service'] },
  {
    name: 'metrics/measures',
    imports: [
      'events/event',
      'events/kinds',
      'events/name',
      'events/ranges',
      'events/sample-columns',
      'events/samples',
      'campaign/block',
      'campaign/definition',
      'campaign/fault-title',
      'campaign/plan',
      'campaign/rule-reader',
      'campaign/sequential/until',
      'campaign/upon',
      'injectors/seeded',
    ],
  },
  { name: 'metrics/comparison', imports: ['metrics/measures'] },
  {
    name: 'cli',
    imports: [
      'proto',
      'campaign',
      'metrics',
      'service',
      'embedded',
      'lab',
      'events/event',
      'events/kinds',
      'events/name',
      'events/rights',
      'controller/main',
      'agent/main',
      'agent/doctor',
      'injectors/catalogue',
      'injectors/cell',
      'injectors/target',
    ],
  },
];

/** These are functions of what they are given, and nothing else. */
const pure = ['metrics/measures', 'metrics/comparison'];

const everyRoom = [...new Set(rooms.map((room) => room.name.split('/')[0]))].concat('proto', 'test', 'bench');

/** What the files of a room may not import: every other room, but for what the table allows; and `nats` outside of events/. */
export function roomRules(room) {
  const own = room.name.split('/')[0];
  const allowed = [...leaves, ...room.imports];
  const isAllowed = (other) => other === room.name || allowed.includes(other);
  const patterns = everyRoom
    .filter((other) => !isAllowed(other) && (other !== own || room.name !== own))
    .map((other) => {
      const parts = allowed
        .filter((path) => path.startsWith(`${other}/`))
        .map((path) => path.slice(other.length + 1));
      const except = parts.length === 0 ? '' : `(?!(${parts.join('|')})(\\.ts$|/))`;
      return {
        regex: `^(\\.\\./)+${other}/${except}`,
        message: `${room.name}/ may not import from ${other}/: see the table of rooms in docs/rooms.md.`,
      };
    });
  if (pure.includes(room.name)) {
    patterns.push({
      regex: '^(\\.\\./){1}(?!measures/)[a-z]',
      message: `${room.name}/ is pure: it imports nothing from metrics/${room.name === 'metrics/measures' ? '' : ' but the measures'}.`,
    });
    patterns.push({
      regex: '^node:(?!crypto$)',
      message: `${room.name}/ is pure: no files, no processes, no clocks.`,
    });
  }
  const paths = own === 'events' ? [] : [{ name: 'nats', message: 'Only events/ speaks to NATS.' }];
  return {
    files: room.files ?? [`${room.name}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths, patterns }],
      'no-restricted-syntax': ['error', ...dynamicImports([...patterns, ...paths.map(asPattern)])],
    },
  };
}

function asPattern({ name, message }) {
  return { regex: `^${name}$`, message };
}

/** The same for `import('...')`, which no-restricted-imports does not look at. */
function dynamicImports(patterns) {
  return [
    ...patterns.map(({ regex, message }) => ({
      // A slash would end the regular expression of the selector.
      selector: `ImportExpression > Literal.source[value=/${regex.replaceAll('\\/', '/').replaceAll('/', '\\u002F')}/]`,
      message,
    })),
    {
      selector: 'ImportExpression > :not(Literal).source',
      message: 'An import() names its module as a string, so that it can be seen which room it is of.',
    },
  ];
}

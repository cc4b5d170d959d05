import { OrdealError } from '../errors/ordeal-error.ts';
import { hostNameSchema } from './name.ts';
import { eventStream, sampleStream, subjectsOf } from './streams.ts';

interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

interface User extends Permissions {
  /** What verify_and_map makes of its certificate. */
  readonly certificate: string;
}

/** Of controller/state: nobody but the controller reads or writes it. */
const stateBucket = 'ordeal_controller';

/**
 * Who may do what on NATS, as the part of a nats-server's configuration that says so. The server takes the user from the client's certificate
 * (verify_and_map), by its name and its role.
 *
 * Streams and state are in one account, for the controller and the metrics service. Each agent is alone in an account of its own, which has no
 * JetStream, and from which no subject leads out but those of its own host's events and samples. Permissions alone would not do: a publisher names the
 * subject of the acknowledgement, and JetStream publishes that without asking what the publisher may, so a reply subject of JetStream's own
 * interface would empty a stream.
 */
export function natsAccounts(hosts: readonly string[], everythingFor: readonly string[] = []): string {
  for (const host of hosts) checkHost(host);
  const users = [
    controller(),
    metrics(),
    ...everythingFor.map((certificate) => ({ certificate, publish: ['>'], subscribe: ['>'] })),
  ];
  const exports = hosts.flatMap((host) =>
    own(host).map((subject) => `{ service: ${quoted(subject)}, accounts: [${quoted(accountOf(host))}] }`),
  );
  return [
    'accounts {',
    '  ORDEAL {',
    '    jetstream: enabled',
    ...list('users', users.map(userText)),
    ...list('exports', exports),
    '  }',
    ...hosts.flatMap(agentAccount),
    '}',
    '',
  ].join('\n');
}

/** The subject of a certificate, as nats-server writes it. */
export function certificateOf(role: string, name: string): string {
  return `CN=${name},OU=${role},O=Ordeal`;
}

/** Where answers to a connection of this name arrive: nobody else of its account may listen there. */
export function inboxOf(name: string): string {
  return `_INBOX.${name}`;
}

function controller(): User {
  const state = `KV_${stateBucket}`;
  return {
    certificate: certificateOf('controller', 'controller'),
    publish: [
      subjectsOf(eventStream, 'controller'),
      `$KV.${stateBucket}.>`,
      '$JS.API.INFO',
      ...[eventStream.name, sampleStream.name, state].flatMap(making),
      ...reading(eventStream.name),
      ...reading(state),
      `$JS.API.STREAM.MSG.GET.${state}`,
      `$JS.API.CONSUMER.DELETE.${state}.*`,
      `$JS.FC.${state}.>`,
    ],
    subscribe: [`${inboxOf('controller')}.>`],
  };
}

function metrics(): User {
  return {
    certificate: certificateOf('metrics', 'metrics'),
    publish: [
      subjectsOf(eventStream, 'metrics'),
      '$JS.API.INFO',
      ...[eventStream.name, sampleStream.name].flatMap((stream) => [
        ...making(stream),
        ...reading(stream),
        `$JS.ACK.${stream}.metrics.>`,
      ]),
    ],
    subscribe: [`${inboxOf('metrics')}.>`],
  };
}

/** Whoever comes first makes the streams. */
function making(stream: string): string[] {
  return [`$JS.API.STREAM.INFO.${stream}`, `$JS.API.STREAM.CREATE.${stream}`];
}

function reading(stream: string): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
  ];
}

function agentAccount(host: string): string[] {
  const user = {
    certificate: certificateOf('agent', `agent-${host}`),
    publish: own(host),
    subscribe: [`${inboxOf(`agent-${host}`)}.>`],
  };
  const imports = own(host).map((subject) => `{ service: { account: ORDEAL, subject: ${quoted(subject)} } }`);
  return [
    `  ${quoted(accountOf(host))} {`,
    ...list('users', [userText(user)]),
    ...list('imports', imports),
    '  }',
  ];
}

function own(host: string): string[] {
  return [subjectsOf(eventStream, host), subjectsOf(sampleStream, host)];
}

function accountOf(host: string): string {
  return `agent-${host}`;
}

function userText({ certificate, publish, subscribe }: User): string {
  const allowed = (subjects: readonly string[]): string[] =>
    subjects.map((subject) => `          ${quoted(subject)}`);
  return [
    `{ user: ${quoted(certificate)}, permissions: {`,
    '        publish: [',
    ...allowed(publish),
    '        ]',
    '        subscribe: [',
    ...allowed(subscribe),
    '        ]',
    '      } }',
  ].join('\n');
}

function list(name: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`    ${name}: [`, ...items.map((item) => `      ${item}`), '    ]'];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function checkHost(host: string): void {
  const checked = hostNameSchema.safeParse(host);
  if (checked.success) return;
  const why = checked.error.issues.map(({ message }) => message).join('; ');
  throw new OrdealError('INVALID_INPUT', `"${host}" cannot be the name of a host: it has to be ${why}`);
}

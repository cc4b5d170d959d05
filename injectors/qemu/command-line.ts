import { z } from 'zod';

/** What the command line of a QEMU tells of its machine. */
export interface QemuCommandLine {
  readonly name?: string;
  readonly uuid?: string;
  /** Its QMP monitors on unix sockets: by path, or by the descriptor that QEMU was given. */
  readonly monitors: readonly MonitorSocket[];
  /** The ids of the networks of its NICs, by which a link is named. */
  readonly networks: readonly string[];
  /** Hardware addresses of its NICs, as far as they were given, in lower case. */
  readonly macs: readonly string[];
  /** The drives that have a file, by the id of the drive or the name of the block node. */
  readonly images: readonly { readonly drive: string; readonly file: string }[];
}

type MonitorSocket = { readonly path: string } | { readonly descriptor: number };

/** As Debian, Fedora and others call it, for whichever processor. */
const program = /^(qemu-system-[\w-]+|qemu-kvm|kvm)$/;

/** Undefined where it is the command line of another program. `argv` has the name of the program in front. */
export function readQemuCommandLine(argv: readonly string[]): QemuCommandLine | undefined {
  const [path = '', ...words] = argv;
  if (!program.test(path.slice(path.lastIndexOf('/') + 1))) return undefined;
  const options = words.map((word, index) => ({
    // QEMU takes two dashes for one.
    option: word.replace(/^--?/, '-'),
    value: words[index + 1] ?? '',
  }));
  const valuesOf = (...names: string[]): string[] =>
    options.filter(({ option }) => names.includes(option)).map(({ value }) => value);
  const [name] = valuesOf('-name').map((value) => optionsOf(value, 'guest')['guest']);
  const [uuid] = valuesOf('-uuid');
  const networks = valuesOf('-netdev', '-nic').map((value) => optionsOf(value, 'type'));
  const devices = valuesOf('-device').map((value) => optionsOf(value, 'driver'));
  return {
    ...(name === undefined ? {} : { name }),
    ...(uuid === undefined ? {} : { uuid }),
    monitors: [
      ...valuesOf('-qmp', '-qmp-pretty').flatMap(monitorOf),
      ...monitorsByChardev(valuesOf('-mon'), valuesOf('-chardev')),
    ],
    networks: networks.flatMap(({ id }) => id ?? []),
    macs: [...devices, ...networks].flatMap(({ mac }) => mac?.toLowerCase() ?? []),
    images: [
      ...valuesOf('-drive').map((value) => optionsOf(value, 'file')),
      ...valuesOf('-blockdev').map((value) => optionsOf(value, 'driver')),
    ].flatMap((drive) => {
      const [id, file] = [drive['id'] ?? drive['node-name'], drive['file'] ?? drive['filename']];
      return id === undefined || file === undefined ? [] : [{ drive: id, file }];
    }),
  };
}

/** "unix:/path,server=on,wait=off", or the id of a character device ("chardev:qmp"), which `-mon` tells more of. */
function monitorOf(value: string): MonitorSocket[] {
  const [, path] = /^unix:((?:[^,]|,,)+)/.exec(value) ?? [];
  return path === undefined ? [] : [{ path: path.replaceAll(',,', ',') }];
}

function monitorsByChardev(monitors: readonly string[], chardevs: readonly string[]): MonitorSocket[] {
  const sockets = chardevs
    .map((value) => optionsOf(value, 'backend'))
    .filter(({ backend }) => backend === 'socket');
  return monitors
    .map((value) => optionsOf(value, 'chardev'))
    .filter(({ mode }) => mode === 'control')
    .flatMap(({ chardev }): MonitorSocket[] => {
      const socket = sockets.find(({ id }) => id === chardev);
      if (socket?.['path'] !== undefined) return [{ path: socket['path'] }];
      return socket?.['fd'] === undefined ? [] : [{ descriptor: Number(socket['fd']) }];
    });
}

const scalars = z.record(z.string(), z.unknown());

/** "a=b,c=d" by its keys, where a doubled comma is one of the value; the first may be without a key, which is then `implied`. Newer QEMUs take JSON as well. */
export function optionsOf(text: string, implied: string): Readonly<Record<string, string>> {
  if (text.startsWith('{')) return fromJson(text);
  const found: Record<string, string> = {};
  for (const [index, part] of partsOf(text).entries()) {
    const equals = part.indexOf('=');
    if (equals > 0) found[part.slice(0, equals)] = part.slice(equals + 1);
    else if (index === 0) found[implied] = part;
  }
  return found;
}

/** A single comma ends a part; two of them are one that is meant. */
function partsOf(text: string): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const isDoubled = text[at] === ',' && text[at + 1] === ',';
    if (text[at] === ',' && !isDoubled) parts.push('');
    else parts.push((parts.pop() ?? '') + (text[at] ?? ''));
    if (isDoubled) at += 1;
  }
  return parts;
}

function fromJson(text: string): Record<string, string> {
  try {
    const read = scalars.parse(JSON.parse(text));
    return Object.fromEntries(
      Object.entries(read).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    );
  } catch {
    // What QEMU itself took is no concern of whoever only looks at it.
    return {};
  }
}

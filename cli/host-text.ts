import type { Host__Output } from '../proto/generated/ordeal/v1/Host.ts';
import { wrapped } from './comparing/wrapped.ts';

const columns = 120;

/** In the place of a space within a fact, which people search for as a whole. */
const unbroken = '\u00a0';

/** What is on a host, and what it can do and cannot, and why. */
export function hostText(host: Host__Output): string {
  const state = host.connected ? 'connected' : 'out of reach';
  const labels = Object.entries(host.labels).map(([key, value]) => `${key}=${value}`);
  const can = host.capabilities.filter(({ supported }) => supported).map(({ mechanism }) => mechanism);
  return [
    [`${host.name}  ${state}`, `kernel ${host.kernel}`, ...labels].join(', '),
    ...host.quarantinedBecause.map((reason) => `  QUARANTINED: ${reason}`),
    ...resourceLines(host.resources),
    ...wrapped(`  can ${can.join(', ')}`, columns, 4),
    ...cannotLines(host.capabilities),
  ].join('\n');
}

function resourceLines(resources: Host__Output['resources']): string[] {
  const kinds = Math.max('KIND'.length, ...resources.map(({ kind }) => kind.length));
  const names = Math.max('NAME'.length, ...resources.map(({ name }) => name.length));
  const row = (kind: string, name: string, more: string): string =>
    `  ${kind.padEnd(kinds)}  ${name.padEnd(names)}  ${more}`.trimEnd();
  const indent = kinds + names + 6;
  return [
    row('KIND', 'NAME', 'FACTS'),
    ...resources.flatMap(({ kind, name, facts, partOf, protectedBecause }) => {
      const told = [
        ...Object.entries(facts).map(([key, value]) => `${key} ${value}`),
        ...partOf.map((part) => `part of ${part}`),
      ]
        .map((fact) => fact.replaceAll(' ', unbroken))
        .join(', ');
      const because =
        protectedBecause === ''
          ? []
          : wrapped(`${' '.repeat(indent)}protected: ${protectedBecause}`, columns, indent);
      const [first = '', ...rest] = wrapped(`${' '.repeat(indent)}${told}`, columns, indent).map((line) =>
        line.replaceAll(unbroken, ' '),
      );
      return [row(kind, name, first.trimStart()), ...rest, ...because];
    }),
  ];
}

/** Each reason once, however many mechanisms it stands against. */
function cannotLines(capabilities: Host__Output['capabilities']): string[] {
  const mechanisms = new Map<string, string[]>();
  for (const { mechanism, supported, reason, remedy } of capabilities) {
    if (supported) continue;
    const why = `${reason} (${remedy})`;
    mechanisms.set(why, [...(mechanisms.get(why) ?? []), mechanism]);
  }
  return [...mechanisms].flatMap(([why, names]) =>
    wrapped(`  cannot ${names.join(', ')}: ${why}`, columns, 4),
  );
}

import type { MechanismForCell__Output } from '../proto/generated/ordeal/v1/MechanismForCell.ts';
import { wrapped } from './comparing/wrapped.ts';

const columns = 100;

/** A parameter, as the JSON Schema of a mechanism's parameters has it. */
interface Parameter {
  readonly default?: unknown;
  readonly description?: string;
}

/** What one cell gets of a mechanism, and where it works. */
export function mechanismInCell(mechanism: MechanismForCell__Output): string {
  const { name, summary, targetKinds, modes, substituteBecause } = mechanism;
  const substitute = substituteBecause === '' ? '' : `\n        a substitute: ${substituteBecause}`;
  const on = `on ${targetKinds.join(', ')}; ${modes.join(', ')}`;
  return [`    ${name}: ${summary} (${on})${substitute}`, ...hostsOf(mechanism, 8)].join('\n');
}

/** All there is to know of one mechanism before it is used, of each cell that it serves. */
export function mechanismText(
  serving: readonly { readonly cell: string; readonly mechanism: MechanismForCell__Output }[],
): string {
  return serving
    .slice(0, 1)
    .flatMap(({ mechanism }) => [
      ...wrapped(`${mechanism.name}: ${mechanism.summary}`, columns, 4),
      ...serving.flatMap(serviceLines),
      `  modes: ${mechanism.modes.join(', ')}`,
      '',
      ...parameterLines(mechanism.parameters),
      '',
      ...hostsOf(mechanism, 2),
    ])
    .join('\n')
    .trimEnd();
}

/** The parameters by their names: a schema in JSON, as the API has it. */
function parametersOf(schema: string): Readonly<Record<string, Parameter>> {
  const { properties = {} } = JSON.parse(schema) as {
    readonly properties?: Readonly<Record<string, Parameter>>;
  };
  return properties;
}

function serviceLines({ cell, mechanism }: { cell: string; mechanism: MechanismForCell__Output }): string[] {
  const { targetKinds, substituteBecause } = mechanism;
  const substitute =
    substituteBecause === '' ? [] : wrapped(`    a substitute: ${substituteBecause}`, columns, 6);
  return [`  serves ${cell} on ${targetKinds.join(', ')}`, ...substitute];
}

function parameterLines(schema: string): string[] {
  const parameters = Object.entries(parametersOf(schema));
  if (parameters.length === 0) return ['  It has no parameters.'];
  return [
    '  parameters (`--with` of inject, `intensity` in a campaign file):',
    ...parameters.flatMap(([name, { default: usual, description = '' }]) => {
      const unlessTold = usual === undefined ? 'not set unless told' : `default ${shown(usual)}`;
      return [
        ...wrapped(`    ${name}  (${unlessTold})`, columns, 6),
        ...wrapped(`        ${description}`, columns, 8),
      ];
    }),
  ];
}

/** As one writes it after `--with`. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function hostsOf({ hosts }: MechanismForCell__Output, indent: number): string[] {
  return hosts.map(({ host, capability }) =>
    capability === null || capability.supported
      ? `${' '.repeat(indent)}${host}: supported`
      : `${' '.repeat(indent)}${host}: not supported: ${capability.reason}. ${capability.remedy}`,
  );
}

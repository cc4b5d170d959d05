import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { descriptors } from '../injectors/catalogue.ts';
import { mechanismText } from './mechanism-text.ts';

function textOf(name: string): string {
  const descriptor = descriptors.find((one) => one.name === name);
  assert.ok(descriptor !== undefined);
  const { summary, modes, serves } = descriptor;
  const parameters = JSON.stringify(z.toJSONSchema(descriptor.parameters, { io: 'input' }));
  const hosts = [
    { host: 'nfvi-1', capability: { mechanism: name, supported: true, reason: '', remedy: '' } },
    {
      host: 'nfvi-2',
      capability: { mechanism: name, supported: false, reason: 'no headers', remedy: 'Install them.' },
    },
  ];
  return mechanismText(
    serves.map(({ cell, targets, substituteBecause = '' }) => ({
      cell,
      mechanism: {
        ...{ name, summary, substituteBecause, parameters, hosts },
        modes: [...modes],
        targetKinds: [...targets],
      },
    })),
  );
}

test('a mechanism is told with the units, ranges and defaults of its parameters', () => {
  const text = textOf('kernel-net-delay');
  assert.match(text, /^ {4}delay {2}\(default 100ms\)\n {8}How long .*"1us" to "10s"\.$/m);
  assert.match(text, /^ {4}heldLimit {2}\(default 65536\)\n {8}How many frames .*1 to\s+1000000/m);
  assert.match(text, /^ {4}protocol {2}\(not set unless told\)$/m);
});

test('a mechanism is told with each cell that it serves, on what, and with the hosts where it works', () => {
  const text = textOf('kernel-net-delay');
  assert.match(text, /^ {2}serves physical\.network\.delay on nic$/m);
  assert.match(text, /^ {2}serves virtual\.network\.delay on container, vm$/m);
  assert.match(text, /^ {2}nfvi-1: supported\n {2}nfvi-2: not supported: no headers\. Install them\.$/m);
});

test('no parameter of any mechanism is told without what it means', () => {
  for (const { name } of descriptors) assert.doesNotMatch(textOf(name), /^ {4}\w+ {2}\(.*\)\n {8}$/m, name);
});

test('a mechanism without parameters says so', () => {
  assert.match(textOf('vm-stop'), /It has no parameters\./);
});

test('no line but those of hosts is wider than a window of 100 columns', () => {
  for (const { name } of descriptors)
    for (const line of textOf(name).split('\n')) assert.ok(line.length <= 100, `${name}: ${line}`);
});

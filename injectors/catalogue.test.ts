import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { descriptorOf, descriptors, mechanismsFor, serviceOf } from './catalogue.ts';
import { cells } from './cell.ts';

test('every mechanism has a name of its own, by which it is found', () => {
  const names = descriptors.map((descriptor) => descriptor.name);
  assert.equal(new Set(names).size, names.length);
  for (const descriptor of descriptors) {
    assert.match(descriptor.name, /^[a-z][a-z0-9-]*$/);
    assert.equal(descriptorOf(descriptor.name), descriptor);
  }
  assert.equal(descriptorOf('nft-dorp'), undefined);
});

test('a cell is offered what serves it, a declared substitute last, the placebo never', () => {
  assert.deepEqual(
    mechanismsFor('virtual.cpu.unavailability').map((descriptor) => descriptor.name),
    ['sigkill', 'cgroup-freeze', 'kernel-cpu-off', 'kernel-panic', 'vm-stop', 'vm-reset', 'vm-nmi'],
  );
  for (const cell of cells) {
    const substitutes = mechanismsFor(cell).map(
      (descriptor) => serviceOf(descriptor, cell)?.substituteBecause !== undefined,
    );
    assert.deepEqual(
      substitutes,
      substitutes.toSorted((one, other) => Number(one) - Number(other)),
    );
    assert.ok(!mechanismsFor(cell).some((descriptor) => descriptor.name === 'noop'));
  }
});

test('every one of the 24 cells is served by something that is no substitute', () => {
  assert.equal(cells.length, 24);
  for (const cell of cells) {
    const own = mechanismsFor(cell).filter(
      (descriptor) => serviceOf(descriptor, cell)?.substituteBecause === undefined,
    );
    assert.ok(own.length > 0, cell);
  }
});

/** The fault model itself has the thrashing in user space. */
const inUserSpace = ['physical.memory.delay', 'virtual.memory.delay'];

test('every other cell is served by a kernel module, so that the mechanism "kernel" may be asked for', () => {
  for (const cell of cells) {
    const isThere = mechanismsFor(cell).some((descriptor) => descriptor.byKernelModule);
    assert.equal(isThere, !inUserSpace.includes(cell), cell);
  }
});

test('every mechanism works with its defaults, refuses an unknown key, and describes each of its parameters', () => {
  for (const descriptor of descriptors) {
    const parsed = descriptor.parameters.safeParse({});
    assert.ok(parsed.success, descriptor.name);
    assert.deepEqual(
      descriptor.parameters.parse(parsed.data),
      parsed.data,
      'what was validated stays valid: the journal holds it in that form',
    );
    const misspelt = descriptor.parameters.safeParse({ driection: 'in' });
    assert.match(misspelt.error?.message ?? 'accepted', /Unrecognized key.*driection/);
    const { properties } = z
      .object({ properties: z.record(z.string(), z.object({ description: z.string() })) })
      .parse(z.toJSONSchema(descriptor.parameters));
    for (const field of Object.values(properties)) assert.ok(field.description.length > 20);
  }
});

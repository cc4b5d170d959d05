import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mechanismsFor } from '../injectors/catalogue.ts';
import { cells } from '../injectors/cell.ts';
import type { HostInventory } from './inventory.ts';
import { chooseMechanism, demandSupport, mechanismFor } from './mechanism.ts';

const allowed = { allowSubstitute: true };
const strict = { allowSubstitute: false };

test('a cell is served by its own mechanism, by a substitute only when it is named, by the placebo always', () => {
  assert.equal(mechanismFor('virtual.cpu.unavailability', undefined, 'container', strict).name, 'sigkill');
  assert.equal(
    mechanismFor('virtual.cpu.unavailability', 'cgroup-freeze', 'container', strict).name,
    'cgroup-freeze',
  );
  assert.equal(mechanismFor('physical.network.unavailability', 'nft-drop', 'nic', allowed).name, 'nft-drop');
  assert.equal(mechanismFor('physical.storage.delay', 'noop', 'disk', strict).name, 'noop');
});

test('what cannot serve is refused with what can', () => {
  const wrong = (message: RegExp) => ({ code: 'INVALID_INPUT', message });
  assert.throws(
    () => mechanismFor('physical.cpu.unavailability', 'sigkill', 'host', strict),
    wrong(/stands in.*What does that: kernel-cpu-off, kernel-panic/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', 'sigkill', 'container', strict),
    wrong(/these serve it: cpu-quota/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', undefined, 'nic', strict),
    wrong(/is a nic; cpu-quota reaches container/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', 'nothing', 'vm', strict),
    wrong(/no mechanism "nothing"; these serve virtual.cpu.delay: cpu-quota/),
  );
  assert.throws(
    () => mechanismFor('physical.network.delay', 'kernal', 'nic', strict),
    wrong(
      /"kernal" \(did you mean "kernel"\?\); these serve .*kernel-net-delay, .*; "kernel" is the kernel module's own$/,
    ),
  );
});

test('a substitute that was named and not allowed is refused, with why it is one and what would be the real thing', () => {
  const choice = chooseMechanism('physical.network.unavailability', 'nft-drop', 'nic', strict);
  assert.ok('because' in choice);
  assert.equal(choice.wrong, 'mechanism');
  assert.match(choice.because, /"nft-drop", which only stands in/);
  assert.match(choice.because, /the fault model asks for the driver's own transmit function/);
  assert.match(choice.because, /What does that: kernel-net-drop/);
  assert.match(choice.because, /give --allow-substitute$/);
});

test('"kernel" means the kernel module for the cell, whatever its mechanism is called', () => {
  assert.equal(mechanismFor('physical.network.delay', 'kernel', 'nic', strict).name, 'kernel-net-delay');
  assert.equal(
    mechanismFor('virtual.network.corruption', 'kernel', 'container', strict).name,
    'kernel-net-corrupt',
  );
  const refused = (message: RegExp) => ({ code: 'INVALID_INPUT', message });
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', 'kernel', 'container', strict),
    refused(/is a container; kernel-cpu-hog reaches vm for virtual.cpu.delay/),
  );
  assert.throws(
    () => mechanismFor('virtual.network.delay', 'kernel', 'nic', strict),
    refused(/is a nic; kernel-net-delay reaches container/),
  );
});

test('a host without the modules is told what is missing there, and which substitute would work', () => {
  const without = { supported: false, reason: 'there is no module ordeal_net', remedy: 'Build it.' };
  const host: HostInventory = {
    host: 'host-1',
    labels: {},
    resources: [],
    capabilities: [
      { mechanism: 'kernel-net-drop', ...without },
      { mechanism: 'kernel-net-delay', ...without },
      { mechanism: 'nft-drop', supported: true, reason: '', remedy: '' },
      { mechanism: 'netem-delay', ...without },
    ],
  };
  const demand = (type: 'unavailability' | 'delay', mechanism: string) => () =>
    demandSupport(
      { cell: `physical.network.${type}`, mechanism },
      [{ host: 'host-1', kind: 'nic', name: 'eth0' }],
      [host],
    );
  assert.throws(demand('unavailability', 'kernel-net-drop'), {
    code: 'UNSUPPORTED',
    message: 'host "host-1" cannot do kernel-net-drop: there is no module ordeal_net',
    remedy:
      'Build it. Or use a substitute that works there (nft-drop): name it by mechanism and allow it by --allow-substitute.',
  });
  assert.throws(demand('delay', 'kernel-net-delay'), { remedy: 'Build it.' });
  assert.doesNotThrow(demand('unavailability', 'nft-drop'));
});

describe('a virtual machine', () => {
  const met = (metFrom: 'within' | 'outside'): HostInventory => ({
    host: 'host-1',
    labels: {},
    resources: [{ kind: 'vm', name: 'guest', metFrom }],
    capabilities: [{ mechanism: 'kernel-cpu-hog', supported: true, reason: '', remedy: '' }],
  });
  const hogOn = (metFrom: 'within' | 'outside') => () =>
    demandSupport(
      { cell: 'virtual.cpu.delay', mechanism: 'kernel-cpu-hog' },
      [{ host: 'host-1', kind: 'vm', name: 'guest' }],
      [met(metFrom)],
    );

  test('has in every cell that the modules serve for a host the mechanism that acts in it', () => {
    for (const cell of cells.filter((one) => one.startsWith('virtual.'))) {
      const physical = cells.find((one) => one === cell.replace('virtual', 'physical')) ?? cell;
      const modules = mechanismsFor(physical).filter(({ byKernelModule }) => byKernelModule === true);
      const [first] = modules;
      if (first !== undefined) assert.equal(mechanismFor(cell, undefined, 'vm', strict), first, cell);
    }
  });

  test('that an agent runs in takes a mechanism that acts from within', () => {
    assert.doesNotThrow(hogOn('within'));
  });

  test('that is seen from outside is refused one that acts from within, with the words for both sides', () => {
    assert.throws(hogOn('outside'), {
      code: 'UNSUPPORTED',
      message:
        /^the vm "guest" of host "host-1": kernel-cpu-hog reaches a virtual machine from within, by an agent that runs in it; this one is met from outside, by an agent on the machine that runs it$/,
      remedy: /choose the machine as its other side sees it/,
    });
  });
});

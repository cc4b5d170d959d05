import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targetOption } from './target-option.ts';

for (const [text, cell, kind, name] of [
  ['container/web', 'virtual.cpu.delay', 'container', 'web'],
  ['container/system.slice/web', 'virtual.cpu.delay', 'container', 'system.slice/web'],
  ['host', 'physical.storage.delay', 'host', 'nfvi-1'],
  ['host/nfvi-2', 'physical.cpu.delay', 'host', 'nfvi-2'],
  ['web', 'virtual.storage.delay', 'container', 'web'],
  ['eth0', 'physical.network.delay', 'nic', 'eth0'],
  ['sd*', 'physical.storage.corruption', 'disk', 'sd*'],
  ['disk/sda', 'physical.storage.delay', 'disk', 'sda'],
] as const) {
  test(`--target ${text} is the ${kind} ${name} in ${cell}`, () => {
    assert.deepEqual(targetOption(text, cell, 'nfvi-1'), { kind, name });
  });
}

for (const [text, cell] of [
  ['web', 'physical.cpu.delay'],
  ['container/', 'virtual.cpu.delay'],
  ['container', 'virtual.cpu.delay'],
  ['', 'virtual.cpu.delay'],
  ['pod/web', 'virtual.cpu.delay'],
] as const) {
  test(`--target "${text}" is refused in ${cell}`, () => {
    assert.throws(() => targetOption(text, cell, 'nfvi-1'), /it has to be a kind \(host, nic, container/);
  });
}

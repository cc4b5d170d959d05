import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host__Output } from '../proto/generated/ordeal/v1/Host.ts';
import { hostText } from './host-text.ts';

const host: Host__Output = {
  name: 'nfvi-1',
  connected: true,
  version: '0.1.0',
  kernel: '6.1.0',
  labels: { role: 'nfvi' },
  quarantinedBecause: [],
  resources: [
    {
      kind: 'nic',
      name: 'data0',
      facts: { driver: 'virtio_net' },
      partOf: ['bridge br0'],
      protectedBecause: '',
    },
    {
      kind: 'disk',
      name: 'vda',
      facts: { serial: 'x'.repeat(60), model: 'y'.repeat(60) },
      partOf: [],
      protectedBecause: `it holds ${'a filesystem and '.repeat(8)}more`,
    },
  ],
  capabilities: [
    { mechanism: 'noop', supported: true, reason: '', remedy: '' },
    { mechanism: 'kernel-net-drop', supported: false, reason: 'no module', remedy: 'Build it.' },
    { mechanism: 'tc', supported: false, reason: 'no tc', remedy: 'Install it.' },
    { mechanism: 'kernel-net-delay', supported: false, reason: 'no module', remedy: 'Build it.' },
  ],
};

test('a reason that stands against several mechanisms is told once, with all of them', () => {
  const lines = hostText(host).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.includes('cannot')),
    ['  cannot kernel-net-drop, kernel-net-delay: no module (Build it.)', '  cannot tc: no tc (Install it.)'],
  );
});

test('a resource is told with its facts, what it is part of, and why it is protected', () => {
  const text = hostText(host);
  assert.match(text, /^ {2}nic {3}data0 {2}driver virtio_net, part of bridge br0$/m);
  assert.match(text, /^ {2}disk {2}vda {4}serial x+,\n {15}model y+\n {15}protected: it holds a filesystem/m);
});

test('no line is wider than 120 columns', () => {
  for (const line of hostText(host).split('\n')) assert.ok(line.length <= 120, line);
});

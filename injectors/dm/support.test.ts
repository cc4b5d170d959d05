import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { dmSupport } from './support.ts';

const skip = existsSync('/sys/class/misc/device-mapper') ? 'this kernel has device mapper' : false;

test('where there is no device mapper, the reason and the remedy say so', { skip }, async () => {
  const support = await dmSupport(['delay']);
  assert.ok(!support.supported);
  assert.match(support.reason + support.remedy, /dmsetup|device mapper|root/);
});

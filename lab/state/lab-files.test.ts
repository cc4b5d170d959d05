import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabFiles } from './lab-files.ts';

for (const name of ['', '..', 'a/b', '/etc', 'Default', '-x', 'x'.repeat(32)]) {
  test(`"${name}" is no name of a lab`, () => {
    assert.throws(() => LabFiles.named(name), { code: 'INVALID_INPUT' });
  });
}

test('what is kept of a lab is where ORDEAL_LAB_STATE says, in a folder of its name', (context) => {
  const before = process.env['ORDEAL_LAB_STATE'];
  context.after(() => {
    if (before === undefined) delete process.env['ORDEAL_LAB_STATE'];
    else process.env['ORDEAL_LAB_STATE'] = before;
  });
  process.env['ORDEAL_LAB_STATE'] = '/labs';
  assert.equal(LabFiles.named('one').machine('nfvi-1').directory, '/labs/one/nfvi-1');
});

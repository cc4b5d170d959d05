import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const conf = readFileSync(join(import.meta.dirname, 'dkms.conf'), 'utf8');

test("the modules are packaged under Ordeal's own version", () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.equal(/^PACKAGE_VERSION="(.*)"$/m.exec(conf)?.[1], version);
});

test('every module that is built is installed', () => {
  const built = /^obj-m := (.*)$/m.exec(readFileSync(join(root, 'injectors/kmod/Kbuild'), 'utf8'))?.[1];
  const installed = [...conf.matchAll(/^BUILT_MODULE_NAME\[\d\]="(.*)"$/gm)].map(([, name]) => `${name}.o`);
  assert.deepEqual(installed, built?.split(' '));
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { refusalOf } from './kernel-module.ts';
import { fileOf, lockdownOf, mayLoadModules, type ModuleFacts } from './module-facts.ts';
import { moduleVersion, supportBy } from './module-support.ts';

const ready: ModuleFacts = {
  module: 'ordeal_net',
  release: '6.1.0-56-amd64',
  isLoaded: false,
  loadedVersion: undefined,
  file: '/lib/modules/6.1.0-56-amd64/updates/ordeal/ordeal_net.ko',
  isSigned: false,
  hasHeaders: false,
  hasConfigfs: true,
  mayLoad: true,
  isClosed: false,
  signedOnlyBecause: undefined,
};

test('a module that is installed, and that nothing keeps out, works', () => {
  assert.deepEqual(supportBy(ready), { supported: true });
});

test('one that is loaded works, whether or not another could be', () => {
  const loaded = {
    isLoaded: true,
    loadedVersion: moduleVersion,
    file: undefined,
    mayLoad: false,
    isClosed: true,
  };
  assert.deepEqual(supportBy({ ...ready, ...loaded }), { supported: true });
});

const lacking: readonly [string, Partial<ModuleFacts>, RegExp, RegExp][] = [
  [
    'no headers',
    { file: undefined },
    /no module ordeal_net for the kernel 6.1.0-56-amd64, nor are there headers/,
    /linux-headers-6.1.0-56-amd64/,
  ],
  [
    'no build',
    { file: undefined, hasHeaders: true },
    /no module ordeal_net for the kernel 6.1.0-56-amd64$/,
    /^Build and install it/,
  ],
  ['no configfs', { hasConfigfs: false }, /has no configfs/, /CONFIG_CONFIGFS_FS/],
  ['no capability', { mayLoad: false }, /no CAP_SYS_MODULE/, /sudo modprobe ordeal_net/],
  ['a kernel that loads no more', { isClosed: true }, /modules_disabled is 1/, /modules-load\.d/],
  [
    'no signature',
    { signedOnlyBecause: 'module.sig_enforce is set' },
    /not signed.*sig_enforce is set/,
    /Sign the modules/,
  ],
  [
    'another version',
    { isLoaded: true, loadedVersion: '0' },
    /speak version 0, and this agent speaks version 1/,
    /modprobe -r/,
  ],
];

for (const [what, facts, reason, remedy] of lacking) {
  test(`${what}: the reason says exactly that, and the remedy is about it`, () => {
    const support = supportBy({ ...ready, ...facts });
    assert.ok(!support.supported);
    assert.match(support.reason, reason);
    assert.match(support.remedy, remedy);
  });
}

test('a signed module is no trouble where only such are taken', () => {
  const facts = { ...ready, signedOnlyBecause: 'module.sig_enforce is set', isSigned: true };
  assert.deepEqual(supportBy(facts), { supported: true });
});

test('what modprobe says of a key that nobody trusts leads to the signing, not to a build', () => {
  const said = `"modprobe ordeal_net" failed: modprobe: ERROR: could not insert 'ordeal_net': Key was rejected by service`;
  const { reason, remedy } = refusalOf('ordeal_net', new OrdealError('COMMAND_FAILED', said));
  assert.match(reason, /Key was rejected by service/);
  assert.match(remedy, /no key that the kernel trusts\. Sign/);
});

test('a module is found by its whole name, compressed or not', () => {
  const dep =
    'kernel/net/my_ordeal_net.ko:\nupdates/dkms/ordeal_net.ko.xz: updates/dkms/ordeal.ko.xz\nupdates/dkms/ordeal.ko.xz:\n';
  assert.equal(fileOf(dep, 'ordeal_net'), 'updates/dkms/ordeal_net.ko.xz');
  assert.equal(fileOf(dep, 'ordeal_storage'), undefined);
  assert.equal(fileOf('ordeal_net.ko:', 'ordeal_net'), 'ordeal_net.ko');
});

test('the capability to load modules is bit 16 of the effective ones', () => {
  assert.equal(mayLoadModules('CapEff:\t0000000000010000\n'), true);
  assert.equal(mayLoadModules('CapPrm:\t000001ffffffffff\nCapEff:\t000001fffffeffff\n'), false);
});

test('of the kinds of lockdown the one in brackets is in force', () => {
  assert.equal(lockdownOf('none [integrity] confidentiality\n'), 'integrity');
  assert.equal(lockdownOf(''), undefined);
});

test('the version that the agent speaks is the one of the module', async () => {
  const source = await readFile(new URL('../kmod/core/main.c', import.meta.url), 'utf8');
  assert.equal(/#define ORDEAL_VERSION "(.*)"/.exec(source)?.[1], moduleVersion);
});

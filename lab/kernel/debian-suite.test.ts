import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookworm, sourcesOf, suiteOfKernel } from './debian-suite.ts';

const addresses = (sources: string) =>
  sources
    .trim()
    .split('\n')
    .map((line) => line.split('] ')[1]);

test("a stable suite comes with its security updates from Debian's own archive", () => {
  assert.deepEqual(addresses(sourcesOf(bookworm, undefined)), [
    'http://deb.debian.org/debian bookworm main',
    'http://deb.debian.org/debian-security bookworm-security main',
  ]);
});

test('a mirror that is given is the only place that packages come from', () => {
  assert.deepEqual(addresses(sourcesOf(suiteOfKernel['6.12'], 'http://mirror.example/debian')), [
    'http://mirror.example/debian bookworm main',
    'http://mirror.example/debian bookworm-backports main',
  ]);
});

test("every line of the sources is checked by Debian's keyring", () => {
  for (const suite of Object.values(suiteOfKernel)) {
    for (const line of sourcesOf(suite).trim().split('\n')) {
      assert.match(
        line,
        /^deb \[arch=amd64 signed-by=\/usr\/share\/keyrings\/debian-archive-keyring\.gpg\] /,
      );
    }
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectPolicy } from './apt-policy.ts';

test('of the configuration of apt only the age of lists and the proxies are taken over', () => {
  const dump = [
    'APT::Get::AllowUnauthenticated "true";',
    'Acquire::http::Proxy "http://proxy.example:3142";',
    'Acquire::http::Proxy::deb.example "DIRECT";',
    'Acquire::https::Proxy "";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::AllowInsecureRepositories "1";',
    'Dir::State "var/lib/apt";',
  ].join('\n');
  assert.deepEqual(selectPolicy(dump), [
    'Acquire::http::Proxy "http://proxy.example:3142";',
    'Acquire::http::Proxy::deb.example "DIRECT";',
    'Acquire::Check-Valid-Until "false";',
  ]);
});

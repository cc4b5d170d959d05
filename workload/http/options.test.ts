import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDriver } from './driver.ts';
import { httpOptions } from './options.ts';
import { requestClasses } from './request-class.ts';

const least = { url: 'http://10.0.0.1/health?deep=1', load: { shape: 'flat', rate: '250/s' } };

/** The paths of what is wrong. */
function wrongPlaces(changes: object): string[] {
  const result = httpOptions.safeParse({ ...least, ...changes });
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

test('an address and a load are enough, and the result is accepted again unchanged', () => {
  const options = httpOptions.parse(least);
  assert.equal(options.timeout, '1s');
  assert.equal(options.expect.status, 200);
  assert.deepEqual(httpOptions.parse(options), options);
});

test('the timeout is known without starting the driver', () => {
  assert.equal(httpDriver.timeoutUs({ ...least, timeout: '250ms' }), 250_000);
  assert.throws(() => httpDriver.timeoutUs({ ...least, timeout: '250' }));
});

test('what is wrong is found at its place', () => {
  assert.deepEqual(wrongPlaces({ tiemout: '1s' }), ['']);
  assert.deepEqual(wrongPlaces({ url: 'https://10.0.0.1/' }), ['url']);
  assert.deepEqual(wrongPlaces({ load: { shape: 'flat', rate: '250' } }), ['load.rate']);
  assert.deepEqual(wrongPlaces({ load: { shape: 'flat', rate: '0/s' } }), ['load.rate']);
  assert.deepEqual(wrongPlaces({ load: { shape: 'flat', rate: '30000/s' } }), ['load.rate']);
  assert.deepEqual(wrongPlaces({ load: { shape: 'ramp', from: '0/s', to: '0/s' } }), ['load']);
  assert.deepEqual(wrongPlaces({ load: { shape: 'staircase', from: '1/s', to: '9/s', steps: 1 } }), [
    'load.steps',
  ]);
  assert.deepEqual(wrongPlaces({ timeout: '3m' }), ['timeout']);
  assert.deepEqual(wrongPlaces({ expect: { body: 'a', bodyContains: 'a' } }), ['expect']);
  assert.deepEqual(wrongPlaces({ headers: { 'x-one': 'a\r\nx-two: b' } }), ['headers.x-one']);
  assert.deepEqual(
    wrongPlaces({
      classes: [
        { name: 'a', path: '/a' },
        { name: 'a', path: 'b' },
      ],
    }),
    ['classes.1.path', 'classes'],
  );
});

test('without classes there is one, of the address', () => {
  const [only, ...others] = requestClasses(httpOptions.parse({ ...least, body: 'ö', method: 'POST' }));
  assert.deepEqual(others, []);
  assert.equal(only?.name, 'POST /health?deep=1');
  assert.deepEqual(only.send, {
    host: '10.0.0.1',
    port: 80,
    path: '/health?deep=1',
    method: 'POST',
    headers: { 'content-length': 2 },
  });
});

test('a class says only what is different from the workload', () => {
  const classes = [
    { name: 'list', path: '/list' },
    { name: 'add', path: '/add', method: 'POST', body: 'x' },
  ];
  const expect = { status: 201 };
  const [list, add] = requestClasses(
    httpOptions.parse({ ...least, url: 'http://[::1]:8080/', expect, headers: { host: 'a' }, classes }),
  );
  assert.deepEqual(list?.send, {
    host: '::1',
    port: 8080,
    path: '/list',
    method: 'GET',
    headers: { host: 'a' },
  });
  assert.deepEqual([add?.send.method, add?.body, add?.expect.status], ['POST', 'x', 201]);
});

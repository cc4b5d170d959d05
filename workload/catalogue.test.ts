import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { OrdealError } from '../errors/ordeal-error.ts';
import { driverOf, drivers } from './catalogue.ts';

test('a driver is found by its name, and its program is there', () => {
  for (const driver of drivers) {
    assert.equal(driverOf(driver.name), driver);
    assert.ok(existsSync(new URL(`./${driver.program}.ts`, import.meta.url)), driver.program);
  }
});

test('no two drivers have the same name', () => {
  assert.equal(new Set(drivers.map(({ name }) => name)).size, drivers.length);
});

test('an unknown driver is answered with those that exist', () => {
  assert.throws(
    () => driverOf('https'),
    (error) =>
      error instanceof OrdealError &&
      error.code === 'INVALID_INPUT' &&
      error.message.includes('"https"') &&
      error.message.includes('http'),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../errors/catalogue.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { errorText } from './exit.ts';

test('a wrong input is told by what is wrong alone, without that it has to be corrected', () => {
  assert.equal(errorText(new OrdealError('INVALID_INPUT', '--for is "5"')), '--for is "5"');
});

test('a wrong input is told with what to do about it where the place that found it knows that', () => {
  const error = new OrdealError('INVALID_INPUT', 'no such cell', { remedy: '`ordeal faults` lists them.' });
  assert.equal(errorText(error), 'no such cell\n  -> `ordeal faults` lists them.');
});

test('every other error is told with what the catalogue says to do', () => {
  assert.equal(errorText(new OrdealError('NEEDS_ROOT', 'no')), `no\n  -> ${catalogue.NEEDS_ROOT.remedy}`);
});

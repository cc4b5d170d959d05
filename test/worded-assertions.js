import assert from 'node:assert/strict';

/*
 * Words an assert.ok that was given no words. Node would read them from the source, at a place that is not right where a compiler has put a
 * file on one line: in a large one it then looks for minutes, and a test that fails seems to hang.
 */
assert.ok = function ok(value, message = 'does not hold: the line that the trace begins with') {
  if (value) return;
  if (message instanceof Error) throw message;
  throw new assert.AssertionError({
    message,
    actual: value,
    expected: true,
    operator: '==',
    stackStartFn: ok,
  });
};

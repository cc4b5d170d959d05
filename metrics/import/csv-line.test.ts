import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldsOf } from './csv-line.ts';

const texts = (line: string): unknown => {
  const fields = fieldsOf(line);
  return 'message' in fields ? fields : fields.map(({ text }) => text);
};

test('fields are parted by commas, and an empty one is one', () => {
  assert.deepEqual(texts('a, b ,,'), ['a', 'b', '', '']);
  assert.deepEqual(texts(''), ['']);
});

test('a field tells the column that it begins at', () => {
  assert.deepEqual(fieldsOf('ab,"c,d",e'), [
    { text: 'ab', column: 1 },
    { text: 'c,d', column: 4 },
    { text: 'e', column: 10 },
  ]);
});

test('whatever is quoted as RFC 4180 has it is read as it was', () => {
  const field = fc.string().filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), (fields) => {
      const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
      assert.deepEqual(texts(line), fields);
    }),
  );
});

test('a quote that does not end, one within a field and one that is followed by something are told with their place', () => {
  assert.deepEqual(fieldsOf('a,"b'), { column: 3, message: 'a quote that does not end on its line' });
  const columnOf = (line: string): unknown =>
    Object.entries(fieldsOf(line)).find(([key]) => key === 'column');
  assert.deepEqual(columnOf('a,b"c'), ['column', 4]);
  assert.deepEqual(columnOf('"a"b,c'), ['column', 4]);
});

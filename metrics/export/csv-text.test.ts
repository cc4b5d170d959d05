import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldsOf } from '../import/csv-line.ts';
import { csvText } from './csv-text.ts';

test('what is there is in its field, and what is not leaves it empty', () => {
  const text = csvText(
    [
      { title: 'a', cell: ({ a }: { a?: number }) => a },
      { title: 'b, c', cell: () => 'say "b"' },
    ],
    [{ a: 1.5 }, {}],
  );
  assert.equal(text, 'a,"b, c"\n1.5,"say ""b"""\n,"say ""b"""\n');
});

test('any text is read as it was written, but for the space before what a spreadsheet would compute', () => {
  const field = fc.string().filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(field, (text) => {
      const [, line = ''] = csvText([{ title: 'a', cell: () => text }], [0]).split('\n');
      const fields = fieldsOf(line);
      assert.ok(!('message' in fields));
      assert.equal(fields.length, 1);
      assert.equal(fields[0]?.text.trim(), text.trim());
    }),
  );
});

test('a log line cannot become a formula; a negative number stays one', () => {
  const textOf = (value: string | number): string => csvText([{ title: 'a', cell: () => value }], [0]);
  assert.equal(textOf('=HYPERLINK(1)'), 'a\n =HYPERLINK(1)\n');
  assert.equal(textOf(-5), 'a\n-5\n');
});

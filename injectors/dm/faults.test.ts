import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dmDelay } from './delay-descriptor.ts';
import { dmError } from './error-descriptor.ts';
import { corrupting, corruptionIsMiscounted, delaying, failing, failuresAreMiscounted } from './faults.ts';
import { dmFlakey } from './flakey-descriptor.ts';
import { formatTable, parseTable, withFault, type Fault } from './table.ts';

function madeOf(fault: Fault): string {
  return formatTable(withFault(parseTable('0 8 linear 8:0 64'), undefined, fault));
}

for (const [claim, fault, line] of [
  ['a delay of all', delaying(dmDelay.parameters.parse({})), '0 8 delay 8:0 64 100 8:0 64 100'],
  [
    'a delay of reads',
    delaying(dmDelay.parameters.parse({ delay: '2s', direction: 'read' })),
    '0 8 delay 8:0 64 2000 8:0 64 0',
  ],
  [
    'a delay of writes',
    delaying(dmDelay.parameters.parse({ direction: 'write' })),
    '0 8 delay 8:0 64 0 8:0 64 100',
  ],
  ['an error of all', failing(dmError.parameters.parse({})), '0 8 error'],
  [
    'an error of writes',
    failing(dmError.parameters.parse({ direction: 'write' })),
    '0 8 flakey 8:0 64 0 1 1 error_writes',
  ],
  [
    'a byte of reads',
    corrupting(dmFlakey.parameters.parse({})),
    '0 8 flakey 8:0 64 0 1 5 corrupt_bio_byte 33 r 255 0',
  ],
  [
    'a byte of writes',
    corrupting(dmFlakey.parameters.parse({ direction: 'write', byte: 1, value: 0 })),
    '0 8 flakey 8:0 64 0 1 5 corrupt_bio_byte 1 w 0 0',
  ],
] as const) {
  test(`${claim} is one line of a table`, () => {
    assert.equal(madeOf(fault), line);
  });
}

for (const [descriptor, wrong, message] of [
  [dmDelay, { delay: '1500us' }, /whole milliseconds/],
  [dmDelay, { delay: '11s' }, /from .*1ms.* to .*10s/],
  [dmError, { direction: 'read' }, /Invalid option/],
  [dmFlakey, { byte: 0 }, />=1/],
  [dmFlakey, { sectors: '9-8' }, /a sector \(2048\) or a range/],
  [dmFlakey, { directory: 'data' }, /absolute path/],
] as const) {
  test(`${descriptor.name} refuses ${JSON.stringify(wrong)}`, () => {
    assert.match(descriptor.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}

for (const [linux, failures, corruption] of [
  ['5.10.0-46-amd64', false, true],
  ['5.18.0', true, true],
  ['6.1.0-56-amd64', true, true],
  ['7.2.13+deb14-amd64', true, false],
] as const) {
  test(`on Linux ${linux}, what the kernel counts of reads ${failures ? 'leaves out failures' : 'has failures'} and ${corruption ? 'may have' : 'has no'} reads that were left alone`, () => {
    assert.equal(failuresAreMiscounted(dmError.parameters.parse({}), linux) !== undefined, failures);
    assert.equal(corruptionIsMiscounted(dmFlakey.parameters.parse({}), linux) !== undefined, corruption);
    const writes = { direction: 'write' } as const;
    assert.equal(failuresAreMiscounted(dmError.parameters.parse(writes), linux), undefined);
    assert.equal(corruptionIsMiscounted(dmFlakey.parameters.parse(writes), linux), undefined);
  });
}

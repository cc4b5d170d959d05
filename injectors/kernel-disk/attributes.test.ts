import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesOf, diskAttributes, sectorAttributes } from './attributes.ts';
import { kernelDiskCorrupt } from './corrupt-descriptor.ts';
import { kernelDiskDelay } from './delay-descriptor.ts';
import { kernelDiskError } from './error-descriptor.ts';
import { kernelDiskUnavailable } from './unavailable-descriptor.ts';

for (const [claim, attributes, expected] of [
  [
    'a disk that is away',
    attributesOf.unavailable(kernelDiskUnavailable.parameters.parse({})),
    { effect: 'unavailable', direction: 'both', pass_error_handling: 0 },
  ],
  [
    'a disk that is away, but for error handling',
    attributesOf.unavailable(kernelDiskUnavailable.parameters.parse({ errorHandling: 'passed' })),
    { effect: 'unavailable', direction: 'both', pass_error_handling: 1 },
  ],
  [
    'an error of reads',
    attributesOf.error(kernelDiskError.parameters.parse({ direction: 'read' })),
    { effect: 'error', direction: 'read' },
  ],
  ['writes that are refused', attributesOf.readOnly(), { effect: 'read_only', direction: 'write' }],
  [
    'a delay in microseconds',
    attributesOf.delay(kernelDiskDelay.parameters.parse({ delay: '1.5ms', jitter: '250us', heldLimit: 7 })),
    {
      effect: 'delay',
      direction: 'both',
      delay_us: 1_500,
      jitter_us: 250,
      provoke_timeout: 0,
      held_limit: 7,
    },
  ],
  [
    'bits of reads',
    attributesOf.corrupt(kernelDiskCorrupt.parameters.parse({ bits: 3 })),
    { effect: 'corrupt', direction: 'read', bits: 3 },
  ],
] as const) {
  test(`${claim} is told to the kernel in its words`, () => {
    assert.deepEqual(attributes, expected);
  });
}

test('a range of sectors is told by both of its ends, and none by nothing', () => {
  assert.deepEqual(sectorAttributes('2048-4095'), { first_sector: 2048, last_sector: 4095 });
  assert.deepEqual(sectorAttributes('7'), { first_sector: 7, last_sector: 7 });
  assert.deepEqual(sectorAttributes(undefined), {});
});

const scsi = { name: 'sda', identity: 'wwn 1', number: '8:0', scsi: '2:0:0:0' };
const nvme = { name: 'nvme0n1', identity: 'wwn 2', number: '259:0' };

test('a SCSI disk is named by its address, any other by its number, and only where reads are corrupted', () => {
  const reads = attributesOf.corrupt(kernelDiskCorrupt.parameters.parse({}));
  const both = attributesOf.corrupt(kernelDiskCorrupt.parameters.parse({ direction: 'both' }));
  assert.deepEqual(diskAttributes(scsi, both), { scsi: '2:0:0:0' });
  assert.deepEqual(diskAttributes(nvme, reads), { disk: '259:0' });
  for (const effect of [both, attributesOf.readOnly()]) {
    assert.throws(() => diskAttributes(nvme, effect), /nvme0n1 is not SCSI.*only what is read/);
  }
});

for (const [descriptor, wrong, message] of [
  [kernelDiskDelay, { delay: '0us' }, /duration from/],
  [kernelDiskDelay, { delay: '11s' }, /duration from/],
  [kernelDiskDelay, { delay: '1ms', jitter: '2ms' }, /more than the delay/],
  [kernelDiskCorrupt, { bits: 65 }, /<=64/],
  [kernelDiskError, { sectors: '2-1' }, /a sector/],
  [kernelDiskUnavailable, { errorHandling: true }, /Invalid option/],
] as const) {
  test(`${descriptor.name} refuses ${JSON.stringify(wrong)}`, () => {
    assert.match(descriptor.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PacketReader, packetOf } from './gdb-packet.ts';

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const data = fc.string({ unit: byte, maxLength: 60 });

test('a packet is what the protocol says that it is', () => {
  assert.equal(packetOf('g'), '$g#67');
  assert.equal(packetOf('OK'), '$OK#9a');
  assert.equal(packetOf('a}b'), '$a}]b#9d');
});

test('whatever is sent is received, however it is cut on the way, acknowledgements between', () => {
  fc.assert(
    fc.property(fc.array(data, { maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (sent, size) => {
      const reader = new PacketReader();
      const stream = sent.map((one) => `+${packetOf(one)}`).join('');
      const received: string[] = [];
      for (let at = 0; at < stream.length; at += size)
        received.push(...reader.take(stream.slice(at, at + size)));
      assert.deepEqual(received, sent);
    }),
  );
});

test('a byte that was changed on the way is noticed', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{2,40}$/), fc.nat(), (text, at) => {
      const packet = packetOf(text);
      const place = 1 + (at % text.length);
      const changed = packet.slice(0, place) + (packet[place] === '0' ? '1' : '0') + packet.slice(place + 1);
      assert.throws(() => new PacketReader().take(changed), /checksum is wrong/);
    }),
  );
});

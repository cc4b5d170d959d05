import { gunzipSync, gzipSync } from 'node:zlib';
import { eventSchema, type Event } from './event.ts';

/** A plan of thousands of trials is far above what NATS carries, and packs to a twentieth; everything else stays readable on the wire. */
const packAboveBytes = 64 * 1024;
/** NATS carries 1 MiB, headers included; ours are below a kibibyte. */
export const messageBytesAtMost = 1024 * 1024 - 4096;
/** What is larger when unpacked was not sent by us. */
export const unpackedBytesAtMost = 64 * 1024 * 1024;
/** Every gzip begins with it, and no JSON. */
const gzipMagic = 0x1f;

/** JSON, as gzip where it is large. */
export function encodeEvent(event: Event): Buffer {
  const json = Buffer.from(JSON.stringify(event));
  return json.length > packAboveBytes ? gzipSync(json) : json;
}

/** Throws where it is no event that this version knows. */
export function decodeEvent(data: Uint8Array): Event {
  const json =
    data[0] === gzipMagic ? gunzipSync(data, { maxOutputLength: unpackedBytesAtMost }) : Buffer.from(data);
  return eventSchema.parse(JSON.parse(json.toString()));
}

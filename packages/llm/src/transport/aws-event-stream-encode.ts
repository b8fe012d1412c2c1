import { crc32 } from './crc32.ts';
import type { SseFrame } from './sse-decode.ts';

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** The type of a header whose value is text. */
const TEXT = 7;
const utf8 = new TextEncoder();

/**
 * One message of `application/vnd.amazon.eventstream`: a frame whose name ends in `Exception` is an exception, every
 * other an event of its name, with the frame's data as payload.
 */
export function encodeAwsMessage({ event, data }: SseFrame): Uint8Array {
  const kind = event.endsWith('Exception') ? 'exception' : 'event';
  const headers = [
    header(`:${kind}-type`, event),
    header(':content-type', 'application/json'),
    header(':message-type', kind),
  ].flat();
  const payload = utf8.encode(data);
  const message = new Uint8Array(PRELUDE_BYTES + headers.length + payload.length + CHECKSUM_BYTES);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length);
  view.setUint32(4, headers.length);
  view.setUint32(8, crc32(message.subarray(0, 8)));
  message.set(headers, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + headers.length);
  const end = message.length - CHECKSUM_BYTES;
  view.setUint32(end, crc32(message.subarray(0, end)));
  return message;
}

/** The length of the name in one byte, the type, the length of the value in two. */
function header(name: string, value: string): readonly number[] {
  const [nameBytes, valueBytes] = [utf8.encode(name), utf8.encode(value)];
  return [nameBytes.length, ...nameBytes, TEXT, valueBytes.length >> 8, valueBytes.length & 0xff, ...valueBytes];
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { eventsIn, type ToldEvent } from './event-stream.ts';

const TEXT =
  ':\n\nevent: started\ndata: {"step":"outline"}\n\nevent: item\ndata: {"item":"Ü\\n"}\n\nevent: cut\ndata: {';

/** The text in pieces of so many bytes. */
const inPieces = (bytes: number): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const whole = new TextEncoder().encode(TEXT);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < whole.length; at += bytes) controller.enqueue(whole.slice(at, at + bytes));
      controller.close();
    },
  });
};

describe('an answer that comes event by event', () => {
  it('is read however it is cut, without signs of life and without what broke off', async () => {
    for (const bytes of [1, 7, 1000]) {
      const told: ToldEvent[] = [];
      for await (const event of eventsIn(inPieces(bytes))) told.push(event);
      assert.deepEqual(told, [
        { name: 'started', data: { step: 'outline' } },
        { name: 'item', data: { item: 'Ü\n' } },
      ]);
    }
  });
});

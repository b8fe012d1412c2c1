import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { StreamTail } from './stream-tail.ts';

const ENDS = { 'line feeds': '\n\n', 'carriage returns and line feeds': '\r\n\r\n' };

for (const [name, end] of Object.entries(ENDS)) {
  describe(`the tail of a stream with ${name}`, () => {
    const event = (text: string | number): string => `data: ${text}${end}`;
    /** What is kept of events that come in pieces of `pieceEvents`. */
    const kept = (events: readonly string[], pieceEvents: number): string => {
      const tail = new StreamTail();
      let offset = 0;
      for (let at = 0; at < events.length; at += pieceEvents) {
        const slice = Buffer.from(events.slice(at, at + pieceEvents).join(''));
        offset += slice.length;
        tail.push(slice, offset);
      }
      return tail.after(0).toString();
    };
    const events = Array.from({ length: 20 }, (_, number) => event(number));

    it('is its last events, whatever pieces they came in', () => {
      for (const pieceEvents of [1, 2, 3, 7, 20]) {
        const text = kept(events, pieceEvents);
        assert.ok(text.endsWith(events.slice(-6).join('')), `${pieceEvents} at once: ${text}`);
        assert.ok(text.length <= events.slice(-12).join('').length);
      }
    });

    it('is all of a short stream', () => {
      assert.equal(kept(events.slice(0, 3), 3), events.slice(0, 3).join(''));
      assert.equal(kept([event('')], 1), event(''));
    });

    it('holds a last event of any size, and little beside it', () => {
      const large = event('x'.repeat(200_000));
      for (const pieceEvents of [1, 4]) {
        const text = kept([...events, large], pieceEvents);
        assert.ok(text.endsWith(large));
        assert.ok(text.length < large.length + 1000);
      }
    });

    it('begins behind what has been read', () => {
      const tail = new StreamTail();
      const slice = Buffer.from(events.slice(0, 4).join(''));
      tail.push(slice, slice.length);
      assert.equal(tail.after(slice.length - (events[3]?.length ?? 0)).toString(), events[3]);
      assert.equal(tail.after(slice.length).length, 0);
    });
  });
}

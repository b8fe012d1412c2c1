import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeldBytes } from './held-bytes.ts';

describe('HeldBytes', () => {
  it('gives back what was put in, once', () => {
    const held = new HeldBytes();
    held.append(Uint8Array.of(1, 2));
    held.append(new Uint8Array(0));
    held.append(Uint8Array.of(3));
    assert.equal(held.sizeBytes, 3);
    assert.deepEqual([...held.take()], [1, 2, 3]);
    assert.deepEqual([...held.take()], []);
    held.append(Uint8Array.of(4));
    assert.deepEqual([...held.take()], [4]);
  });

  it('does not change when the chunk it was given changes', () => {
    const held = new HeldBytes();
    const chunk = Uint8Array.of(7);
    held.append(chunk);
    chunk[0] = 9;
    assert.deepEqual([...held.take()], [7]);
  });

  it('copies every byte a constant number of times however small the pieces are', (t) => {
    const set = t.mock.method(Uint8Array.prototype, 'set');
    const held = new HeldBytes();
    const pieces = 100_000;
    for (let at = 0; at < pieces; at += 1) held.append(Uint8Array.of(at & 0xff));
    const copiedBytes = set.mock.calls.reduce((sum, { arguments: [source] }) => sum + source.length, 0);
    set.mock.restore();
    assert.ok(copiedBytes <= 4 * pieces, `${copiedBytes} bytes copied for ${pieces}`);
    assert.equal(
      held.take().every((byte, at) => byte === (at & 0xff)),
      true,
    );
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';

import { streamDestination } from './stream-destination.ts';

describe('stream destination', () => {
  it('refuses text while the stream is full and takes it again afterwards', async () => {
    const taken: string[] = [];
    const pending: (() => void)[] = [];
    const stream = new Writable({
      highWaterMark: 4,
      write: (chunk: Buffer, _, done) => {
        taken.push(chunk.toString());
        pending.push(done);
      },
    });
    const write = streamDestination(stream);
    assert.equal(write('first'), true);
    assert.equal(write('refused'), false);
    const drained = once(stream, 'drain');
    pending.shift()?.();
    await drained;
    assert.equal(write('second'), true);
    assert.deepEqual(taken, ['first', 'second']);
  });

  it('refuses text for good when the reader went away, and does not end the process', async () => {
    const stream = new Writable({ write: (_, __, done) => done(new Error('EPIPE')) });
    const write = streamDestination(stream);
    assert.equal(write('lost'), true);
    await new Promise((resolve) => stream.once('close', resolve));
    assert.equal(write('refused'), false);
  });
});

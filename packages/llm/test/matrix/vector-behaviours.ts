import assert from 'node:assert/strict';

import { faultyExchange } from '../../src/testing.ts';
import type { BehaviourId } from './behaviours.ts';
import type { Row } from './rows.ts';
import { failureOf, played } from './stage.ts';

/** Every behaviour of a provider that makes vectors; those of conversations do not apply. */
export const VECTORS: Readonly<Partial<Record<BehaviourId, (row: Row) => Promise<void>>>> = {
  async answers(row) {
    const { embed } = played(row, ['']);
    const { embeddings, provider } = await embed({ values: ['sun in Rome', 'rain', 'rain'], dimensions: 8 });
    assert.deepEqual([embeddings.length, provider], [3, row.id]);
    assert.ok(embeddings.every((each) => each.length === 8));
    assert.deepEqual(embeddings[1], embeddings[2]);
    assert.notDeepEqual(embeddings[0], embeddings[1]);
  },

  async left(row) {
    for (const fault of [{ kind: 'silence' }, { kind: 'stall', afterBytes: 9 }] as const) {
      const { embed } = played(row, [''], (inner) => faultyExchange(inner, [fault]));
      const leaving = new AbortController();
      setImmediate(() => leaving.abort());
      assert.equal((await failureOf(embed({ values: 'x' }, { signal: leaving.signal }))).kind, 'cancelled');
    }
  },

  async empty(row) {
    const { exchange, embed } = played(row, ['']);
    assert.equal((await failureOf(embed({ values: [] }))).kind, 'invalid-request');
    assert.equal(exchange.requests.length, 0);
  },

  async surrogates(row) {
    const { exchange, embed } = played(row, ['']);
    assert.equal((await embed({ values: `before \ud83d after` })).embeddings.length, 1);
    assert.doesNotMatch(exchange.requests[0]?.body ?? '', /\\ud83d/i);
  },

  async overflow(row) {
    const message = "This model's maximum context length is 10 tokens. However, your input resulted in 11 tokens.";
    const { embed } = played(row, [{ status: 400, kind: 'context-overflow', message }]);
    assert.equal((await failureOf(embed({ values: 'x' }))).kind, 'context-overflow');
  },

  async cut(row) {
    const { embed } = played(row, [{ ending: 'cut' }]);
    assert.equal((await failureOf(embed({ values: 'x' }))).kind, 'protocol');
  },

  async broken(row) {
    const { embed } = played(row, [{ status: 503, message: 'Not now.' }]);
    assert.equal((await failureOf(embed({ values: 'x' }))).kind, 'overloaded');
  },

  async slow(row) {
    const { embed } = played(row, [''], (inner) => faultyExchange(inner, [{ kind: 'stall', afterBytes: 0 }]));
    const failure = await failureOf(embed({ values: 'x' }, { timeouts: { firstTokenMs: 5 } }));
    assert.deepEqual([failure.kind, failure.phase], ['timeout', 'first-token']);
  },
};

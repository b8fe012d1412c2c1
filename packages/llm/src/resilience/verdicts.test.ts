import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FailureKind } from '../model/failure.ts';
import { verdictOf, VERDICTS } from './verdicts.ts';

const kinds = Object.keys(VERDICTS) as readonly FailureKind[];
const kindsWhere = (test: (kind: FailureKind) => boolean): readonly FailureKind[] => kinds.filter(test).toSorted();

describe('verdicts', () => {
  it('let nobody repeat what only the caller can mend', () => {
    assert.deepEqual(
      kindsWhere((kind) => VERDICTS[kind].otherTarget === 'stop'),
      ['cancelled', 'content-policy', 'context-overflow', 'internal', 'invalid-request', 'payload-too-large'],
    );
  });

  it('repeat at the same target only what a pause can mend', () => {
    assert.deepEqual(
      kindsWhere((kind) => VERDICTS[kind].sameTarget === 'retry'),
      ['network', 'overloaded', 'upstream'],
    );
  });

  it('never repeat at the same target what no other target may try', () => {
    for (const kind of kinds)
      if (VERDICTS[kind].otherTarget === 'stop') assert.equal(VERDICTS[kind].sameTarget, 'stop', kind);
  });

  it('rest a credential only for what speaks about the account', () => {
    assert.deepEqual(
      kindsWhere((kind) => VERDICTS[kind].credential === 'cool'),
      ['rate-limit'],
    );
    assert.deepEqual(
      kindsWhere((kind) => VERDICTS[kind].credential === 'retire'),
      ['authentication', 'quota-exhausted'],
    );
  });

  it('look at the kind of a failure and at nothing else', () => {
    const failure = { kind: 'overloaded', message: '', status: 400, code: 'invalid_api_key' } as const;
    assert.equal(verdictOf(failure), VERDICTS.overloaded);
  });
});

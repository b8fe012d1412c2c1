import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Failure, FailureKind } from '../model/failure.ts';
import { runPlan, type AttemptOutcome } from './run-plan.ts';

/** What one attempt comes to: the answer, a kind of failure, the same after output left, or no credential left. */
type Step = 'answer' | FailureKind | `${FailureKind} committed` | 'none';

interface Told {
  readonly outcome: AttemptOutcome<string>;
  /** `target#number`, with `!` where the same credential is used again. */
  readonly attempts: readonly string[];
  readonly pauses: readonly string[];
}

const UNAVAILABLE: Failure = { kind: 'overloaded', message: 'all rest' };

function outcomeOf(step: Step, name: string): AttemptOutcome<string> | undefined {
  if (step === 'none') return undefined;
  if (step === 'answer') return { ok: true, value: name };
  // Cast: without the ending, the step is one of the kinds.
  const kind = step.replace(' committed', '') as FailureKind;
  return { ok: false, failure: { kind, message: name }, committed: step.endsWith('committed') };
}

/** Runs a plan over targets whose attempts come to the given steps; steps not listed find no credential. */
async function tell(
  steps: Readonly<Record<string, readonly Step[]>>,
  { attemptsMax = 9, mayPause = true }: { attemptsMax?: number; mayPause?: boolean } = {},
): Promise<Told> {
  const attempts: string[] = [];
  const pauses: string[] = [];
  const asked = new Map<string, number>();
  const outcome = await runPlan<string>({
    targets: Object.keys(steps).map((providerId) => ({ providerId, model: 'm' })),
    attemptsMax,
    attempt: async ({ target: { providerId }, number, again }) => {
      const turn = asked.get(providerId) ?? 0;
      asked.set(providerId, turn + 1);
      const name = `${providerId}#${number}${again ? '!' : ''}`;
      const made = outcomeOf(steps[providerId]?.[turn] ?? 'none', name);
      if (made !== undefined) attempts.push(name);
      return made;
    },
    pause: async (failure, number) => {
      pauses.push(`${failure.message} after ${number}`);
      return mayPause;
    },
    unavailable: () => UNAVAILABLE,
  });
  return { outcome, attempts, pauses };
}

const kindOf = ({ outcome }: Told): FailureKind | undefined => (outcome.ok ? undefined : outcome.failure.kind);

describe('runPlan', () => {
  it('stops at the first answer', async () => {
    const told = await tell({ a: ['answer', 'answer'], b: ['answer'] });
    assert.deepEqual(told, { outcome: { ok: true, value: 'a#1' }, attempts: ['a#1'], pauses: [] });
  });

  it('tries every credential of a target before the next target', async () => {
    const told = await tell({ a: ['rate-limit', 'authentication'], b: ['answer'] });
    assert.deepEqual(told.attempts, ['a#1', 'a#2', 'b#3']);
    assert.deepEqual(told.pauses, []);
    assert.equal(told.outcome.ok, true);
  });

  it('tries a target once more after a pause where the verdict allows it, then the next target', async () => {
    const told = await tell({ a: ['upstream', 'none', 'overloaded', 'answer'], b: ['network', 'none', 'answer'] });
    assert.deepEqual(told.attempts, ['a#1', 'a#2!', 'b#3', 'b#4!']);
    assert.deepEqual(told.pauses, ['a#1 after 1', 'b#3 after 3']);
    assert.deepEqual(told.outcome, { ok: true, value: 'b#4!' });
  });

  it('goes to the next target without a pause where the same one would fail again', async () => {
    for (const kind of [
      'rate-limit',
      'quota-exhausted',
      'authentication',
      'permission',
      'not-found',
      'protocol',
    ] as const)
      assert.deepEqual((await tell({ a: [kind], b: ['answer'] })).attempts, ['a#1', 'b#2'], kind);
  });

  it('goes by the last failure of a target', async () => {
    assert.deepEqual((await tell({ a: ['upstream', 'rate-limit'] })).pauses, []);
    assert.deepEqual((await tell({ a: ['rate-limit', 'upstream'] })).pauses, ['a#2 after 2']);
  });

  it('goes to the next target when a pause is not allowed', async () => {
    const told = await tell({ a: ['upstream', 'none', 'answer'], b: ['answer'] }, { mayPause: false });
    assert.deepEqual(told.attempts, ['a#1', 'b#2']);
  });

  it('stops at a failure that only the caller can mend', async () => {
    for (const kind of [
      'invalid-request',
      'payload-too-large',
      'context-overflow',
      'content-policy',
      'cancelled',
    ] as const) {
      const told = await tell({ a: [kind, 'answer'], b: ['answer'] });
      assert.deepEqual([told.attempts, kindOf(told)], [['a#1'], kind]);
    }
  });

  it('never follows an attempt whose output has left', async () => {
    for (const step of ['network committed', 'rate-limit committed', 'timeout committed'] as const) {
      const told = await tell({ a: [step, 'answer'], b: ['answer'] });
      assert.deepEqual([told.attempts, told.pauses], [['a#1'], []]);
      assert.ok(!told.outcome.ok && told.outcome.committed);
    }
    const again = await tell({ a: ['upstream', 'none', 'network committed'], b: ['answer'] });
    assert.deepEqual(again.attempts, ['a#1', 'a#2!']);
  });

  it('counts attempts over all targets, those after a pause included', async () => {
    const steps: Readonly<Record<string, readonly Step[]>> = {
      a: ['upstream', 'none', 'upstream'],
      b: ['rate-limit', 'rate-limit', 'answer'],
    };
    assert.deepEqual((await tell(steps, { attemptsMax: 4 })).attempts, ['a#1', 'a#2!', 'b#3', 'b#4']);
    assert.deepEqual((await tell(steps, { attemptsMax: 1 })).attempts, ['a#1']);
    assert.equal((await tell(steps, { attemptsMax: 5 })).outcome.ok, true);
  });

  it('says the last failure when all targets failed', async () => {
    const told = await tell({ a: ['upstream'], b: ['not-found'], c: [] });
    assert.deepEqual(told.outcome, { ok: false, failure: { kind: 'not-found', message: 'b#2' }, committed: false });
  });

  it('is unavailable when no target had a credential to try', async () => {
    for (const told of [
      await tell({ a: [], b: [] }),
      await tell({}),
      await tell({ a: ['answer'] }, { attemptsMax: 0 }),
    ])
      assert.deepEqual(told, {
        outcome: { ok: false, failure: UNAVAILABLE, committed: false },
        attempts: [],
        pauses: [],
      });
  });
});

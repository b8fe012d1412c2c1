import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { StreamEvent } from '../../model/event.ts';
import type { Message } from '../../model/message.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { BYTES_ACCURACY, bytesOf, counted, type Reads } from '../../testing/work.ts';
import { conversationOf } from './conversation.ts';
import { memoryStateStore } from './memory-state-store.ts';
import { piecesOf } from './piece.ts';
import { placeInOrder } from './place-in-order.ts';
import { placeNearCalls } from './place-near-calls.ts';
import { TurnRecorder } from './record-turn.ts';
import type { SignedTurn } from './signed-turn.ts';
import { createVault } from './vault.ts';

/** The law: ten times the input costs at most twelve times the reads, and twenty times the memory, tables doubling. */
const TIMES = 10;
const SHORT = 400;
const LONG = SHORT * TIMES;
const ISSUER = { format: 'gemini', provider: 'p', account: 'a' } as const;

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const signature = (at: number): Pick<Part & { type: 'text' }, 'extras'> => ({
  extras: { gemini: { thoughtSignature: `s${at}` } },
});
const callOf = (at: number): Part => ({ type: 'tool-call', id: `c${at}`, name: 'f', argumentsJson: `{"a":${at}}` });
const textOf = (at: number): Part => ({ type: 'text', text: `word ${at} ` });
const thoughtOf = (at: number): Part => ({ type: 'reasoning', text: `hm ${at}`, ...signature(at) });

/** Answers of about `size` parts, by what they are long in. */
const ANSWERS: Readonly<Record<string, (size: number) => readonly Part[]>> = {
  'signed calls': (size) => times(size, (at) => ({ ...callOf(at), ...signature(at) })),
  'thoughts between calls': (size) => times(size / 2, (at) => [thoughtOf(at), callOf(at)]).flat(),
  'thoughts between texts': (size) => [...times(size / 2, (at) => [thoughtOf(at), textOf(at)]).flat(), callOf(0)],
  'signed texts': (size) => [...times(size, (at) => ({ ...textOf(at), ...signature(at) })), callOf(0)],
  'thoughts before one call': (size) => [...times(size, thoughtOf), callOf(0)],
  'thoughts behind one call': (size) => [callOf(0), ...times(size, thoughtOf)],
};

function recorded(parts: readonly Part[]): SignedTurn {
  const recorder = new TurnRecorder({ issuer: ISSUER, question: '', history: '', bytesMax: Infinity });
  for (const [index, part] of parts.entries()) recorder.step({ type: 'part-start', index, part });
  recorder.step({ type: 'finish', finish: { reason: 'stop' } });
  const { turn } = recorder.turn() ?? {};
  assert.ok(turn);
  return turn;
}

/** What a client of Chat Completions keeps of them: one text, and calls behind it. */
const kept = (parts: readonly Part[]): readonly Part[] => {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const calls = parts.flatMap((part) => {
    if (part.type !== 'tool-call') return [];
    const { extras: _, ...bare } = part;
    return [bare];
  });
  return text === '' ? calls : [{ type: 'text', text }, ...calls];
};

function holds(name: string, taskOf: (size: number) => () => void): void {
  it(name, () => {
    const [short, long] = [taskOf(SHORT), taskOf(LONG)];
    long();
    const some = bytesOf(() => times(TIMES, short));
    const lots = bytesOf(long);
    assert.ok(lots <= 2 * some + BYTES_ACCURACY, `${lots} bytes for ${LONG}, ${some} for ${TIMES} times ${SHORT}`);
  });
}

function readsAreLinear(readsOf: (size: number) => number): void {
  const [few, many] = [readsOf(SHORT), readsOf(LONG)];
  assert.ok(many <= 1.2 * TIMES * few, `${many} reads for ${LONG}, ${few} for ${SHORT}`);
}

describe('listening grows no faster than an answer', () => {
  const pieces: Readonly<Record<string, (size: number) => readonly StreamEvent[]>> = {
    'of one long thought': (size) => [
      { type: 'part-start', index: 0, part: { type: 'reasoning', text: '' } },
      ...times(size, (): StreamEvent => ({ type: 'part-delta', index: 0, delta: { type: 'text', text: 'word ' } })),
      { type: 'part-delta', index: 0, delta: { type: 'signature', signature: 's' } },
    ],
    'of notes on a thought': (size) => [
      { type: 'part-start', index: 0, part: { type: 'reasoning', text: '' } },
      ...times(size, (at): StreamEvent => ({
        type: 'part-delta',
        index: 0,
        delta: { type: 'extras', ...signature(at) } as never,
      })),
    ],
    'of arguments in many pieces': (size) => [
      { type: 'part-start', index: 0, part: { ...callOf(0), argumentsJson: '{"a":[', ...signature(0) } as Part },
      ...times(size, (): StreamEvent => ({ type: 'part-delta', index: 0, delta: { type: 'arguments', json: '1,' } })),
      { type: 'part-delta', index: 0, delta: { type: 'arguments', json: '1]}' } },
    ],
    'of calls side by side': (size) => [
      ...times(size / 4, (at): StreamEvent => ({
        type: 'part-start',
        index: at,
        part: { ...callOf(at), ...signature(at) },
      })),
      ...times(size / 4, (at): StreamEvent => ({
        type: 'part-delta',
        index: at,
        delta: { type: 'arguments', json: ' ' },
      })),
    ],
  };
  for (const [name, eventsOf] of Object.entries(pieces))
    holds(name, (size) => {
      const events = eventsOf(size);
      return () => {
        const recorder = new TurnRecorder({ issuer: ISSUER, question: '', history: '', bytesMax: Infinity });
        for (const event of events) recorder.step(event);
        recorder.step({ type: 'finish', finish: { reason: 'stop' } });
        assert.ok(recorder.turn());
      };
    });

  it('lets go of an answer that is too large', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const recorder = new TurnRecorder({ issuer: ISSUER, question: '', history: '', bytesMax: 100_000 });
    const heard = times(10, (index) => {
      const part = { ...thoughtOf(index), text: `${index}`.repeat(10_000) };
      recorder.step({ type: 'part-start', index, part });
      return new WeakRef(part);
    });
    // An object that was just looked at by a weak reference lives until the next turn.
    await new Promise(setImmediate);
    collectGarbage();
    assert.equal(heard.filter((each) => each.deref() !== undefined).length, 0);
    recorder.step({ type: 'finish', finish: { reason: 'stop' } });
    assert.equal(recorder.turn(), undefined);
  });
});

describe('putting back grows no faster than an answer', () => {
  for (const [name, partsOf] of Object.entries(ANSWERS)) {
    const taskOf = (size: number): { readonly turn: SignedTurn; readonly messages: readonly Message[] } => ({
      turn: recorded(partsOf(size)),
      messages: [{ role: 'assistant', content: kept(partsOf(size)) }],
    });
    const nearly = (turn: SignedTurn, messages: readonly Message[]): number => {
      const pieces = piecesOf(messages, 0, 1);
      const slots = turn.slots.flatMap(({ kind }, at) => (kind === 'call' ? [at] : []));
      const indexes = pieces.flatMap(({ part }, at) => (part.type === 'tool-call' ? [at] : []));
      const calls = new Map(indexes.map((index, at) => [index, { turn, slot: slots[at] as number }]));
      return placeNearCalls(pieces, calls)?.length ?? 0;
    };
    holds(`of ${name}, in order`, (size) => {
      const { turn, messages } = taskOf(size);
      return () => assert.ok((placeInOrder(piecesOf(messages, 0, 1), turn)?.length ?? 0) >= size);
    });
    it(`of ${name}, in reads`, () => {
      readsAreLinear((size) => {
        const reads: Reads = { count: 0 };
        const { turn, messages } = taskOf(size);
        assert.ok(placeInOrder(piecesOf(counted(messages, reads), 0, 1), counted(turn, reads)));
        return reads.count;
      });
    });
    it(`of ${name}, near its calls`, () => {
      readsAreLinear((size) => {
        const reads: Reads = { count: 0 };
        const { turn, messages } = taskOf(size);
        nearly(counted(turn, reads), counted(messages, reads));
        return reads.count;
      });
    });
  }
});

describe('finding grows no faster than a conversation', () => {
  const conversations: Readonly<Record<string, (size: number) => readonly Message[]>> = {
    'of turns': (size) =>
      times(size / 2, (at): readonly Message[] => [
        { role: 'user', content: [textOf(at)] },
        { role: 'assistant', content: [callOf(at)] },
      ]).flat(),
    'of an answer in many messages': (size) => [
      { role: 'user', content: [textOf(0)] },
      ...times(size, (at): Message => ({ role: 'assistant', content: [callOf(at)] })),
    ],
    'of questions': (size) => [
      ...times(size, (at): Message => ({ role: 'user', content: [textOf(at)] })),
      { role: 'assistant', content: [callOf(0)] },
    ],
  };
  const requestOf = (messages: readonly Message[]): GenerationRequest => ({
    model: 'm',
    messages,
    stream: true,
    streamUsage: true,
  });
  for (const [name, messagesOf] of Object.entries(conversations)) {
    holds(name, (size) => {
      const request = requestOf(messagesOf(size));
      return () => void conversationOf(request);
    });
    it(`${name}, in reads`, async () => {
      const readsOf = async (size: number): Promise<number> => {
        const vault = createVault({ store: memoryStateStore({ clock: manualClock() }) });
        const messages = messagesOf(size);
        const content = messages.flatMap((each) => (each.role === 'assistant' ? each.content : []));
        const response = {
          id: 'r',
          model: 'm',
          createdAtMs: 0,
          content: [thoughtOf(0), ...content],
          finish: { reason: 'stop' } as const,
        };
        await vault.remember(response, { scope: 's', issuer: ISSUER, request: requestOf(messages.slice(0, 1)) });
        const reads: Reads = { count: 0 };
        await vault.restore(counted(requestOf(messages), reads), { scope: 's', target: ISSUER });
        return reads.count;
      };
      const [few, many] = [await readsOf(SHORT), await readsOf(LONG)];
      assert.ok(many <= 1.2 * TIMES * few, `${many} reads for ${LONG}, ${few} for ${SHORT}`);
    });
  }
});

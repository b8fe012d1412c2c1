import fc from 'fast-check';

import type { PartDelta, StreamEvent } from '../../src/model/event.ts';
import type { FinishReason } from '../../src/model/finish.ts';
import type { Part } from '../../src/model/part.ts';
import type { Usage } from '../../src/model/usage.ts';

/** A part, and the deltas that grow it. */
interface Growth {
  readonly part: Part;
  readonly deltas: readonly PartDelta[];
}

const text = fc.string({ maxLength: 6, unit: 'grapheme' });
const piece = text.map((each): PartDelta => ({ type: 'text', text: each }));
const citation = text.map((each) => ({ type: 'page_location', cited_text: each }));
const citations = fc
  .array(citation, { minLength: 1, maxLength: 2 })
  .map((list): PartDelta => ({ type: 'extras', extras: { 'anthropic-messages': { citations: list } } }));

const spoken = fc
  .tuple(fc.constantFrom('text', 'refusal'), text, fc.array(piece, { maxLength: 3 }))
  .map(([type, start, deltas]): Growth => ({ part: { type, text: start }, deltas }));
const cited = fc
  .array(fc.oneof(piece, citations), { maxLength: 3 })
  .map((deltas): Growth => ({ part: { type: 'text', text: '' }, deltas }));

const thought = fc
  .tuple(text, fc.array(piece, { maxLength: 2 }), fc.option(fc.string({ minLength: 1, maxLength: 6 })))
  .map(([start, deltas, signature]): Growth => ({
    part: { type: 'reasoning', text: start },
    deltas: signature === null ? deltas : [...deltas, { type: 'signature', signature }],
  }));
const redacted = text.map((data): Growth => ({ part: { type: 'reasoning', text: '', redacted: data }, deltas: [] }));
const vendor = text.map((query): Growth => {
  const value = { type: 'server_tool_use', id: 'srv', name: 'web_search', input: { query } };
  return { part: { type: 'vendor', format: 'anthropic-messages', kind: 'server_tool_use', value }, deltas: [] };
});

/** What a model may write as arguments: an object, at times cut short or with something behind it, or not JSON at all. */
const written = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }).map((it) => JSON.stringify(it)),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '{}{"a":1}', '{"a":1} ', '{"a":"}', '{', 'null', '}{', '"{}"') },
);

const call = fc
  .tuple(written, fc.array(fc.nat(12), { maxLength: 3 }), fc.boolean(), text)
  .map(([whole, cuts, startsFull, name]): Growth => {
    const places = [0, ...cuts.map((at) => Math.min(at, whole.length)).sort((a, b) => a - b), whole.length];
    const pieces = places.slice(1).map((to, index) => whole.slice(places[index], to));
    const [first = '', ...rest] = startsFull ? pieces : ['', ...pieces];
    return {
      part: { type: 'tool-call', id: '', name: `f${name}`, argumentsJson: first },
      deltas: rest.map((json) => ({ type: 'arguments', json })),
    };
  });

/** Parts that are open together, and in which order they speak: the n-th number picks among those that still may. */
interface Group {
  readonly growths: readonly Growth[];
  readonly turns: readonly number[];
}

const group: fc.Arbitrary<Group> = fc.oneof(
  fc.oneof(spoken, cited, thought, redacted, vendor).map((growth) => ({ growths: [growth], turns: [] })),
  fc.record({
    growths: fc.array(call, { minLength: 1, maxLength: 3 }),
    turns: fc.array(fc.nat(5), { maxLength: 16 }),
  }),
);

/** The events of one part, first to last. */
function eventsOf({ part, deltas }: Growth, index: number): readonly StreamEvent[] {
  const named = part.type === 'tool-call' ? { ...part, id: `call_${index}` } : part;
  return [
    { type: 'part-start', index, part: named },
    ...deltas.map((delta): StreamEvent => ({ type: 'part-delta', index, delta })),
    { type: 'part-end', index },
  ];
}

/** The events of a group, mixed as its turns say; parts start in the order of their indexes. */
function mixed({ growths, turns }: Group, firstIndex: number): readonly StreamEvent[] {
  const queues = growths.map((growth, at) => [...eventsOf(growth, firstIndex + at)]);
  const events: StreamEvent[] = [];
  let started = 0;
  const speak = (at: number): void => {
    const event = queues[at]?.shift();
    if (event === undefined) return;
    if (event.type === 'part-start') started += 1;
    events.push(event);
  };
  for (const turn of turns) speak(Math.min(turn, started));
  for (const [at, queue] of queues.entries()) while (queue.length > 0) speak(at);
  return events;
}

const count = fc.nat(1000);
/** Counts that agree with each other, of a call that read something. */
const usage: fc.Arbitrary<Usage> = fc
  .tuple(count, count, count, count, count, count)
  .map(([uncached, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens, said, reasoningTokens]) => ({
    inputTokens: uncached + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens + 1,
    outputTokens: said + reasoningTokens,
    cacheReadTokens,
    cacheWriteTokens: cacheWrite5mTokens + cacheWrite1hTokens,
    cacheWrite1hTokens,
    reasoningTokens,
    estimated: false,
  }));

const REASONS: readonly FinishReason[] = [
  'stop',
  'stop-sequence',
  'length',
  'tool-calls',
  'refusal',
  'content-filter',
  'pause',
  'other',
];

const ending: fc.Arbitrary<StreamEvent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...REASONS), fc.option(usage)).map(([reason, spent]): StreamEvent => ({
      type: 'finish',
      finish: { reason },
      ...(spent !== null && { usage: spent }),
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('network' as const, 'upstream' as const, 'overloaded' as const)
      .map((kind): StreamEvent => ({ type: 'failure', failure: { kind, message: 'The provider is gone.' } })),
  },
);

const start = fc.record({ id: text, model: text, createdAtMs: fc.nat(1000).map((seconds) => seconds * 1000) });

/** Legal streams of one answer: parts of every kind, calls side by side, pings, and a finish or a failure. */
export const arbitraryEvents: fc.Arbitrary<readonly StreamEvent[]> = fc
  .record({ start, groups: fc.array(group, { maxLength: 4 }), pings: fc.array(fc.nat(20), { maxLength: 2 }), ending })
  .map(({ start: first, groups, pings, ending: last }) => {
    const events: StreamEvent[] = [{ type: 'response-start', ...first }];
    let index = 0;
    for (const each of groups) {
      events.push(...mixed(each, index));
      index += each.growths.length;
    }
    for (const at of pings) events.splice(1 + (at % events.length), 0, { type: 'ping' });
    return [...events, last];
  });

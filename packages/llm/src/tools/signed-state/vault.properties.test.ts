import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StreamEvent } from '../../model/event.ts';
import type { WireFormatId } from '../../model/extras.ts';
import { replay } from '../../model/fold.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import type { Issuer } from './issuer.ts';
import { memoryStateStore } from './memory-state-store.ts';
import { createVault, type SignedStateVault } from './vault.ts';

const NUM_RUNS = 1500;
const FORMATS: readonly WireFormatId[] = [
  'openai-chat',
  'anthropic-messages',
  'openai-responses',
  'gemini',
  'bedrock-converse',
  'ollama-chat',
];
/** State among the extras of a part, by format. */
const STATES: Readonly<Partial<Record<WireFormatId, (value: string) => JsonObject>>> = {
  'openai-chat': (value) => ({ extra_content: { google: { thought_signature: value } } }),
  'openai-responses': (phase) => ({ item: { phase } }),
  gemini: (thoughtSignature) => ({ thoughtSignature }),
};

const issuerOf = (format: WireFormatId): Issuer => ({ format, provider: 'p', account: 'a' });

// Few letters, so that the same is often said again.
const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '\n', '😀'), maxLength: 4 });
const opaque = fc.base64String({ minLength: 4, maxLength: 12 });
const argumentsJson = fc.oneof(
  fc.constantFrom('', '{}', '{"a":1}', ' {"b": [1, 2.50, "\\u00e9"], "a": {"d":null,"c":true}}'),
  fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }).map((value) => JSON.stringify(value)),
);

/** Members of a part that are state, and others that clients drop as well. */
const withState = (part: Part, format: WireFormatId): fc.Arbitrary<Part> => {
  const stateOf = STATES[format];
  if (stateOf === undefined) return fc.constant(part);
  return fc.oneof(
    fc.constant(part),
    opaque.map((value): Part => ({ ...part, extras: { [format]: stateOf(value) } })),
  );
};

function thought(format: WireFormatId): fc.Arbitrary<Part> {
  const words = fc.string({ maxLength: 8 });
  if (format === 'openai-chat' || format === 'ollama-chat')
    return words.map((each) => ({ type: 'reasoning', text: each }));
  const signed = fc.tuple(words, opaque);
  if (format === 'gemini')
    return signed.map(([each, signature]) => ({ type: 'reasoning', text: each, signature, extras: { gemini: {} } }));
  if (format === 'openai-responses')
    return signed.map(([each, redacted]) => ({
      type: 'reasoning',
      text: each,
      redacted,
      extras: { 'openai-responses': { item: { id: `rs_${redacted}`, summary: [each] } } },
    }));
  return fc.oneof(
    signed.map(([each, signature]): Part => ({ type: 'reasoning', text: each, signature })),
    opaque.map((redacted): Part => ({ type: 'reasoning', text: '', redacted })),
  );
}

/** Parts of an answer; ids of calls are those of a provider that counts anew in every answer. */
const answer = (format: WireFormatId): fc.Arbitrary<readonly Part[]> =>
  fc
    .array(
      fc.oneof(
        thought(format),
        text.chain((each) => withState({ type: 'text', text: each }, format)),
        text.map((each): Part => ({ type: 'refusal', text: each })),
        fc
          .tuple(fc.constantFrom('f', 'g'), argumentsJson)
          .chain(([name, json]) => withState({ type: 'tool-call', id: '', name, argumentsJson: json }, format)),
        fc.constant<Part>({ type: 'vendor', format, kind: 'search', value: { query: 'q' } }),
      ),
      { maxLength: 6 },
    )
    .map((parts) =>
      parts.map((part, at) => (part.type === 'tool-call' ? { ...part, id: `${part.name}:${at}` } : part)),
    );

interface Exchange {
  readonly asked: string;
  readonly answer: readonly Part[];
}

const conversation = fc
  .constantFrom(...FORMATS)
  .chain((format) =>
    fc
      .array(fc.record({ asked: text, answer: answer(format) }), { minLength: 1, maxLength: 5 })
      .map((exchanges) => ({ format, exchanges })),
  );

/** What the client sends next: the results of calls, or a word. */
function next({ answer: parts }: Exchange, asked: string): Message {
  const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
  if (calls.length === 0) return { role: 'user', content: [{ type: 'text', text: asked }] };
  const content = calls.map((toolCallId) => ({
    type: 'tool-result' as const,
    toolCallId,
    content: [{ type: 'text' as const, text: asked }],
    isError: false,
  }));
  return { role: 'tool', content };
}

const requestOf = (messages: readonly Message[]): GenerationRequest => ({
  model: 'm',
  messages,
  stream: false,
  streamUsage: false,
});

const responseOf = (content: readonly Part[]): GenerationResponse => ({
  id: 'r',
  model: 'm',
  createdAtMs: 0,
  content,
  finish: { reason: 'stop' },
});

type Client = (parts: readonly Part[]) => readonly Part[];

/** A client that keeps parts as they are and drops all that it does not know. */
const forgetful: Client = (parts) =>
  parts.flatMap((part): readonly Part[] => {
    if (part.type === 'reasoning') return [];
    if (!('extras' in part)) return [part];
    const { extras: _, ...bare } = part;
    return [bare];
  });

/** A client of Chat Completions: one text, calls behind it, arguments written anew, white space as it likes. */
const chatty: Client = (parts) => {
  const joined = parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
  const calls = parts.flatMap((part): readonly Part[] => {
    if (part.type !== 'tool-call') return [];
    const { id, name, argumentsJson: json } = part;
    return [{ type: 'tool-call', id, name, argumentsJson: JSON.stringify(JSON.parse(json || '{}'), null, 2) }];
  });
  const words =
    joined.trim() === '' ? [] : [{ type: 'text' as const, text: `${joined.trim().replaceAll('\n', '\r\n')}\n` }];
  return [...words, ...calls];
};

const newVault = (): SignedStateVault => createVault({ store: memoryStateStore({ clock: manualClock() }) });

interface Held {
  /** As the provider said it, and as the client keeps it. */
  readonly full: readonly Message[];
  readonly kept: readonly Message[];
}

/** Holds a conversation through a client; every answer is remembered as `remember` does it. */
async function held(
  { exchanges }: { readonly exchanges: readonly Exchange[] },
  client: Client,
  remember: (response: GenerationResponse, request: GenerationRequest) => Promise<void>,
): Promise<Held> {
  const full: Message[] = [];
  const kept: Message[] = [];
  for (const [at, exchange] of exchanges.entries()) {
    const asked = next(exchanges[at - 1] ?? { asked: '', answer: [] }, exchange.asked);
    full.push(asked);
    kept.push(asked);
    await remember(responseOf(exchange.answer), requestOf([...kept]));
    full.push({ role: 'assistant', content: exchange.answer });
    kept.push({ role: 'assistant', content: client(exchange.answer) });
  }
  const last = next(exchanges.at(-1) as Exchange, 'more');
  return { full: [...full, last], kept: [...kept, last] };
}

/** Everything opaque in an answer, with how much of what is seen stands before it. */
function anchors(messages: readonly Message[], format: WireFormatId): readonly string[] {
  return messages.flatMap(({ role, content }, at) => {
    if (role !== 'assistant') return [];
    let [chars, calls] = [0, 0];
    return content.flatMap((part) => {
      if (part.type === 'text' || part.type === 'refusal') chars += part.text.replaceAll(/\s/g, '').length;
      if (part.type === 'tool-call') calls += 1;
      const extras = 'extras' in part ? part.extras?.[format] : undefined;
      const state = part.type === 'reasoning' ? part : extras;
      return part.type === 'vendor' || state === undefined ? [] : [`${at} ${chars} ${calls} ${JSON.stringify(state)}`];
    });
  });
}

/** What of a conversation a person sees. */
const seen = (messages: readonly Message[]): readonly string[] =>
  messages.map(({ content }) =>
    content
      .map((part) => (part.type === 'tool-call' ? '' : 'text' in part && part.type !== 'reasoning' ? part.text : ''))
      .join('')
      .replaceAll(/\s/g, ''),
  );

describe('a conversation held through a vault', () => {
  it('comes back equal from a client that drops all that is opaque', async () => {
    const property = fc.asyncProperty(conversation, async (each) => {
      const vault = newVault();
      const issuer = issuerOf(each.format);
      const { full, kept } = await held(each, forgetful, (response, request) =>
        vault.remember(response, { scope: 's', issuer, request }),
      );
      const { request, losses } = await vault.restore(requestOf(kept), { scope: 's', target: issuer });
      assert.deepEqual(request.messages, full);
      assert.deepEqual(losses, []);
    });
    await fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('gets every thought and signature back in its place from a client of Chat Completions', async () => {
    const property = fc.asyncProperty(conversation, async (each) => {
      const vault = newVault();
      const issuer = issuerOf(each.format);
      const { full, kept } = await held(each, chatty, (response, request) =>
        vault.remember(response, { scope: 's', issuer, request }),
      );
      const { request } = await vault.restore(requestOf(kept), { scope: 's', target: issuer });
      assert.deepEqual(anchors(request.messages, each.format), anchors(full, each.format));
      assert.deepEqual(seen(request.messages), seen(kept));
    });
    await fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('is left alone where nothing is missing, and nothing changes when it is restored twice', async () => {
    const property = fc.asyncProperty(conversation, fc.constantFrom(forgetful, chatty), async (each, client) => {
      const vault = newVault();
      const issuer = issuerOf(each.format);
      const call = { scope: 's', target: issuer };
      const { full, kept } = await held(each, client, (response, request) =>
        vault.remember(response, { scope: 's', issuer, request }),
      );
      const whole = requestOf(full);
      assert.equal((await vault.restore(whole, call)).request, whole);
      const once = (await vault.restore(requestOf(kept), call)).request;
      assert.equal((await vault.restore(once, call)).request, once);
    });
    await fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('is remembered from a stream as from a whole answer, wherever the stream is cut', async () => {
    const cuts = fc.infiniteStream(fc.nat(3));
    const property = fc.asyncProperty(conversation, cuts, async (each, stream) => {
      const vault = newVault();
      const issuer = issuerOf(each.format);
      const { full, kept } = await held(each, forgetful, (response, request) => {
        const observer = vault.observe({ scope: 's', issuer, request });
        for (const event of replay(response).flatMap((event) => chopped(event, stream))) observer.step(event);
        return observer.end();
      });
      const { request } = await vault.restore(requestOf(kept), { scope: 's', target: issuer });
      assert.deepEqual(request.messages, full);
    });
    await fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('never meets what another scope remembered', async () => {
    const scope = fc.oneof(fc.constantFrom('', '1', '1:s', 's', 's:', ':s', 's:history'), fc.string({ maxLength: 6 }));
    const property = fc.asyncProperty(conversation, scope, scope, async (each, own, other) => {
      fc.pre(own !== other);
      const vault = newVault();
      const issuer = issuerOf(each.format);
      const { kept } = await held(each, forgetful, (response, request) =>
        vault.remember(response, { scope: own, issuer, request }),
      );
      const request = requestOf(kept);
      assert.deepEqual(await vault.restore(request, { scope: other, target: issuer }), {
        request,
        restored: [],
        losses: [],
      });
      assert.equal(await vault.pinOf(request, other), undefined);
    });
    await fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('gives nothing to a target of another format, provider or family, and says so', async () => {
    const property = fc.asyncProperty(
      conversation,
      fc.constantFrom<Partial<Issuer>>({ provider: 'q' }, { family: 'other' }),
      async (each, change) => {
        const vault = newVault();
        const issuer = { ...issuerOf(each.format), family: 'own' };
        const { kept, full } = await held(each, forgetful, (response, request) =>
          vault.remember(response, { scope: 's', issuer, request }),
        );
        const request = requestOf(kept);
        const result = await vault.restore(request, { scope: 's', target: { ...issuer, ...change } });
        assert.equal(result.request, request);
        assert.equal(result.losses.length > 0, anchors(full, each.format).length > 0);
      },
    );
    await fc.assert(property, { numRuns: NUM_RUNS });
  });
});

/** An event as providers send it: empty at first, and then in pieces. */
function chopped(event: StreamEvent, cuts: Iterator<number>): readonly StreamEvent[] {
  if (event.type !== 'part-start') return [event];
  const { index, part } = event;
  const pieces = (whole: string): readonly string[] => {
    const made: string[] = [];
    for (let at = 0; at < whole.length;) {
      const size = 1 + (cuts.next().value as number);
      made.push(whole.slice(at, at + size));
      at += size;
    }
    return made;
  };
  const grow = (delta: Extract<StreamEvent, { type: 'part-delta' }>['delta']): StreamEvent => ({
    type: 'part-delta',
    index,
    delta,
  });
  const extras = 'extras' in part && part.extras !== undefined ? [grow({ type: 'extras', extras: part.extras })] : [];
  if (part.type === 'tool-call') {
    const { extras: _, ...bare } = part;
    return [
      { ...event, part: { ...bare, argumentsJson: '' } },
      ...pieces(part.argumentsJson).map((json) => grow({ type: 'arguments', json })),
      ...extras,
    ];
  }
  if (part.type !== 'text' && part.type !== 'refusal' && part.type !== 'reasoning') return [event];
  const { extras: _, ...bare } = part;
  const { signature, ...unsigned } = { signature: undefined, ...bare };
  return [
    { ...event, part: { ...unsigned, text: '' } as Part },
    ...pieces(part.text).map((each) => grow({ type: 'text', text: each })),
    ...(signature === undefined ? [] : [grow({ type: 'signature', signature })]),
    ...extras,
  ];
}

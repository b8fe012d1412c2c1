import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamEvent } from '../../model/event.ts';
import type { Result } from '../../model/failure.ts';
import { collect, replay } from '../../model/fold.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { play } from '../../testing/play.ts';
import type { Frame, StreamMachine } from '../../wire/codec.ts';
import { arrayOf, isObject, objectOf } from '../../wire/read.ts';
import { UPSTREAM_FORMATS, WIRE_FORMATS } from '../../wire/registry.ts';
import type { Issuer } from './issuer.ts';
import { memoryStateStore } from './memory-state-store.ts';
import { createVault, type AnsweredCall, type SignedStateVault } from './vault.ts';

// Providers that refuse a conversation in which any of their earlier answers lacks its state, or has it changed or in
// another place; and clients that keep words and calls and nothing else. Both speak their own wire, our codecs between.

const TURNS = 10;

const objects = (value: unknown): readonly JsonObject[] => arrayOf(value).filter(isObject);
const pick = (object: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (object[name] === undefined ? [] : [[name, object[name]]])));

function value<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : `${result.failure.path ?? ''} ${result.failure.message}`);
  return result.value;
}

// --- Providers.

interface Provider {
  readonly issuer: Issuer & { readonly format: keyof typeof WIRE_FORMATS };
  readonly dialect: object;
  /** The body of its answer, the last one without calls. */
  answer(turn: number): JsonObject;
  /** What the provider reads of its own earlier answers in a request: one list for each, with nothing but what must be right. */
  heard(body: JsonObject): readonly Json[];
  /** The same of the body of an answer. */
  said(answer: JsonObject): Json;
}

const isLast = (turn: number): boolean => turn === TURNS;
const callsOf = (turn: number): readonly string[] =>
  isLast(turn) ? [] : turn % 2 === 0 ? [`${turn}a`] : [`${turn}a`, `${turn}b`];
// White space is the client's to change.
const bare = (text: Json | undefined): Json => (typeof text === 'string' ? text.replaceAll(/\s/g, '') : null);

// Ids of calls are for the client to keep or to make anew.
const claudeBlock = (block: JsonObject): Json => {
  if (block['type'] === 'text') return { type: 'text', text: bare(block['text']) };
  return block['type'] === 'tool_use' ? pick(block, 'type', 'name', 'input') : block;
};

const anthropic: Provider = {
  issuer: { format: 'anthropic-messages', provider: 'anthropic', account: 'a' },
  dialect: {},
  answer: (turn) => ({
    id: `msg_${turn}`,
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [
      { type: 'thinking', thinking: `Thought ${turn}.`, signature: `sig-${turn}+/==` },
      { type: 'text', text: isLast(turn) ? 'Done.' : `Step ${turn}. ` },
      ...(turn % 3 === 0 ? [{ type: 'redacted_thinking', data: `enc-${turn}` }] : []),
      ...callsOf(turn).flatMap((call) => [
        { type: 'thinking', thinking: '', signature: `sig-${call}` },
        { type: 'tool_use', id: `toolu_${call}`, name: 'read', input: { path: call, from: 1 } },
      ]),
    ],
    stop_reason: isLast(turn) ? 'end_turn' : 'tool_use',
    usage: { input_tokens: 1, output_tokens: 1 },
  }),
  heard: ({ messages }) =>
    objects(messages)
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) => objects(content).map(claudeBlock)),
  said: ({ content }) => objects(content).map(claudeBlock),
};

const plain = (json: Json | undefined): string => (typeof json === 'string' ? json : '');
const meant = (json: Json | undefined): Json => JSON.parse(plain(json)) as Json;

const thoughtMessage = (message: JsonObject): Json => ({
  ...pick(message, 'reasoning_content'),
  calls: objects(message['tool_calls']).map((call) => meant(objectOf(call['function'])?.['arguments'])),
});

const deepseek: Provider = {
  issuer: { format: 'openai-chat', provider: 'deepseek', account: 'a' },
  dialect: { reasoningField: 'reasoning_content' },
  answer: (turn) => ({
    id: `chat-${turn}`,
    model: 'deepseek',
    created: 1,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: isLast(turn) ? 'Done.' : '',
          reasoning_content: `Thought ${turn}.\n\n  Indented. `,
          tool_calls: callsOf(turn).map((call, index) => ({
            // Moonshot's way: the ids of one conversation are those of any other.
            id: `read:${turn + index}`,
            type: 'function',
            function: { name: 'read', arguments: `{"path": "${call}"}` },
          })),
        },
        finish_reason: isLast(turn) ? 'stop' : 'tool_calls',
      },
    ],
  }),
  heard: ({ messages }) =>
    objects(messages)
      .filter(({ role }) => role === 'assistant')
      .map(thoughtMessage),
  said: ({ choices }) => thoughtMessage(objectOf(objects(choices)[0]?.['message']) ?? {}),
};

const signedPart = (part: JsonObject): readonly Json[] => {
  if (part['thought'] === true && part['thoughtSignature'] === undefined) return [];
  const call = objectOf(part['functionCall']);
  return [{ ...pick(part, 'thought', 'thoughtSignature'), text: bare(part['text']), call: call?.['args'] ?? null }];
};

const google: Provider = {
  issuer: { format: 'gemini', provider: 'google', account: 'a' },
  dialect: {},
  answer: (turn) => ({
    candidates: [
      {
        content: {
          role: 'model',
          parts: [
            { text: `Summary ${turn}.`, thought: true, ...(turn % 3 === 0 && { thoughtSignature: `th-${turn}` }) },
            { text: `Step ${turn}. `, ...(isLast(turn) && { thoughtSignature: `end-${turn}` }) },
            ...callsOf(turn).map((path, index) => ({
              functionCall: { name: 'read', args: { path } },
              ...(index === 0 && { thoughtSignature: `fc-${turn}` }),
            })),
          ],
        },
        finishReason: 'STOP',
        index: 0,
      },
    ],
  }),
  heard: ({ contents }) =>
    objects(contents)
      .filter(({ role }) => role === 'model')
      .map(({ parts }) => objects(parts).flatMap(signedPart)),
  said: ({ candidates }) => objects(objectOf(objects(candidates)[0]?.['content'])?.['parts']).flatMap(signedPart),
};

const item = (each: JsonObject): Json => {
  if (each['type'] === 'reasoning') return pick(each, 'type', 'id', 'encrypted_content', 'summary');
  if (each['type'] === 'function_call') return { call: meant(each['arguments']) };
  const text = objects(each['content']).map((part) => plain(part['text']));
  return {
    ...pick(each, 'phase'),
    text: bare(typeof each['content'] === 'string' ? each['content'] : text.map(plain).join('')),
  };
};

const openai: Provider = {
  issuer: { format: 'openai-responses', provider: 'openai', account: 'a' },
  dialect: {},
  answer: (turn) => ({
    id: `resp_${turn}`,
    object: 'response',
    created_at: 1,
    model: 'gpt',
    status: 'completed',
    output: [
      { type: 'reasoning', id: `rs_${turn}`, summary: [], encrypted_content: `gAAA${turn}==` },
      {
        type: 'message',
        id: `msg_${turn}`,
        role: 'assistant',
        status: 'completed',
        phase: isLast(turn) ? 'final_answer' : 'commentary',
        content: [{ type: 'output_text', text: `Step ${turn}. `, annotations: [] }],
      },
      ...callsOf(turn).flatMap((call) => [
        {
          type: 'reasoning',
          id: `rs_${call}`,
          summary: [{ type: 'summary_text', text: `Why ${call}` }],
          encrypted_content: `gAAA${call}`,
        },
        {
          type: 'function_call',
          id: `fc_${call}`,
          call_id: `call_${call}`,
          name: 'read',
          arguments: `{"path":"${call}"}`,
          status: 'completed',
        },
      ]),
    ],
  }),
  heard({ input }) {
    const turns: Json[][] = [];
    let open = false;
    for (const each of objects(input)) {
      const own = each['role'] === 'assistant' || each['type'] === 'reasoning' || each['type'] === 'function_call';
      if (own && !open) turns.push([]);
      open = own;
      if (own) turns.at(-1)?.push(item(each));
    }
    return turns;
  },
  said: ({ output }) => objects(output).map(item),
};

// --- Clients.

interface Client {
  readonly format: keyof typeof WIRE_FORMATS;
  /** Its request, with all it has kept so far. */
  request(kept: readonly JsonObject[]): JsonObject;
  user(text: string): JsonObject;
  /** What it keeps of an answer, and what it sends back for its calls. */
  keep(answer: JsonObject): readonly JsonObject[];
}

const OUTPUT = 'contents of the file';

const chatClient: Client = {
  format: 'openai-chat',
  request: (messages) => ({ model: 'm', messages }),
  user: (content) => ({ role: 'user', content }),
  keep({ choices }) {
    const message = objectOf(objects(choices)[0]?.['message']) ?? {};
    const calls = objects(message['tool_calls']).map((call) => {
      const { name, arguments: json } = objectOf(call['function']) ?? {};
      // Written anew, as a client does that keeps arguments as objects.
      const printed = JSON.stringify(JSON.parse(plain(json)), null, 1);
      return { ...pick(call, 'id', 'type'), function: { name, arguments: printed } };
    });
    const content = typeof message['content'] === 'string' ? message['content'].trim() : null;
    const results = calls.map((call) => ({ role: 'tool', tool_call_id: pick(call, 'id')['id'], content: OUTPUT }));
    return [{ role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) }, ...results];
  },
};

const messagesClient: Client = {
  format: 'anthropic-messages',
  request: (messages) => ({ model: 'm', max_tokens: 100, messages }),
  user: (content) => ({ role: 'user', content }),
  keep({ content }) {
    const kept = objects(content).flatMap((block) => {
      if (block['type'] === 'text') return [pick(block, 'type', 'text')];
      return block['type'] === 'tool_use' ? [pick(block, 'type', 'id', 'name', 'input')] : [];
    });
    const calls = kept.filter(({ type }) => type === 'tool_use');
    const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: OUTPUT }));
    const assistant = { role: 'assistant', content: kept };
    return results.length > 0 ? [assistant, { role: 'user', content: results }] : [assistant];
  },
};

const geminiClient: Client = {
  format: 'gemini',
  request: (contents) => ({ contents }),
  user: (text) => ({ role: 'user', parts: [{ text }] }),
  keep({ candidates }) {
    const parts = objects(objectOf(objects(candidates)[0]?.['content'])?.['parts']).filter(({ thought }) => !thought);
    // This client knows no ids either: calls and results belong together by name and order.
    const kept = parts.flatMap((part) => {
      const call = objectOf(part['functionCall']);
      if (call !== undefined) return [{ functionCall: pick(call, 'name', 'args') }];
      return part['text'] ? [pick(part, 'text')] : [];
    });
    const calls = kept.flatMap((part) => ('functionCall' in part ? [part.functionCall as JsonObject] : []));
    const results = calls.map(({ name }) => ({ functionResponse: { name, response: { output: OUTPUT } } }));
    const model = { role: 'model', parts: kept };
    return results.length > 0 ? [model, { role: 'user', parts: results }] : [model];
  },
};

const responsesClient: Client = {
  format: 'openai-responses',
  request: (input) => ({ model: 'm', input, store: false }),
  user: (content) => ({ role: 'user', content }),
  keep({ output }) {
    const kept = objects(output).flatMap((each): readonly JsonObject[] => {
      if (each['type'] === 'function_call') return [pick(each, 'type', 'call_id', 'name', 'arguments')];
      if (each['type'] !== 'message') return [];
      const text = objects(each['content'])
        .map((part) => plain(part['text']))
        .join('');
      return [{ role: 'assistant', content: [{ type: 'output_text', text }] }];
    });
    const calls = kept.filter(({ type }) => type === 'function_call');
    return [...kept, ...calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: OUTPUT }))];
  },
};

// --- The loop.

interface Loop {
  readonly client: Client;
  readonly provider: Provider;
  readonly vault: SignedStateVault | undefined;
  readonly way: 'whole' | 'streamed';
}

/** Holds the whole loop and one more question; the number of the turn that the provider refused, or `undefined`. */
async function refusedTurn({ client, provider, vault, way }: Loop): Promise<number | undefined> {
  const upstream = UPSTREAM_FORMATS[provider.issuer.format];
  const own = WIRE_FORMATS[client.format];
  const said: Json[] = [];
  let kept: readonly JsonObject[] = [client.user('Go on until it is done.')];
  for (let turn = 1; turn <= TURNS + 1; turn += 1) {
    const body = client.request(kept);
    const request = value(own.decodeRequest(body, { model: 'm', stream: way === 'streamed' }));
    const bound = await vault?.restore(request, { scope: 's', target: provider.issuer });
    const encoded = value(upstream.encodeRequest(bound?.request ?? request, provider.dialect)).body;
    // As it comes out of the socket: without members that are not there.
    const heard = provider.heard(JSON.parse(JSON.stringify(encoded)) as JsonObject);
    if (!same(heard, said)) return turn;
    const answer = provider.answer(Math.min(turn, TURNS));
    said.push(provider.said(answer));
    const whole = value(upstream.decodeResponse(answer, provider.dialect));
    const call = { scope: 's', issuer: provider.issuer, request };
    const events = way === 'streamed' ? streamed(provider, request, whole) : undefined;
    if (events === undefined) await vault?.remember(whole, call);
    else await watch(vault, call, events);
    const response = events === undefined ? whole : value(collect(events));
    kept = [...kept, ...client.keep(own.encodeResponse(response).body)];
    if (turn >= TURNS) kept = [...kept, client.user('And then?')];
  }
  return undefined;
}

function same(heard: readonly Json[], said: readonly Json[]): boolean {
  try {
    assert.deepEqual(heard, said);
    return true;
  } catch {
    return false;
  }
}

/** The events of an answer that came in frames of the provider's own format. */
function streamed(
  { issuer, dialect }: Provider,
  request: GenerationRequest,
  answer: GenerationResponse,
): readonly StreamEvent[] {
  // Which format it is makes no difference to those who play its machines.
  const written: StreamMachine<StreamEvent, Frame, unknown> = WIRE_FORMATS[issuer.format].encodeStream(
    request,
  ) as never;
  const read: StreamMachine<Frame, StreamEvent, unknown> = UPSTREAM_FORMATS[issuer.format].decodeStream(
    dialect,
  ) as never;
  return play(read, play(written, replay(answer)));
}

async function watch(
  vault: SignedStateVault | undefined,
  call: AnsweredCall,
  events: readonly StreamEvent[],
): Promise<void> {
  const observer = vault?.observe(call);
  for (const event of events) observer?.step(event);
  await observer?.end();
}

const PROVIDERS: readonly Provider[] = [anthropic, deepseek, google, openai];
const CLIENTS: readonly Client[] = [chatClient, messagesClient, geminiClient, responsesClient];

for (const provider of PROVIDERS)
  describe(`a loop of ten turns with ${provider.issuer.provider}, which refuses turns without their state`, () => {
    for (const client of CLIENTS) {
      const loop = { client, provider };
      for (const way of ['whole', 'streamed'] as const)
        it(`runs to its end for a forgetful client of ${client.format}, answers ${way}`, async () => {
          const vault = createVault({ store: memoryStateStore({ clock: manualClock() }) });
          assert.equal(await refusedTurn({ ...loop, vault, way }), undefined);
          // The same once more, among what the first has left.
          assert.equal(await refusedTurn({ ...loop, vault, way }), undefined);
        });

      it(`ends at the second turn without a vault for a forgetful client of ${client.format}`, async () => {
        assert.equal(await refusedTurn({ ...loop, vault: undefined, way: 'whole' }), 2);
      });
    }
  });

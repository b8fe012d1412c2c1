import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import type { Message } from '@patchbay/llm/model/message';
import type { Part } from '@patchbay/llm/model/part';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';
import { arrayOf, isObject, objectOf, parseJson } from '@patchbay/llm/wire/read';
import { WIRE_FORMATS, type ServedFormatId } from '@patchbay/llm/wire/registry';

import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from './support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from './support/test-gateway.ts';

// Ten turns of a tool loop: providers that refuse every earlier call of theirs without its very signature, and clients
// that keep words and calls and delete all else. Each account signs for itself; one provider reads only its own.

const TURNS = 10;

const objects = (value: unknown): readonly JsonObject[] => arrayOf(value).filter(isObject);
const keyOf = ({ headers }: SeenRequest): string => {
  const bearer = headers.authorization?.replace('Bearer ', '');
  return bearer ?? String(headers['x-api-key'] ?? headers['x-goog-api-key']);
};

/** One provider's wire: what it signed of each earlier call, and an answer with a call that is signed. */
interface Vendor {
  /** Signatures of the earlier answers in a request, one for each; `undefined` where one is missing. */
  readonly heard: (body: JsonObject) => readonly unknown[];
  readonly answer: (turn: number, signature: string) => JsonObject;
  readonly binds: boolean;
  readonly model: string;
}

const isLast = (turn: number): boolean => turn === TURNS;

const VENDORS: Readonly<Record<string, Vendor>> = {
  anthropic: {
    binds: false,
    model: 'claude-opus-5',
    heard: ({ messages }) =>
      objects(messages)
        .filter(({ role }) => role === 'assistant')
        .map(({ content }) => objects(content).find(({ type }) => type === 'thinking')?.['signature']),
    answer: (turn, signature) => ({
      id: `msg_${turn}`,
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [
        { type: 'thinking', thinking: `Thought ${turn}.`, signature },
        isLast(turn)
          ? { type: 'text', text: 'Done.' }
          : { type: 'tool_use', id: `toolu_${turn}`, name: 'read', input: { turn } },
      ],
      stop_reason: isLast(turn) ? 'end_turn' : 'tool_use',
      usage: { input_tokens: 1, output_tokens: 1 },
    }),
  },
  gemini: {
    binds: false,
    model: 'gemini-3-pro',
    heard: ({ contents }) =>
      objects(contents)
        .filter(({ role }) => role === 'model')
        .map(({ parts }) => objects(parts).find((part) => isObject(part['functionCall']))?.['thoughtSignature']),
    answer: (turn, thoughtSignature) => ({
      candidates: [
        {
          content: {
            role: 'model',
            parts: [
              isLast(turn) ? { text: 'Done.' } : { functionCall: { name: 'read', args: { turn } }, thoughtSignature },
            ],
          },
          finishReason: 'STOP',
        },
      ],
    }),
  },
  'openai-two': {
    binds: true,
    model: 'gpt-5',
    heard: ({ input }) =>
      objects(input)
        .filter(({ type }) => type === 'function_call')
        .map((call) => objects(input)[objects(input).indexOf(call) - 1]?.['encrypted_content']),
    answer: (turn, signature) => ({
      id: `resp_${turn}`,
      object: 'response',
      created_at: 1,
      model: 'm',
      status: 'completed',
      output: [
        { type: 'reasoning', id: `rs_${turn}`, summary: [], encrypted_content: signature },
        isLast(turn)
          ? {
              type: 'message',
              id: `msg_${turn}`,
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: 'Done.', annotations: [] }],
            }
          : {
              type: 'function_call',
              id: `fc_${turn}`,
              call_id: `call_${turn}`,
              name: 'read',
              arguments: JSON.stringify({ turn }),
              status: 'completed',
            },
      ],
    }),
  },
};

/** The account that is out of order; every request of its key is refused for the time being. */
let broken: string | undefined;
let refusals = 0;

/** Signs as an account; refuses what no account, or where it binds another account, has signed. */
function serve(vendor: Vendor): ScriptedUpstream['answer'] {
  return (request: SeenRequest, response: ServerResponse) => {
    const key = keyOf(request);
    if (key === broken) return sendJson(response, 429, { error: { message: 'slow down', type: 'rate_limit_error' } });
    const body = objectOf(parseJson(request.body.toString())) ?? {};
    const heard = vendor.heard(body);
    const isWrong = heard.some((each, at) => {
      const [issuer, turn] = String(each).split(':');
      // Thoughts that were taken away are missed only by providers that insist on them.
      if (each === undefined) return !vendor.binds;
      return turn !== String(at + 1) || (vendor.binds && issuer !== key);
    });
    if (isWrong) {
      refusals += 1;
      return sendJson(response, 400, { error: { message: `wrong signature: ${heard.join(' ')}`, type: 'x' } });
    }
    return sendJson(response, 200, vendor.answer(heard.length + 1, `${key}:${heard.length + 1}`));
  };
}

const PATHS: Readonly<Record<ServedFormatId, (model: string) => string>> = {
  'openai-chat': () => '/v1/chat/completions',
  'openai-responses': () => '/v1/responses',
  'anthropic-messages': () => '/v1/messages',
  gemini: (model) => `/v1beta/models/${model}:generateContent`,
};

/** Words and calls, and nothing else of a part. */
const kept = (part: Part): readonly Part[] => {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  if (part.type !== 'tool-call') return [];
  return [{ type: 'tool-call', id: part.id, name: part.name, argumentsJson: part.argumentsJson }];
};

const RECORDS: readonly ProviderRecord[] = [
  PROVIDERS.anthropic,
  PROVIDERS.gemini,
  {
    ...PROVIDERS.openai,
    id: 'openai-two',
    envPrefix: 'OPENAI_TWO',
    modelPrefixes: [],
    speaks: [{ format: 'openai-responses', path: '/responses' }],
  },
];

const upstreams = new Map<string, ScriptedUpstream>();
let gateway: TestGateway;

before(async () => {
  for (const [id, vendor] of Object.entries(VENDORS)) upstreams.set(id, await startUpstream(serve(vendor)));
  const two = (id: string) => provider(id, upstreams.get(id)?.url ?? '', 'key-1', 'key-2');
  gateway = await startGateway(Object.keys(VENDORS).map(two), {}, { records: RECORDS });
});
beforeEach(() => {
  broken = undefined;
  refusals = 0;
});
after(async () => {
  await gateway.close();
  for (const upstream of upstreams.values()) await upstream.close();
});

/** What a client does: it hears which turn comes next, and keeps something of each part; by default it forgets. */
interface Habits {
  readonly onTurn?: (turn: number) => void;
  readonly keep?: (part: Part) => readonly Part[];
}

/** A loop of one client. Returns what was lost on the way. */
async function loop(
  client: ServedFormatId,
  id: string,
  { onTurn = () => {}, keep = kept }: Habits = {},
): Promise<string> {
  const codec = WIRE_FORMATS[client];
  const model = `${id}/${VENDORS[id]?.model}`;
  const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text: `go, ${client} of ${id}` }] }];
  let lost = '';
  for (let turn = 1; turn <= TURNS; turn += 1) {
    onTurn(turn);
    const tools = [{ type: 'function', name: 'read', inputSchema: { type: 'object' } } as const];
    const wire = codec.encodeRequest(
      { model, messages, tools, maxOutputTokens: 9000, stream: false, streamUsage: false },
      {},
    );
    assert.ok(wire.ok);
    const response = await post(gateway, PATHS[client](model), wire.value.body);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    lost += response.headers.get('x-patchbay-losses') ?? '';
    const answer = codec.decodeResponse(JSON.parse(text) as Json, {});
    assert.ok(answer.ok);
    const content = answer.value.content.flatMap(keep);
    messages.push({ role: 'assistant', content });
    for (const part of content)
      if (part.type === 'tool-call')
        messages.push({
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: part.id, content: [{ type: 'text', text: 'ok' }], isError: false },
          ],
        });
  }
  assert.deepEqual(messages.at(-1)?.content.flatMap(kept), [{ type: 'text', text: 'Done.' }]);
  return lost;
}

const OWN: Readonly<Record<string, ServedFormatId>> = {
  anthropic: 'anthropic-messages',
  gemini: 'gemini',
  'openai-two': 'openai-responses',
};
const CLIENTS = Object.keys(WIRE_FORMATS) as ServedFormatId[];

const accountsOf = (id: string, from: number): ReadonlySet<string> =>
  new Set((upstreams.get(id)?.seen ?? []).slice(from).map(keyOf));

for (const id of Object.keys(VENDORS))
  describe(`ten turns with ${id}, which verifies what it signed`, () => {
    for (const client of CLIENTS.filter((each) => each !== OWN[id])) {
      it(`are completed by a client of ${client} that deletes every unknown field, at one account`, async () => {
        const from = upstreams.get(id)?.seen.length ?? 0;
        await loop(client, id);
        assert.equal(refusals, 0);
        assert.equal(accountsOf(id, from).size, 1);
      });

      it(`go on at another account when the first breaks down, for ${client}`, async () => {
        const from = upstreams.get(id)?.seen.length ?? 0;
        const lost = await loop(client, id, {
          onTurn: (turn) => {
            if (turn === 5) [broken] = accountsOf(id, from);
          },
        });
        assert.equal(refusals, 0);
        // What only the first account can read is taken away, and said to be.
        assert.equal(/messages(?:\[|%5B)\d+(?:\]|%5D);dropped/.test(lost), VENDORS[id]?.binds);
        assert.equal(accountsOf(id, from).size, 2);
      });
    }
  });

describe('a client of Anthropic’s dialect that sends back every thought', () => {
  it('goes on at another account of OpenAI, which cannot read them', async () => {
    const from = upstreams.get('openai-two')?.seen.length ?? 0;
    const lost = await loop('anthropic-messages', 'openai-two', {
      keep: (part) => [part],
      onTurn: (turn) => {
        if (turn === 6) [broken] = accountsOf('openai-two', from);
      },
    });
    assert.equal(refusals, 0);
    assert.match(lost, /dropped/);
  });
});

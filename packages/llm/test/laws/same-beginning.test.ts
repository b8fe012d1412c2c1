import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fitRequest } from '../../src/client/fit/fit-request.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Message } from '../../src/model/message.ts';
import type { Part } from '../../src/model/part.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { Speaks } from '../../src/providers/define-provider.ts';
import type { UpstreamCodec } from '../../src/wire/codec.ts';
import { UPSTREAM_FORMATS, WIRE_FORMATS } from '../../src/wire/registry.ts';

// A prompt cache holds the beginning of a request. A session of an agent, sent again and again with one turn more, must
// begin each time with the very bytes of the time before, whatever had to be moved, mended or made up on the way.

const TURNS = 40;

const text = (words: string): Part => ({ type: 'text', text: words });
const image: Part = { type: 'media', mediaType: 'image/png', source: { kind: 'base64', data: 'iVBORw0KGgo=' } };

/** What is said in one turn, with all that targets take amiss: every turn is another one. */
function turn(number: number): readonly Message[] {
  const call = (id: string): Part => ({ type: 'tool-call', id, name: 'read', argumentsJson: `{"path":"${number}"}` });
  const [first, second] = [`call_${number}_a`, `call_${number}_b`];
  const asks: Message = { role: 'user', content: [text(`Step ${number}?`), ...(number % 7 === 0 ? [image] : [])] };
  const reminds: Message = { role: 'system', audience: 'system', content: [text(`Mind rule ${number}.`)] };
  const isLoop = number % 5 !== 0;
  return [
    asks,
    ...(number % 6 === 0 ? [{ role: 'user', content: [text(number % 12 === 0 ? '' : 'And more.')] } as const] : []),
    ...(number % 4 === 0 ? [reminds] : []),
    {
      role: 'assistant',
      content: isLoop ? [text(number % 3 === 0 ? '' : 'I look.'), call(first), call(second)] : [text('Done.')],
    },
    ...(isLoop
      ? [
          {
            role: 'tool',
            content: [
              // Some clients lose results, give them twice or in another order.
              ...(number % 8 === 3 ? [] : [result(second, [text('b'), ...(number % 3 === 1 ? [image] : [])])]),
              result(first, [text(`a of ${number}`)], number % 9 === 2),
              ...(number % 11 === 4 ? [result(`gone_${number}`, [text('orphan')])] : []),
            ],
          } as const,
        ]
      : []),
  ];
}

const result = (toolCallId: string, content: readonly Part[], isError = false) =>
  ({ type: 'tool-result', toolCallId, content, isError }) as const;

const session = (turns: number): GenerationRequest => ({
  model: 'm',
  messages: [
    { role: 'system', audience: 'system', content: [text('You are careful.')] },
    ...Array.from({ length: turns }, (_, at) => turn(at + 1)).flat(),
  ],
  tools: [
    {
      type: 'function',
      name: 'read',
      inputSchema: {
        type: 'object',
        properties: { path: { $ref: '#/$defs/path' } },
        $defs: { path: { type: 'string' } },
      },
    },
  ],
  reasoning: { effort: 'high' },
  stream: true,
  streamUsage: true,
});

const TARGETS: readonly (readonly [model: string, speaks: Speaks])[] = [
  ['gpt-4o', { format: 'openai-chat', path: '' }],
  ['deepseek-v4', { format: 'openai-chat', path: '', dialect: { reasoningField: 'reasoning_content' } }],
  ['gpt-5', { format: 'openai-responses', path: '' }],
  ['claude-opus-5', { format: 'anthropic-messages', path: '' }],
  ['claude-sonnet-4-20250514', { format: 'anthropic-messages', path: '' }],
  ['gemini-3-pro', { format: 'gemini', path: '', dialect: { unsignedCall: 'skip' } }],
  ['gemini-2.5-flash', { format: 'gemini', path: '', dialect: { budgetModels: ['gemini-2.'] } }],
  ['anthropic.claude-sonnet-4-5', { format: 'bedrock-converse', path: '' }],
  ['qwen3', { format: 'ollama-chat', path: '' }],
];

const CONVERSATION = ['messages', 'contents', 'input'] as const;

interface Sent {
  /** Without the brackets at its end, for what comes next may be said in the same message. */
  readonly conversation: string;
  readonly rest: string;
}

/** The session after so many turns, as a client of one format sends it and as it leaves for the target. */
function sentOf(turns: number, client: keyof typeof WIRE_FORMATS, [model, speaks]: (typeof TARGETS)[number]): Sent {
  const codec = WIRE_FORMATS[client];
  const { messages, ...settings } = session(turns);
  // These clients have instructions at the start and nowhere else.
  const isLeading = client === 'anthropic-messages' || client === 'gemini';
  const sayable = messages.filter(({ role }, at) => !isLeading || at === 0 || role !== 'system');
  const wire = codec.encodeRequest({ ...settings, messages: sayable }, {});
  assert.ok(wire.ok);
  const addressed = client === 'gemini' ? { model, stream: true } : undefined;
  const asked = codec.decodeRequest(JSON.parse(JSON.stringify(wire.value.body)) as Json, addressed);
  assert.ok(asked.ok, asked.ok ? '' : asked.failure.message);
  const upstream: UpstreamCodec<object> = UPSTREAM_FORMATS[speaks.format];
  const { request } = fitRequest({ ...asked.value, model }, { speaks, model });
  const encoded = upstream.encodeRequest(request, speaks.dialect ?? {});
  assert.ok(encoded.ok);
  const body: JsonObject = encoded.value.body;
  const name = CONVERSATION.find((each) => body[each] !== undefined) ?? 'messages';
  const { [name]: said, ...rest } = body;
  return { conversation: JSON.stringify(said).replace(/[\]}]+$/, ''), rest: JSON.stringify(rest) };
}

for (const client of Object.keys(WIRE_FORMATS) as (keyof typeof WIRE_FORMATS)[])
  describe(`a session of ${client} sent turn by turn`, () => {
    for (const target of TARGETS)
      it(`begins as it began before, for ${target[0]} in ${target[1].format}`, () => {
        let before = sentOf(1, client, target);
        for (let turns = 2; turns <= TURNS; turns += 1) {
          const now = sentOf(turns, client, target);
          assert.equal(now.rest, before.rest, `after ${turns} turns`);
          assert.ok(now.conversation.length > before.conversation.length);
          assert.equal(now.conversation.slice(0, before.conversation.length), before.conversation);
          before = now;
        }
      });
  });

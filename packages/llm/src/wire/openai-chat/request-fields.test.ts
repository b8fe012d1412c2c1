import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionContentPart,
  ChatCompletionContentPartRefusal,
  ChatCompletionCreateParamsBase,
  ChatCompletionMessageParam,
  ChatCompletionMessageToolCall,
  ChatCompletionTool,
  ChatCompletionToolChoiceOption,
} from 'openai/resources/chat/completions/completions';

import type { Json, JsonObject } from '../../model/json.ts';
import { unheard, type Crossing } from '../../testing/unheard.ts';
import type { ByType, Whole } from '../../testing/whole.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { openAiChat } from './index.ts';

// Everything that the official types can say, member by member: the compiler finds what a newer client adds.

type Params = ChatCompletionCreateParamsBase;
const BREAKPOINT = { mode: 'explicit', ttl: '30m' } as const;

const PARTS = {
  text: { type: 'text', text: 'a', prompt_cache_breakpoint: BREAKPOINT },
  image_url: {
    type: 'image_url',
    image_url: { url: 'https://a.example/b.png', detail: 'low' },
    prompt_cache_breakpoint: BREAKPOINT,
  },
  input_audio: {
    type: 'input_audio',
    input_audio: { data: 'aGk=', format: 'wav' },
    prompt_cache_breakpoint: BREAKPOINT,
  },
  file: {
    type: 'file',
    file: { file_data: 'data:application/pdf;base64,aGk=', file_id: 'file-a', filename: 'a.pdf' },
    prompt_cache_breakpoint: BREAKPOINT,
  },
  refusal: { type: 'refusal', refusal: 'No.' },
} as const satisfies ByType<ChatCompletionContentPart | ChatCompletionContentPartRefusal>;

const CALLS = {
  function: { type: 'function', id: 'call_a', function: { name: 'look_up', arguments: '{"city":"Oslo"}' } },
  custom: { type: 'custom', id: 'call_b', custom: { name: 'paint', input: 'red' } },
} as const satisfies ByType<ChatCompletionMessageToolCall>;

const MESSAGES = {
  developer: { role: 'developer', content: 'a', name: 'boss' },
  system: { role: 'system', content: [PARTS.text], name: 'chief' },
  user: {
    role: 'user',
    content: [
      PARTS.text,
      PARTS.image_url,
      { ...PARTS.image_url, image_url: { url: 'data:image/png;base64,aGk=', detail: 'high' } },
      PARTS.input_audio,
      PARTS.file,
    ],
    name: 'ann',
  },
  assistant: {
    role: 'assistant',
    audio: { id: 'audio_a' },
    content: [PARTS.text, PARTS.refusal],
    function_call: { name: 'send', arguments: '{}' },
    name: 'bot',
    refusal: 'Never.',
    tool_calls: [CALLS.function, CALLS.custom],
  } satisfies Whole<ChatCompletionAssistantMessageParam>,
  tool: { role: 'tool', content: [PARTS.text], tool_call_id: 'call_a' },
  function: { role: 'function', content: 'b', name: 'send' },
} as const satisfies {
  readonly [Role in ChatCompletionMessageParam['role']]: Whole<Extract<ChatCompletionMessageParam, { role: Role }>>;
};

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };

const TOOLS = {
  function: {
    type: 'function',
    function: { name: 'look_up', description: 'Looks it up.', parameters: SCHEMA, strict: true },
  },
  custom: {
    type: 'custom',
    custom: {
      name: 'paint',
      description: 'Paints.',
      format: { type: 'grammar', grammar: { definition: 'a', syntax: 'lark' } },
    },
  },
} as const satisfies ByType<ChatCompletionTool>;

const CHOICES = {
  function: { type: 'function', function: { name: 'look_up' } },
  custom: { type: 'custom', custom: { name: 'paint' } },
  allowed_tools: {
    type: 'allowed_tools',
    allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'look_up' } }] },
  },
} as const satisfies ByType<Exclude<ChatCompletionToolChoiceOption, string>>;

const FORMATS = {
  text: { type: 'text' },
  json_object: { type: 'json_object' },
  json_schema: {
    type: 'json_schema',
    json_schema: { name: 'place', description: 'Where it is.', schema: SCHEMA, strict: true },
  },
} as const satisfies ByType<NonNullable<Params['response_format']>>;

/** Values that each member of a request may have; the first is the least like what happens without it. */
const MEMBERS = {
  messages: [Object.values(MESSAGES)],
  model: ['gpt-x'],
  audio: [{ format: 'wav', voice: 'ash' }],
  frequency_penalty: [0.5],
  function_call: [{ name: 'send' }, 'none', 'auto'],
  functions: [[{ name: 'send', description: 'Sends.', parameters: SCHEMA }]],
  logit_bias: [{ '50256': -100 }],
  logprobs: [true],
  max_completion_tokens: [4000],
  max_tokens: [3000],
  metadata: [{ team: 'a' }],
  modalities: [['text', 'audio']],
  moderation: [{ model: 'mod', policy: { input: { mode: 'block' }, output: { mode: 'score' } } }],
  n: [2],
  parallel_tool_calls: [false],
  prediction: [{ type: 'content', content: [PARTS.text] }],
  presence_penalty: [0.25],
  prompt_cache_key: ['key'],
  prompt_cache_options: [{ mode: 'explicit', ttl: '30m' }],
  prompt_cache_retention: ['24h'],
  reasoning_effort: ['high', 'none', 'minimal', 'low', 'medium', 'xhigh', 'max'],
  response_format: [FORMATS.json_schema, FORMATS.json_object, FORMATS.text],
  safety_identifier: ['ann'],
  seed: [7],
  service_tier: ['flex'],
  stop: [['END', 'STOP'], 'END'],
  store: [true],
  stream: [true],
  stream_options: [{ include_usage: true, include_obfuscation: true }],
  temperature: [0.5, 1.5],
  tool_choice: [CHOICES.function, CHOICES.custom, CHOICES.allowed_tools, 'none', 'auto', 'required'],
  tools: [Object.values(TOOLS), [TOOLS.custom]],
  top_logprobs: [3],
  top_p: [0.5],
  user: ['ann'],
  verbosity: ['low'],

  web_search_options: [
    {
      search_context_size: 'low',
      user_location: {
        type: 'approximate',
        approximate: { city: 'Oslo', country: 'NO', region: 'Oslo', timezone: 'Europe/Oslo' },
      },
    },
  ],
} as const satisfies { readonly [Name in keyof Params]-?: readonly Whole<NonNullable<Params[Name]>>[] };

/** What other servers of this format take besides, as real clients of theirs send it. */
const BEYOND = {
  top_k: [40],
  reasoning: [{ effort: 'high', max_tokens: 2000 }],
  messages: [
    [
      { role: 'user', content: 'a', cache_control: { type: 'ephemeral' } },
      {
        role: 'assistant',
        content: null,
        reasoning: 'b',
        reasoning_content: 'c',
        cache_control: { type: 'ephemeral', ttl: '1h' },
        tool_calls: [
          {
            ...CALLS.function,
            extra_content: { google: { thought_signature: 's' } },
            function: { ...CALLS.function.function, x: 1 },
          },
        ],
      },
      { role: 'tool', content: 'd', tool_call_id: 'call_a', is_error: true, name: 'look_up' },
      {
        role: 'assistant',
        content: 'e',
        reasoning: 'f',
        reasoning_details: [{ type: 'reasoning.text', text: 'f', signature: 's' }],
      },
      {
        role: 'user',
        content: [
          { ...PARTS.text, cache_control: { type: 'ephemeral' } },
          { type: 'image_url', image_url: { url: 'https://a.example/b.png', format: 'image/png' }, min_pixels: 3 },
          { type: 'input_audio', input_audio: { data: 'aGk=', format: 'mp3', sample_rate: 8000 } },
          { type: 'file', file: { file_data: 'data:image/png;base64,aGk=', filename: 'a.png', pages: 2 } },
          { type: 'file', file: { file_data: 'https://a.example/b.pdf', filename: 'b.pdf' } },
          { type: 'video_url', video_url: { url: 'https://a.example/b.mp4' } },
        ],
      },
    ],
  ],
  response_format: [
    { type: 'json_object', schema: SCHEMA },
    { type: 'json_schema', json_schema: { name: 'place', schema: SCHEMA, x: 1 }, y: 2 },
  ],
  tools: [
    [{ ...TOOLS.function, cache_control: { type: 'ephemeral' }, x: 1, function: { ...TOOLS.function.function, y: 2 } }],
  ],
  tool_choice: [{ ...CHOICES.function, x: 1 }],
} as const;

const CROSSINGS: readonly (readonly [string, Crossing])[] = [
  ['anthropic-messages', { from: openAiChat, to: anthropicMessages, dialect: {} }],
  ['its own format', { from: openAiChat, to: openAiChat, dialect: {} }],
  [
    'its own format as a server speaks it that knows breakpoints and thoughts',
    { from: openAiChat, to: openAiChat, dialect: { cacheControl: true, reasoningField: 'reasoning_content' } },
  ],
  [
    'its own format as an older server speaks it',
    {
      from: openAiChat,
      to: openAiChat,
      dialect: { maxTokensField: 'max_tokens', developerRole: false, streamOptions: false },
    },
  ],
];

/** Places that ask for what happens anyhow, or whose meaning is in what stands beside them. */
const NOTHING_ASKED: readonly RegExp[] = [
  // Every stream is asked for its usage.
  /^stream_options\.include_usage: /,
  // Every answer is text, and a model that has tools may use them.
  /^response_format$|^response_format\.type: "text"$/,
  /^(tool_choice|function_call): "auto"$/,
  // What kind of detail it is shows in its members.
  /\.reasoning_details\[\d+\]\.type: /,
];

const asked = (place: string): boolean => !NOTHING_ASKED.some((pattern) => pattern.test(place));

const BASE = { model: 'm', messages: [{ role: 'user', content: 'a' }], tools: [TOOLS.function] };

/** Older spellings beside the newer ones that count. */
const BOTH: readonly JsonObject[] = [
  { tool_choice: CHOICES.function, function_call: { name: 'send' } },
  { tools: [TOOLS.function], functions: MEMBERS.functions[0] },
  { max_completion_tokens: 4000, max_tokens: 3000 },
];

/** Any request that the tables can make. */
const anyRequest = fc
  .record(
    Object.fromEntries(
      [...new Set([...Object.keys(MEMBERS), ...Object.keys(BEYOND)])].map((name) => [
        name,
        fc.constantFrom<Json>(...valuesOf(name)),
      ]),
    ),
    { requiredKeys: ['model', 'messages'] },
  )
  // Without the newer of two choices the older counts, so that neither can be left out alone.
  .map(({ function_call: older, ...request }) =>
    older === undefined || request['tool_choice'] !== undefined ? request : { ...request, function_call: older },
  ) as fc.Arbitrary<JsonObject>;

function valuesOf(name: string): readonly Json[] {
  const tables: readonly Readonly<Record<string, readonly unknown[]>>[] = [MEMBERS, BEYOND];
  return tables.flatMap((table) => (table[name] ?? []) as readonly Json[]);
}

for (const [name, crossing] of CROSSINGS) {
  describe(`every member of an OpenAI request sent on in ${name}`, () => {
    for (const member of new Set([...Object.keys(MEMBERS), ...Object.keys(BEYOND)]))
      it(`is carried or named as lost: ${member}`, () => {
        const places = valuesOf(member).flatMap((value) => unheard({ ...BASE, [member]: value }, crossing));
        assert.deepEqual(places.filter(asked), []);
      });

    it('is carried or named as lost beside a newer spelling', () => {
      const places = BOTH.flatMap((both) => unheard({ ...BASE, ...both }, crossing));
      assert.deepEqual(places.filter(asked), []);
    });

    it('is carried or named as lost beside any others', () => {
      fc.assert(
        fc.property(anyRequest, (request) => assert.deepEqual(unheard(request, crossing).filter(asked), [])),
        { numRuns: 25 },
      );
    });
  });
}

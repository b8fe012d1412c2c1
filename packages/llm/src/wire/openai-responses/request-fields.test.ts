import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import type {
  CustomTool,
  FunctionTool,
  NamespaceTool,
  ResponseCreateParamsBase,
  ResponseCustomToolCall,
  ResponseCustomToolCallOutput,
  ResponseFormatTextConfig,
  ResponseFunctionToolCall,
  ResponseInputContent,
  ResponseInputItem,
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseReasoningItem,
} from 'openai/resources/responses/responses';

import type { Json, JsonObject } from '../../model/json.ts';
import { unheard, type Crossing } from '../../testing/unheard.ts';
import type { ByType, Whole } from '../../testing/whole.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { openAiChat } from '../openai-chat/index.ts';
import { openAiResponses } from './index.ts';

// Everything that the official types can say, member by member: the compiler finds what a newer client adds.

type Params = ResponseCreateParamsBase;
const BREAKPOINT = { mode: 'explicit', ttl: '30m' } as const;
const CALLER = { type: 'program', caller_id: 'prog_a' } as const;

const INPUT = {
  input_text: { type: 'input_text', text: 'a', prompt_cache_breakpoint: BREAKPOINT },
  input_image: {
    type: 'input_image',
    detail: 'low',
    image_url: 'https://a.example/b.png',
    file_id: 'file-a',
    prompt_cache_breakpoint: BREAKPOINT,
  },
  input_file: {
    type: 'input_file',
    detail: 'low',
    file_data: 'data:application/pdf;base64,aGk=',
    file_id: 'file-b',
    file_url: 'https://a.example/b.pdf',
    filename: 'b.pdf',
    prompt_cache_breakpoint: BREAKPOINT,
  },
} as const satisfies ByType<ResponseInputContent>;

const OUTPUT = {
  output_text: {
    type: 'output_text',
    text: 'a',
    annotations: [
      { type: 'url_citation', start_index: 0, end_index: 1, title: 'A', url: 'https://a.example' },
      { type: 'file_citation', file_id: 'file-a', filename: 'a.pdf', index: 3 },
    ],
    logprobs: [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [{ token: 'b', logprob: -2, bytes: [98] }] }],
  } satisfies { readonly [Name in keyof ResponseOutputText]-?: unknown },
  refusal: { type: 'refusal', refusal: 'No.' } satisfies Whole<ResponseOutputRefusal>,
} as const;

const REASONING = {
  type: 'reasoning',
  id: 'rs_a',
  summary: [{ type: 'summary_text', text: 'a' }],
  content: [{ type: 'reasoning_text', text: 'b' }],
  encrypted_content: 'gAAA',
  status: 'completed',
} as const satisfies Whole<ResponseReasoningItem>;

const ITEMS = {
  easy: { type: 'message', role: 'user', content: Object.values(INPUT), phase: 'commentary' },
  system: { role: 'system', content: [INPUT.input_text], status: 'incomplete' },
  developer: { type: 'message', role: 'developer', content: 'a', status: 'completed' },
  message: {
    type: 'message',
    id: 'msg_a',
    role: 'assistant',
    content: Object.values(OUTPUT),
    phase: 'final_answer',
    status: 'incomplete',
  } satisfies { readonly [Name in keyof ResponseOutputMessage]-?: unknown },
  call: {
    type: 'function_call',
    id: 'fc_a',
    call_id: 'call_a',
    name: 'look_up',
    arguments: '{"city":"Oslo"}',
    namespace: 'geo',
    async: true,
    caller: CALLER,
    status: 'incomplete',
  } satisfies Whole<ResponseFunctionToolCall>,
  output: {
    type: 'function_call_output',
    id: 'fco_a',
    call_id: 'call_a',
    name: 'look_up',
    namespace: 'geo',
    caller: CALLER,
    output: [INPUT.input_text, INPUT.input_image],
    status: 'incomplete',
  } satisfies { readonly [Name in keyof ResponseInputItem.FunctionCallOutput]-?: unknown },
  customCall: {
    type: 'custom_tool_call',
    id: 'ctc_a',
    call_id: 'call_b',
    name: 'paint',
    input: 'red',
    namespace: 'art',
    async: true,
    caller: CALLER,
  } satisfies Whole<ResponseCustomToolCall>,
  customOutput: {
    type: 'custom_tool_call_output',
    id: 'ctco_a',
    call_id: 'call_b',
    caller: CALLER,
    output: [INPUT.input_text, INPUT.input_file],
  } satisfies { readonly [Name in keyof ResponseCustomToolCallOutput]-?: unknown },
  reasoning: REASONING,
  reference: { type: 'item_reference', id: 'msg_b' } satisfies Whole<ResponseInputItem.ItemReference>,
  search: { type: 'web_search_call', id: 'ws_a', status: 'completed', action: { type: 'search', query: 'a' } },
  screenshot: {
    type: 'computer_call_output',
    call_id: 'call_c',
    output: { type: 'computer_screenshot', file_id: 'f' },
  },
  compaction: { type: 'compaction', id: 'cmp_a', encrypted_content: 'gAAB' },
} as const;

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };

const TOOLS = {
  function: {
    type: 'function',
    name: 'look_up',
    description: 'Looks it up.',
    parameters: SCHEMA,
    strict: true,
    allowed_callers: ['direct'],
    async: true,
    defer_loading: true,
    output_schema: SCHEMA,
  } satisfies Whole<FunctionTool>,
  custom: {
    type: 'custom',
    name: 'paint',
    description: 'Paints.',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' },
    allowed_callers: ['direct'],
    async: true,
    defer_loading: true,
  } satisfies Whole<CustomTool>,
  namespace: {
    type: 'namespace',
    name: 'geo',
    description: 'Places.',
    tools: [
      { type: 'function', name: 'look_up', description: 'Finds it.', parameters: SCHEMA, strict: false },
      { type: 'custom', name: 'draw', description: 'Draws.', format: { type: 'text' } },
    ],
  } satisfies { readonly [Name in keyof NamespaceTool]-?: unknown },
  hosted: { type: 'web_search', search_context_size: 'low', user_location: { type: 'approximate', city: 'Oslo' } },
} as const;

const CHOICES = {
  function: { type: 'function', name: 'look_up' },
  custom: { type: 'custom', name: 'paint' },
  allowed: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'look_up' }] },
  hosted: { type: 'web_search_preview' },
  mcp: { type: 'mcp', server_label: 'a', name: 'b' },
} as const;

const FORMATS = {
  text: { type: 'text' },
  json_object: { type: 'json_object' },
  json_schema: { type: 'json_schema', name: 'place', description: 'Where it is.', schema: SCHEMA, strict: true },
} as const satisfies ByType<ResponseFormatTextConfig>;

const ADDITIONAL = {
  type: 'additional_tools',
  id: 'at_a',
  role: 'developer',
  tools: [{ ...TOOLS.custom, name: 'exec' }, { ...TOOLS.namespace, name: 'more' }, TOOLS.hosted],
} as const;

/** Values that each member of a request may have; the first is the least like what happens without it. */
const MEMBERS = {
  access_programs: [{ cyber: 'daybreak_blue' }],
  background: [true],
  context_management: [[{ type: 'compaction', compact_threshold: 1000 }]],
  conversation: [{ id: 'conv_a' }, 'conv_a'],
  image: [{ context_compression: 'enabled' }],
  include: [['web_search_call.results', 'reasoning.encrypted_content']],
  input: [Object.values(ITEMS), [ADDITIONAL, ITEMS.easy], [ITEMS.easy, ADDITIONAL, ITEMS.message], 'hello'],
  instructions: ['Be kind.'],
  max_output_tokens: [4000],
  max_tool_calls: [3],
  metadata: [{ team: 'a' }],
  model: ['gpt-x'],
  moderation: [{ model: 'mod', policy: { input: { mode: 'block' }, output: { mode: 'score' } } }],
  parallel_tool_calls: [false],
  previous_response_id: ['resp_a'],
  prompt: [{ id: 'pmpt_a', variables: { a: 'b' }, version: '2' }],
  prompt_cache_key: ['key'],
  prompt_cache_options: [{ mode: 'explicit', ttl: '30m' }],
  prompt_cache_retention: ['24h'],
  reasoning: [
    { effort: 'high', summary: 'detailed', generate_summary: 'concise', context: 'all_turns', mode: 'pro' },
    { effort: 'none' },
    { effort: 'max' },
  ],
  safety_identifier: ['ann'],
  service_tier: ['flex'],
  store: [true],
  stream: [true],
  stream_options: [{ include_obfuscation: true }],
  temperature: [0.5, 1.5],
  text: [
    { format: FORMATS.json_schema, verbosity: 'low' },
    { format: FORMATS.json_object },
    { format: FORMATS.text },
    { verbosity: 'high' },
  ],
  tool_choice: [...Object.values(CHOICES), 'none', 'auto', 'required'],
  tools: [Object.values(TOOLS), [TOOLS.custom], [TOOLS.namespace]],
  top_logprobs: [3],
  top_p: [0.5],
  truncation: ['auto'],
  user: ['ann'],
} as const satisfies { readonly [Name in keyof Params]-?: readonly unknown[] };

/** What real clients and servers say besides. */
const BEYOND = {
  client_metadata: [{ session: 'a' }],
  top_k: [40],
  input: [
    [
      { role: 'user', content: [{ type: 'input_text', text: 'a', cache_control: { type: 'ephemeral' } }], x: 1 },
      { type: 'message', role: 'assistant', content: [{ ...OUTPUT.output_text, x: 1 }] },
      { type: 'message', role: 'assistant', content: 'b' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_audio', data: 'aGk=' }], id: 'msg_c' },
      {
        ...REASONING,
        summary: [
          { type: 'summary_text', text: 'a' },
          { type: 'summary_text', text: 'b' },
        ],
      },
      { type: 'function_call_output', call_id: 'call_a', output: 'c', x: 1 },
      { type: 'function_call_output', name: 'look_up', output: 'unasked' },
      { type: 'unheard_of', id: 'x_a', value: { a: 1 } },
    ],
  ],
  text: [{ format: { type: 'text', x: 1 } }, { format: { ...FORMATS.json_schema, y: 2 } }],
  tools: [
    [
      { ...TOOLS.function, x: 1, cache_control: { type: 'ephemeral' } },
      { ...TOOLS.custom, format: { type: 'text' }, y: 2 },
    ],
  ],
  tool_choice: [{ ...CHOICES.function, x: 1 }],
} as const;

const CROSSINGS: readonly (readonly [string, Crossing])[] = [
  ['anthropic-messages', { from: openAiResponses, to: anthropicMessages, dialect: {} }],
  ['openai-chat', { from: openAiResponses, to: openAiChat, dialect: {} }],
  ['its own format', { from: openAiResponses, to: openAiResponses, dialect: {} }],
  [
    'its own format as a server speaks it that knows breakpoints',
    { from: openAiResponses, to: openAiResponses, dialect: { cacheControl: true, plainReasoning: true } },
  ],
];

/** Places that ask for what happens anyhow, or that only name what stands beside them. */
const NOTHING_ASKED: readonly RegExp[] = [
  // Every answer is text, and a model that has tools may use them.
  /^text$|^text\.format$|^text\.format\.type: "text"$/,
  /^tool_choice: "auto"$/,
  // Names of earlier items and of who is what, and the parts of what is lost as a whole.
  /^input\[\d+\](?:\.(?:id|type|status|role|namespace))?(?:: |$)/,
  /^input\[\d+\]\.content\[\d+\]\.type: /,
  /^input\[\d+\]\.output\[\d+\]\.type: /,
  /^input\[\d+\]\.(?:summary|content)(?:\[\d+\](?:\.type)?)?(?:: |$)/,
  /^(?:input\[\d+\]\.)?tools\[\d+\]\.(?:name|type|format(?:\.type)?)(?:: |$)/,
];

const asked = (place: string): boolean => !NOTHING_ASKED.some((pattern) => pattern.test(place));

const BASE = { model: 'm', input: [{ role: 'user', content: 'a' }], tools: [TOOLS.function] };

function valuesOf(name: string, to: Crossing['to']): readonly Json[] {
  const tables: readonly Readonly<Record<string, readonly unknown[]>>[] = [MEMBERS, BEYOND];
  const values = tables.flatMap((table) => (table[name] ?? []) as readonly Json[]);
  return to === openAiChat && name === 'input' ? values.map(withoutLoneItems) : values;
}

/** Items that are a message of their own and have no place: OpenAI's other format has an empty message for each. */
const LONE = new Set<Json | undefined>(['computer_call_output', 'compaction', 'unheard_of']);
const isLone = (item: JsonObject): boolean =>
  LONE.has(item['type']) || (item['type'] === 'function_call_output' && item['call_id'] === undefined);
const withoutLoneItems = (input: Json): Json =>
  Array.isArray(input) ? (input as readonly JsonObject[]).filter((item) => !isLone(item)) : input;

const NAMES = [...new Set([...Object.keys(MEMBERS), ...Object.keys(BEYOND)])];

/** Any request that the tables can make. */
const anyRequest = (to: Crossing['to']): fc.Arbitrary<JsonObject> =>
  fc.record(Object.fromEntries(NAMES.map((name) => [name, fc.constantFrom<Json>(...valuesOf(name, to))])), {
    requiredKeys: ['model', 'input'],
  }) as fc.Arbitrary<JsonObject>;

for (const [name, crossing] of CROSSINGS) {
  describe(`every member of an OpenAI Responses request sent on in ${name}`, () => {
    for (const member of NAMES)
      it(`is carried or named as lost: ${member}`, () => {
        const places = valuesOf(member, crossing.to).flatMap((value) =>
          unheard({ ...BASE, [member]: value }, crossing),
        );
        assert.deepEqual(places.filter(asked), []);
      });

    it('is carried or named as lost beside any others', () => {
      fc.assert(
        fc.property(anyRequest(crossing.to), (request) =>
          assert.deepEqual(unheard(request, crossing).filter(asked), []),
        ),
        { numRuns: 10 },
      );
    });
  });
}

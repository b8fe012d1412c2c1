import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type {
  BetaContentBlockParam,
  BetaMessageParam,
  BetaThinkingConfigParam,
  BetaTool,
  BetaToolChoice,
  BetaToolUnion,
  MessageCreateParamsBase as BetaParams,
} from '@anthropic-ai/sdk/resources/beta/messages/messages';
import type {
  ContentBlockParam,
  MessageCreateParamsBase as SettledParams,
  ToolUnion,
} from '@anthropic-ai/sdk/resources/messages/messages';
import fc from 'fast-check';

import type { Json, JsonObject } from '../../model/json.ts';
import { unheard, type Crossing } from '../../testing/unheard.ts';
import type { ByType, Whole } from '../../testing/whole.ts';
import { openAiChat } from '../openai-chat/index.ts';
import { anthropicMessages } from './index.ts';

// Everything that the official types can say, member by member: the compiler finds what a newer client adds.

type Params = BetaParams & SettledParams;

const CACHE = { type: 'ephemeral', ttl: '1h' } as const;
const CITATIONS = { enabled: true } as const;
const PDF = { type: 'base64', media_type: 'application/pdf', data: 'aGk=' } as const;
const PNG = { type: 'base64', media_type: 'image/png', data: 'aGk=' } as const;
const DOCUMENT = {
  type: 'document',
  cache_control: CACHE,
  citations: CITATIONS,
  context: 'b',
  title: 'a.pdf',
} as const;
const IMAGE = { type: 'image', cache_control: CACHE, transformations: { oversized_image: 'error' } } as const;

type Known = Extract<
  BetaContentBlockParam,
  { type: 'text' | 'image' | 'document' | 'thinking' | 'redacted_thinking' | 'tool_use' | 'tool_result' }
>;

/** Blocks that have a canonical form. */
const BLOCKS = {
  text: {
    type: 'text',
    text: 'a',
    cache_control: CACHE,
    citations: [
      {
        type: 'char_location',
        cited_text: 'a',
        document_index: 0,
        document_title: 'b',
        start_char_index: 0,
        end_char_index: 1,
      },
    ],
  },
  image: { ...IMAGE, source: PNG },
  document: { ...DOCUMENT, source: PDF },
  thinking: { type: 'thinking', thinking: 'a', signature: 's' },
  redacted_thinking: { type: 'redacted_thinking', data: 'd' },
  tool_use: {
    type: 'tool_use',
    id: 'toolu_a',
    name: 'look_up',
    input: { city: 'Oslo' },
    cache_control: CACHE,
    caller: { type: 'direct' },
    toolset_name: 'set',
  },
  tool_result: {
    type: 'tool_result',
    tool_use_id: 'toolu_a',
    is_error: true,
    cache_control: CACHE,
    toolset_name: 'set',
    content: [
      { type: 'text', text: 'a', cache_control: CACHE, citations: [] },
      { ...IMAGE, source: PNG },
      { ...DOCUMENT, source: { type: 'text', media_type: 'text/plain', data: 'c' } },
    ],
  },
} as const satisfies ByType<Known>;

/** Blocks that only Anthropic has: they are kept whole, whatever they hold. */
const OWN_BLOCKS: Readonly<Record<Exclude<(BetaContentBlockParam | ContentBlockParam)['type'], Known['type']>, Json>> =
  {
    search_result: { title: 'a', source: 'b', content: [{ type: 'text', text: 'c' }] },
    server_tool_use: { id: 'srvtoolu_a', name: 'web_search', input: { query: 'a' } },
    web_search_tool_result: { tool_use_id: 'srvtoolu_a', content: [] },
    web_fetch_tool_result: { tool_use_id: 'srvtoolu_a' },
    advisor_tool_result: { tool_use_id: 'srvtoolu_a' },
    code_execution_tool_result: { tool_use_id: 'srvtoolu_a' },
    bash_code_execution_tool_result: { tool_use_id: 'srvtoolu_a' },
    text_editor_code_execution_tool_result: { tool_use_id: 'srvtoolu_a' },
    tool_search_tool_result: { tool_use_id: 'srvtoolu_a' },
    mcp_tool_use: { id: 'mcptoolu_a', name: 'b', server_name: 'c', input: {} },
    mcp_tool_result: { tool_use_id: 'mcptoolu_a' },
    mcp_tool_listing: { server_name: 'c' },
    container_upload: { file_id: 'file_a' },
    compaction: { content: 'a' },
    tool_addition: { tools: [] },
    tool_removal: { tools: [] },
    fallback: { model: 'm' },
  };

const MESSAGES = {
  user: {
    role: 'user',
    content: [
      BLOCKS.text,
      BLOCKS.image,
      { ...IMAGE, source: { type: 'url', url: 'https://a.example/b.png' } },
      { ...IMAGE, source: { type: 'file', file_id: 'file_a' } },
      BLOCKS.document,
      { ...DOCUMENT, source: { type: 'url', url: 'https://a.example/b.pdf' } },
      { ...DOCUMENT, source: { type: 'file', file_id: 'file_b' } },
      { ...DOCUMENT, source: { type: 'text', media_type: 'text/plain', data: 'c' } },
      { ...DOCUMENT, source: { type: 'content', content: 'd' } },
    ],
  },
  assistant: { role: 'assistant', content: [BLOCKS.thinking, BLOCKS.redacted_thinking, BLOCKS.text, BLOCKS.tool_use] },
  system: {
    role: 'system',
    content: [BLOCKS.text],
    clear_at: 'next_user_message',
    output_config: { effort: 'low' },
  },
} as const satisfies {
  readonly [Role in BetaMessageParam['role']]: Whole<Extract<BetaMessageParam, { role: Role }>>;
};

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;

const TOOL = {
  type: 'custom',
  name: 'look_up',
  description: 'Looks it up.',
  input_schema: SCHEMA,
  strict: true,
  cache_control: CACHE,
  allowed_callers: ['direct'],
  defer_loading: true,
  eager_input_streaming: true,
  input_examples: [{ city: 'Oslo' }],
} as const satisfies Whole<BetaTool>;

type OwnTool = Exclude<NonNullable<(BetaToolUnion | ToolUnion)['type']>, 'custom'>;

/** Tools that Anthropic runs or defines, with their names: they are kept whole. */
const OWN_TOOLS: Readonly<Record<OwnTool, string>> = {
  bash_20241022: 'bash',
  bash_20250124: 'bash',
  code_execution_20250522: 'code_execution',
  code_execution_20250825: 'code_execution',
  code_execution_20260120: 'code_execution',
  code_execution_20260521: 'code_execution',
  browser_toolset_20260801: 'browser',
  computer_20241022: 'computer',
  computer_20250124: 'computer',
  computer_20251124: 'computer',
  computer_toolset_20260801: 'computer',
  memory_20250818: 'memory',
  text_editor_20241022: 'str_replace_editor',
  text_editor_20250124: 'str_replace_editor',
  text_editor_20250429: 'str_replace_based_edit_tool',
  text_editor_20250728: 'str_replace_based_edit_tool',
  web_search_20250305: 'web_search',
  web_search_20260209: 'web_search',
  web_search_20260318: 'web_search',
  web_fetch_20250910: 'web_fetch',
  web_fetch_20260209: 'web_fetch',
  web_fetch_20260309: 'web_fetch',
  web_fetch_20260318: 'web_fetch',
  advisor_20260301: 'advisor',
  tool_search_tool_bm25_20251119: 'tool_search_tool_bm25',
  tool_search_tool_bm25: 'tool_search_tool_bm25',
  tool_search_tool_regex_20251119: 'tool_search_tool_regex',
  tool_search_tool_regex: 'tool_search_tool_regex',
  mcp_toolset: 'c',
};

const CHOICES = {
  auto: { type: 'auto', disable_parallel_tool_use: true },
  any: { type: 'any', disable_parallel_tool_use: true },
  tool: { type: 'tool', name: 'look_up', disable_parallel_tool_use: true },
  none: { type: 'none' },
} as const satisfies ByType<BetaToolChoice>;

const BINDING = { prefix_mismatch_behavior: { type: 'error' } };

const THINKING = {
  enabled: { type: 'enabled', budget_tokens: 2000, display: 'summarized', block_binding: BINDING },
  adaptive: { type: 'adaptive', display: 'omitted', block_binding: BINDING },
  disabled: { type: 'disabled' },
  between_tools: { type: 'between_tools' },
} as const satisfies { readonly [Type in BetaThinkingConfigParam['type']]: JsonObject };

/** Members that our reader takes apart. */
type Read = 'messages' | 'metadata' | 'output_config' | 'system';

/** Values that each member of a request may have. */
const MEMBERS = {
  messages: [Object.values(MESSAGES)],
  metadata: [{ user_id: 'ann' }],
  output_config: [
    {
      effort: 'high',
      format: { type: 'json_schema', schema: SCHEMA },
      task_budget: { type: 'tokens', total: 9000, remaining: 8000 },
    },
  ],
  system: [[BLOCKS.text], 'a'],
} as const satisfies { readonly [Name in Read]: readonly Whole<NonNullable<Params[Name]>>[] };

const OTHER_MEMBERS: Readonly<Record<Exclude<keyof BetaParams | keyof SettledParams, Read>, readonly Json[]>> = {
  max_tokens: [4000],
  model: ['claude-x'],
  billing_policy: [{ type: 'billing_policy', bill_to: 'self' }],
  cache_control: [CACHE],
  compaction: [{ type: 'summarize', instructions: 'a' }],
  container: [
    'container_a',
    { id: 'container_a', skills: [{ skill_id: 'pdf', type: 'anthropic', version: 'latest' }] },
  ],
  context_management: [{ edits: [{ type: 'clear_tool_uses_20250919', clear_at_least: null }] }],
  diagnostics: [{ previous_message_id: 'msg_a' }],
  fallback_credit_token: ['a'],
  fallbacks: [[{ model: 'm' }], 'default'],
  inference_geo: ['us'],
  mcp_servers: [[{ type: 'url', name: 'c', url: 'https://a.example/mcp', authorization_token: 'canary' }]],
  output_format: [{ type: 'json_schema', schema: SCHEMA }],
  service_tier: ['standard_only'],
  speed: ['fast'],
  stop_sequences: [['END', 'STOP']],
  stream: [true],
  thinking: Object.values(THINKING),
  thread: [{ type: 'create' }],
  tool_choice: Object.values(CHOICES),
  tools: [[TOOL], [TOOL, ...Object.entries(OWN_TOOLS).map(([type, name]) => ({ type, name, max_uses: 3 }))]],
  betas: [['context-1m-2025-08-07']],
  user_profile_id: ['a'],
  workspace_id: ['a'],
};

/** What older clients send, and what any may send in places that our reader takes apart. */
const BEYOND: Readonly<Record<string, readonly Json[]>> = {
  temperature: [0.5],
  top_k: [40],
  top_p: [0.5],
  messages: [
    [
      { role: 'user', content: [BLOCKS.text, BLOCKS.tool_result, BLOCKS.text], x: 1 },
      {
        role: 'assistant',
        content: Object.entries(OWN_BLOCKS).map(([type, block]) => ({ ...(block as JsonObject), type })),
      },
      {
        role: 'user',
        content: [
          { ...BLOCKS.image, source: { ...PNG, x: 1 } },
          { ...BLOCKS.document, source: { ...PDF, x: 1 } },
        ],
      },
      { role: 'user', content: [{ ...BLOCKS.document, source: PNG }] },
      { role: 'assistant', content: [{ ...BLOCKS.thinking, cache_control: CACHE, x: 1 }] },
      { role: 'system', output_config: { effort: 'low' } },
    ],
  ],
  metadata: [{ user_id: 'ann', team: 'a' }],
  output_config: [{ format: { type: 'json_schema', schema: SCHEMA, x: 1 }, y: 2 }],
  thinking: [{ ...THINKING.disabled, x: 1 }, { ...THINKING.adaptive, budget_tokens: 3000 }, { type: 'adaptive' }],
  tool_choice: [
    { ...CHOICES.auto, x: 1 },
    { ...CHOICES.none, disable_parallel_tool_use: true },
  ],
  tools: [[{ ...TOOL, x: 1 }]],
};

const VALUES: Readonly<Record<string, readonly Json[]>> = Object.fromEntries(
  Object.entries<readonly Json[]>({ ...BEYOND, ...OTHER_MEMBERS, ...MEMBERS }).map(([name, values]) => [
    name,
    [...new Set([...values, ...(BEYOND[name] ?? [])])],
  ]),
);

const CROSSINGS: readonly (readonly [string, Crossing])[] = [
  ['openai-chat', { from: anthropicMessages, to: openAiChat, dialect: {} }],
  [
    'openai-chat as a server speaks it that knows breakpoints and thoughts',
    { from: anthropicMessages, to: openAiChat, dialect: { cacheControl: true, reasoningField: 'reasoning' } },
  ],
  ['its own format', { from: anthropicMessages, to: anthropicMessages, dialect: {} }],
];

/** Places that ask for what happens anyhow, or whose meaning is in what stands beside them. */
const NOTHING_ASKED: readonly RegExp[] = [
  // A document of text is named as moved into the text around it, and no other media type of text is allowed.
  /\.source\.media_type: "text\/plain"$/,
];

const asked = (place: string): boolean => !NOTHING_ASKED.some((pattern) => pattern.test(place));

const BASE = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'a' }], tools: [TOOL] };

/** Any request that the tables can make. */
const anyRequest = fc.record(
  Object.fromEntries(Object.entries(VALUES).map(([name, values]) => [name, fc.constantFrom(...values)])),
  { requiredKeys: ['model', 'max_tokens', 'messages'] },
) as fc.Arbitrary<JsonObject>;

for (const [name, crossing] of CROSSINGS) {
  describe(`every member of an Anthropic request sent on in ${name}`, () => {
    for (const [member, values] of Object.entries(VALUES))
      it(`is carried or named as lost: ${member}`, () => {
        const places = values.flatMap((value) => unheard({ ...BASE, [member]: value }, crossing));
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

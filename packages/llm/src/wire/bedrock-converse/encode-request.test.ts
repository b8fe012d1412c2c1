import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { Loss } from '../codec.ts';
import type { BedrockConverseDialect } from './dialect.ts';
import { bedrockConverse } from './index.ts';

const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const USER = { role: 'user', content: [{ type: 'text', text: 'a' }] } as const;
const BASE: GenerationRequest = { model: CLAUDE, messages: [USER], stream: false, streamUsage: false };
const TOOL = { type: 'function', name: 'f' } as const;

function encode(
  more: Partial<GenerationRequest>,
  dialect: BedrockConverseDialect = {},
): { body: JsonObject; lost: readonly string[] } {
  const encoded = bedrockConverse.encodeRequest({ ...BASE, ...more }, dialect);
  assert.ok(encoded.ok);
  const named = ({ path, instead }: Loss): string => `${path} ${instead}`;
  return { body: JSON.parse(JSON.stringify(encoded.value.body)) as JsonObject, lost: encoded.value.losses.map(named) };
}

const said = (...content: readonly Part[]): Pick<GenerationRequest, 'messages'> => ({
  messages: [{ role: 'user', content }],
});
const blocksOf = (...content: readonly Part[]): unknown =>
  (encode(said(...content)).body['messages'] as readonly { content: unknown }[])[0]?.content;
const image = (mediaType: string): Part => ({ type: 'media', mediaType, source: { kind: 'base64', data: 'aGk=' } });
const pdf = (filename?: string): Part => ({
  type: 'media',
  mediaType: 'application/pdf',
  source: { kind: 'base64', data: 'aGk=' },
  ...(filename !== undefined && { filename }),
});

describe('a Converse request', () => {
  it('names neither the model nor the stream, which stand in its address', () => {
    assert.deepEqual(encode({ stream: true }).body, { messages: [{ role: 'user', content: [{ text: 'a' }] }] });
  });

  it('puts instructions before the conversation, and lets the user speak where there is nothing else', () => {
    const rules = { role: 'system', audience: 'developer', content: [{ type: 'text', text: 'b' }] } as const;
    assert.deepEqual(encode({ messages: [rules, USER] }).body['system'], [{ text: 'b' }]);
    assert.deepEqual(encode({ messages: [USER, rules] }).lost, ['messages[1] moved']);
    const alone = encode({ messages: [rules] });
    assert.deepEqual(alone.body, { messages: [{ role: 'user', content: [{ text: 'b' }] }] });
    assert.deepEqual(alone.lost, ['messages[0] moved']);
  });

  it('makes one turn of what one side says in a row, results of calls among it', () => {
    const answer = {
      role: 'assistant',
      content: [{ type: 'tool-call', id: 'c', name: 'f', argumentsJson: '{"a":1}' }],
    } as const;
    const result = {
      type: 'tool-result',
      toolCallId: 'c',
      content: [{ type: 'text', text: 'r' }],
      isError: true,
    } as const;
    assert.deepEqual(encode({ messages: [USER, answer, { role: 'tool', content: [result] }, USER] }).body['messages'], [
      { role: 'user', content: [{ text: 'a' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'c', name: 'f', input: { a: 1 } } }] },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 'c', content: [{ text: 'r' }], status: 'error' } }, { text: 'a' }],
      },
    ]);
  });

  it('says nothing where Amazon would refuse blank text', () => {
    assert.deepEqual(blocksOf({ type: 'text', text: '' }, { type: 'text', text: 'a' }), [{ text: 'a' }]);
    assert.deepEqual(encode(said({ type: 'text', text: ' \n' })).lost, ['messages[0].content[0] dropped']);
    assert.deepEqual(encode(said({ type: 'text', text: ' \n' })).body['messages'], []);
  });

  it('makes a cache point behind what a breakpoint ends, with its lifetime', () => {
    const cacheControl = { type: 'ephemeral', ttl: '1h' };
    assert.deepEqual(blocksOf({ type: 'text', text: 'a', cacheControl }), [
      { text: 'a' },
      { cachePoint: { type: 'default', ttl: '1h' } },
    ]);
    const { body } = encode({ tools: [{ ...TOOL, cacheControl: { type: 'ephemeral' } }] });
    assert.deepEqual((body['toolConfig'] as JsonObject)['tools'], [
      { toolSpec: { name: 'f', inputSchema: { json: { type: 'object', properties: {} } } } },
      { cachePoint: { type: 'default' } },
    ]);
    const odd = encode(said({ type: 'text', text: 'a', cacheControl: { type: 'ephemeral', ttl: '2d', scope: 'x' } }));
    assert.deepEqual(odd.lost, [
      'messages[0].content[0].cacheControl.ttl approximated',
      'messages[0].content[0].cacheControl.scope dropped',
    ]);
  });

  it('moves a breakpoint out of a tool result', () => {
    const content = [{ type: 'text', text: 'r', cacheControl: { type: 'ephemeral' } }] as const;
    const result = { type: 'tool-result', toolCallId: 'c', content, isError: false } as const;
    assert.deepEqual(blocksOf(result), [
      { toolResult: { toolUseId: 'c', content: [{ text: 'r' }] } },
      { cachePoint: { type: 'default' } },
    ]);
    assert.deepEqual(encode(said(result)).lost, ['messages[0].content[0].content[0].cacheControl moved']);
  });

  it('writes media by Amazon’s names for them, and names what Amazon does not take', () => {
    assert.deepEqual(blocksOf(image('image/jpg'), image('video/quicktime'), image('audio/mpeg')), [
      { image: { format: 'jpeg', source: { bytes: 'aGk=' } } },
      { video: { format: 'mov', source: { bytes: 'aGk=' } } },
      { audio: { format: 'mp3', source: { bytes: 'aGk=' } } },
    ]);
    const stored: Part = { type: 'media', mediaType: 'image/png', source: { kind: 'url', url: 's3://a/b.png' } };
    assert.deepEqual(blocksOf(stored), [{ image: { format: 'png', source: { s3Location: { uri: 's3://a/b.png' } } } }]);
    const elsewhere: Part = { ...stored, source: { kind: 'url', url: 'https://a.example/b.png' } };
    assert.deepEqual(encode(said(image('image/tiff'), elsewhere)).lost, [
      'messages[0].content[0] dropped',
      'messages[0].content[1] dropped',
    ]);
  });

  it('gives every document a name of its own that Amazon takes', () => {
    const names = (
      blocksOf(pdf(), pdf(), pdf('a_b.pdf'), pdf('Report 2'), pdf('Report 2'), pdf('document-2')) as readonly {
        document: { name: string };
      }[]
    ).map(({ document }) => document.name);
    assert.deepEqual(names, ['document', 'document-2', 'a-b-pdf', 'Report 2', 'Report 2-2', 'document-2-2']);
    assert.deepEqual(encode(said(pdf('Report 2'))).lost, []);
    assert.deepEqual(encode(said(pdf('a.pdf'))).lost, ['messages[0].content[0].filename approximated']);
  });

  it('writes a document of text as its bytes', () => {
    const source = { kind: 'text', text: 'é'.repeat(10_000) } as const;
    const [block] = blocksOf({ type: 'media', mediaType: 'text/plain', source }) as readonly [
      { document: { format: string; source: { bytes: string } } },
    ];
    assert.equal(block.document.format, 'txt');
    assert.equal(Buffer.from(block.document.source.bytes, 'base64').toString(), source.text);
  });

  it('gives back signed and hidden thoughts byte for byte, and no others', () => {
    const thoughts: readonly Part[] = [
      { type: 'reasoning', text: 'hm ', signature: 'c2ln+/=' },
      { type: 'reasoning', text: '', redacted: 'aGlkZGVu' },
      { type: 'reasoning', text: 'unsigned' },
    ];
    const { body, lost } = encode({ messages: [USER, { role: 'assistant', content: thoughts }] });
    assert.deepEqual((body['messages'] as readonly JsonObject[])[1]?.['content'], [
      { reasoningContent: { reasoningText: { text: 'hm ', signature: 'c2ln+/=' } } },
      { reasoningContent: { redactedContent: 'aGlkZGVu' } },
    ]);
    assert.deepEqual(lost, ['messages[1].content[2] dropped']);
  });

  it('keeps the names of calls within Amazon’s bounds, on both sides alike', () => {
    const odd = `call ${'x'.repeat(70)}`;
    const call: Part = { type: 'tool-call', id: odd, name: 'f', argumentsJson: '' };
    const result: Part = { type: 'tool-result', toolCallId: odd, content: [], isError: false };
    const { body } = encode({
      messages: [
        { role: 'assistant', content: [call] },
        { role: 'tool', content: [result] },
      ],
    });
    const ids = JSON.stringify(body).match(/"toolUseId":"[^"]*"/g) ?? [];
    assert.equal(new Set(ids).size, 1);
    assert.match(ids[0] ?? '', /^"toolUseId":"[a-zA-Z0-9_.:-]{1,64}"$/);
    const plain = encode({ messages: [{ role: 'assistant', content: [{ ...call, id: 'functions.f:0' }] }] });
    assert.deepEqual(plain.lost, []);
  });

  it('leaves out tools that may not be called, unless the conversation has calls', () => {
    const none = encode({ tools: [TOOL], toolChoice: { type: 'none' } });
    assert.equal('toolConfig' in none.body, false);
    assert.deepEqual(none.lost, ['toolChoice approximated', 'tools dropped']);
    const call: Part = { type: 'tool-call', id: 'c', name: 'f', argumentsJson: '{}' };
    const called = encode({
      tools: [TOOL],
      toolChoice: { type: 'none' },
      messages: [{ role: 'assistant', content: [call] }],
    });
    assert.equal('toolConfig' in called.body, true);
    assert.deepEqual(called.lost, ['toolChoice dropped']);
  });

  it('asks for a schema as text, and says that looser wishes are lost', () => {
    const { body, lost } = encode({
      outputFormat: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true },
    });
    assert.deepEqual(body['outputConfig'], {
      textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}', name: 'n' } } },
    });
    assert.deepEqual(lost, ['outputFormat.strict approximated']);
    assert.deepEqual(encode({ outputFormat: { type: 'json' } }).lost, ['outputFormat dropped']);
  });

  it('writes guardrails and other members of its own format as they are, beside what it says itself', () => {
    const own = {
      guardrailConfig: { guardrailIdentifier: 'g' },
      inferenceConfig: { x: 1 },
      additionalModelRequestFields: { y: 2 },
    };
    const { body, lost } = encode({ topK: 5, maxOutputTokens: 7, extras: { 'bedrock-converse': own } });
    assert.deepEqual(lost, []);
    assert.deepEqual(body['guardrailConfig'], { guardrailIdentifier: 'g' });
    assert.deepEqual(body['inferenceConfig'], { maxTokens: 7, x: 1 });
    assert.deepEqual(body['additionalModelRequestFields'], { top_k: 5, y: 2 });
  });
});

/** Wishes to think, by family of models: what is asked for in the model's own words, and what is lost. */
const THINKING: readonly (readonly [
  model: string,
  wish: Partial<GenerationRequest>,
  fields: JsonObject | undefined,
  lost: readonly string[],
])[] = [
  [
    CLAUDE,
    { reasoning: { mode: 'enabled', budgetTokens: 2000 } },
    { thinking: { type: 'enabled', budget_tokens: 2000 } },
    [],
  ],
  [
    CLAUDE,
    { reasoning: { mode: 'adaptive', effort: 'high', extras: { 'anthropic-messages': { display: 'omitted' } } } },
    { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } },
    [],
  ],
  [CLAUDE, { reasoning: { effort: 'none' } }, { thinking: { type: 'disabled' } }, []],
  [
    CLAUDE,
    { reasoning: { effort: 'medium' }, temperature: 0.5, topK: 9 },
    { thinking: { type: 'enabled', budget_tokens: 4096 } },
    ['reasoning.effort approximated', 'topK dropped', 'temperature dropped'],
  ],
  [CLAUDE, { reasoning: { effort: 'low' }, maxOutputTokens: 1024 }, undefined, ['reasoning.effort dropped']],
  [CLAUDE, { topK: 9, temperature: 1.5 }, { top_k: 9 }, ['temperature approximated']],
  ['arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2', { topK: 9 }, { top_k: 9 }, []],
  [
    'us.amazon.nova-2-lite-v1:0',
    { reasoning: { effort: 'low' }, topK: 9 },
    { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' }, inferenceConfig: { topK: 9 } },
    [],
  ],
  ['us.amazon.nova-2-lite-v1:0', { reasoning: { mode: 'disabled' } }, { reasoningConfig: { type: 'disabled' } }, []],
  [
    'openai.gpt-oss-120b-1:0',
    { reasoning: { budgetTokens: 9000 }, topK: 9 },
    { reasoning_effort: 'high' },
    ['reasoning.budgetTokens approximated', 'topK dropped'],
  ],
  ['openai.gpt-oss-120b-1:0', { reasoning: { effort: 'none' } }, undefined, ['reasoning.effort approximated']],
  [
    'qwen.qwen3-32b-v1:0',
    { reasoning: { effort: 'medium' } },
    { reasoning_config: 'high' },
    ['reasoning.effort approximated'],
  ],
  [
    'meta.llama3-1-8b-instruct-v1:0',
    { reasoning: { effort: 'high' }, topK: 9 },
    undefined,
    ['reasoning.effort dropped', 'topK dropped'],
  ],
];

describe('thinking is asked for in the words of the model’s vendor', () => {
  for (const [model, wish, fields, lost] of THINKING)
    it(`${model}: ${JSON.stringify(wish)}`, () => {
      const encoded = encode({ model, ...wish });
      assert.deepEqual(encoded.body['additionalModelRequestFields'], fields);
      assert.deepEqual(encoded.lost, lost);
    });

  it('of the vendor that the provider names, where the model’s name does not', () => {
    const model = 'arn:aws:bedrock:us-east-1:0:application-inference-profile/abc';
    assert.deepEqual(encode({ model, topK: 9 }).lost, ['topK dropped']);
    assert.deepEqual(encode({ model, topK: 9 }, { modelFamily: 'anthropic' }).lost, []);
  });
});

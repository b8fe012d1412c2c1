import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest, ReasoningSettings } from '../../model/request.ts';
import type { Loss } from '../codec.ts';
import type { OllamaChatDialect } from './dialect.ts';
import { ollamaChat } from './index.ts';

const USER = { role: 'user', content: [{ type: 'text', text: 'a' }] } as const;
const BASE: GenerationRequest = { model: 'm', messages: [USER], stream: false, streamUsage: false };
const TOOL = { type: 'function', name: 'f', description: 'd' } as const;

function encode(
  more: Partial<GenerationRequest>,
  dialect: OllamaChatDialect = {},
): { body: JsonObject; lost: readonly string[] } {
  const encoded = ollamaChat.encodeRequest({ ...BASE, ...more }, dialect);
  assert.ok(encoded.ok);
  const named = ({ path, instead }: Loss): string => `${path} ${instead}`;
  return { body: JSON.parse(JSON.stringify(encoded.value.body)) as JsonObject, lost: encoded.value.losses.map(named) };
}

const messagesOf = (...messages: readonly Message[]): unknown => encode({ messages }).body['messages'];
const userSays = (...content: readonly Part[]): Message => ({ role: 'user', content });

describe('a request to Ollama', () => {
  it('always says whether it wants a stream', () => {
    assert.deepEqual(encode({}).body, { model: 'm', messages: [{ role: 'user', content: 'a' }], stream: false });
    assert.equal(encode({ stream: true }).body['stream'], true);
  });

  it('makes paragraphs of the texts of a message, and sets its pictures beside them', () => {
    const picture: Part = { type: 'media', mediaType: 'image/png', source: { kind: 'base64', data: 'aGk=' } };
    const notes: Part = {
      type: 'media',
      mediaType: 'text/plain',
      source: { kind: 'text', text: 'c' },
      filename: 'n.txt',
    };
    const texts: readonly Part[] = [{ type: 'text', text: 'a' }, picture, { type: 'text', text: 'b' }, notes];
    assert.deepEqual(messagesOf(userSays(...texts)), [{ role: 'user', content: 'a\n\nb\n\nc', images: ['aGk='] }]);
    assert.deepEqual(encode({ messages: [userSays(...texts)] }).lost, [
      'messages[0].content[3].filename dropped',
      'messages[0].content[3] moved',
    ]);
  });

  it('puts the pieces of what a model said together as they were', () => {
    const content: readonly Part[] = ['a', ' b', '\nc'].map((text) => ({ type: 'text', text }));
    assert.deepEqual(messagesOf({ role: 'assistant', content }), [{ role: 'assistant', content: 'a b\nc' }]);
  });

  it('names the media that Ollama cannot see', () => {
    const far: Part = {
      type: 'media',
      mediaType: 'image/png',
      source: { kind: 'url', url: 'https://a.example/b.png' },
    };
    const pdf: Part = { type: 'media', mediaType: 'application/pdf', source: { kind: 'base64', data: 'aGk=' } };
    assert.deepEqual(encode({ messages: [userSays(far, pdf)] }).lost, [
      'messages[0].content[0] dropped',
      'messages[0].content[1] dropped',
    ]);
  });

  it('writes calls with their arguments as an object, and results under the names of tool and call', () => {
    const answer: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', signature: 's' },
        { type: 'text', text: 'b' },
        { type: 'tool-call', id: 'c1', name: 'f', argumentsJson: '{"x": 1}' },
      ],
    };
    const result = {
      type: 'tool-result',
      toolCallId: 'c1',
      content: [{ type: 'text', text: 'r' }],
      isError: true,
    } as const;
    const messages: readonly Message[] = [
      USER,
      answer,
      { role: 'tool', content: [result, { ...result, toolCallId: 'c2' }] },
    ];
    assert.deepEqual(messagesOf(...messages), [
      { role: 'user', content: 'a' },
      {
        role: 'assistant',
        content: 'b',
        thinking: 'hm',
        tool_calls: [{ id: 'c1', function: { name: 'f', arguments: { x: 1 } } }],
      },
      { role: 'tool', content: 'r', tool_name: 'f', tool_call_id: 'c1' },
      { role: 'tool', content: 'r', tool_call_id: 'c2' },
    ]);
    assert.deepEqual(encode({ messages }).lost, [
      'messages[1].content[0].signature dropped',
      'messages[2].content[0].isError approximated',
      'messages[2].content[1].isError approximated',
    ]);
  });

  it('puts settings among the options, beside those that only Ollama has', () => {
    const { body, lost } = encode({
      maxOutputTokens: 5,
      temperature: 1.5,
      topP: 0.5,
      topK: 3,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
      stopSequences: ['x'],
      extras: { 'ollama-chat': { keep_alive: '5m', options: { num_ctx: 9, mirostat: 1 } } },
    });
    assert.deepEqual(body['options'], {
      num_ctx: 9,
      num_predict: 5,
      temperature: 1.5,
      top_p: 0.5,
      top_k: 3,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      seed: 7,
      stop: ['x'],
      mirostat: 1,
    });
    assert.equal(body['keep_alive'], '5m');
    assert.deepEqual(lost, []);
  });

  it('asks for the context that the provider’s record names, unless the caller names one', () => {
    assert.deepEqual(encode({}, { contextTokens: 32_768 }).body['options'], { num_ctx: 32_768 });
    const own = { extras: { 'ollama-chat': { options: { num_ctx: 9 } } } };
    assert.deepEqual(encode(own, { contextTokens: 32_768 }).body['options'], { num_ctx: 9 });
  });

  it('writes a wanted shape as the word or the schema itself', () => {
    assert.equal(encode({ outputFormat: { type: 'json' } }).body['format'], 'json');
    const { body, lost } = encode({
      outputFormat: { type: 'json-schema', name: 'n', strict: true, schema: { type: 'object' } },
    });
    assert.deepEqual(body['format'], { type: 'object' });
    assert.deepEqual(lost, ['outputFormat.name dropped', 'outputFormat.strict dropped']);
    assert.equal('format' in encode({ outputFormat: { type: 'text' } }).body, false);
  });

  it('leaves the choice of tools to the model, and says so', () => {
    const wire = [
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} } } },
    ];
    assert.deepEqual(encode({ tools: [TOOL], toolChoice: { type: 'auto' } }).body['tools'], wire);
    const forced = encode({ tools: [TOOL], toolChoice: { type: 'required' }, parallelToolCalls: false });
    assert.deepEqual(forced.body['tools'], wire);
    assert.deepEqual(forced.lost, ['parallelToolCalls dropped', 'toolChoice dropped']);
    const none = encode({ tools: [TOOL], toolChoice: { type: 'none' } });
    assert.equal('tools' in none.body, false);
    assert.deepEqual(none.lost, ['toolChoice approximated', 'tools dropped']);
  });
});

const THINKING: readonly (readonly [ReasoningSettings, boolean | string | undefined, readonly string[]])[] = [
  [{ mode: 'enabled' }, true, []],
  [{ mode: 'disabled' }, false, []],
  [{ effort: 'none' }, false, []],
  [{ effort: 'low' }, 'low', []],
  [{ effort: 'xhigh' }, 'high', ['reasoning.effort approximated']],
  [{ effort: 'a little' }, true, ['reasoning.effort approximated']],
  [
    { mode: 'adaptive', budgetTokens: 9000 },
    true,
    ['reasoning.mode approximated', 'reasoning.budgetTokens approximated'],
  ],
  [{}, undefined, []],
];

describe('thinking is asked of Ollama', () => {
  for (const [reasoning, think, lost] of THINKING)
    it(`as ${think} for ${JSON.stringify(reasoning)}`, () => {
      const encoded = encode({ reasoning });
      assert.equal(encoded.body['think'], think);
      assert.deepEqual(encoded.lost, lost);
    });
});

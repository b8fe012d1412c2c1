import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { GenerationRequest, ReasoningSettings } from '../../model/request.ts';
import { providerById } from '../../providers/registry.ts';
import type { Encoded } from '../codec.ts';
import { objectOf } from '../read.ts';
import type { GeminiDialect } from './dialect.ts';
import { gemini } from './index.ts';

const HI: Message = { role: 'user', content: [{ type: 'text', text: 'hi' }] };
const BASE: GenerationRequest = { model: 'gemini-3-pro', messages: [HI], stream: false, streamUsage: true };

function encode(request: Partial<GenerationRequest>, dialect: GeminiDialect = {}): Encoded {
  const result = gemini.encodeRequest({ ...BASE, ...request }, dialect);
  assert.ok(result.ok);
  return result.value;
}

/** What Google's own record declares. */
const GOOGLE = (providerById('gemini')?.speaks[0]?.dialect ?? {}) as GeminiDialect;

const call = (name: string, extras: object = {}): Message['content'][number] => ({
  type: 'tool-call',
  id: `id_${name}`,
  name,
  argumentsJson: '{}',
  ...extras,
});
const CALLS: Message = { role: 'assistant', content: [{ type: 'text', text: 'a' }, call('f'), call('g')] };

const partsOf = ({ body }: Encoded, at: number): readonly JsonObject[] =>
  ((body['contents'] as readonly JsonObject[])[at]?.['parts'] ?? []) as readonly JsonObject[];

describe('calls that another vendor’s model made', () => {
  it('carry Google’s word for a signature at the first, where the model asks for one', () => {
    const [text, first, second] = partsOf(encode({ messages: [HI, CALLS] }, GOOGLE), 1);
    assert.equal(text?.['thoughtSignature'], undefined);
    assert.equal(first?.['thoughtSignature'], 'skip_thought_signature_validator');
    assert.equal(second?.['thoughtSignature'], undefined);
  });

  it('go as they are to older models and where nothing is declared', () => {
    const older = encode({ model: 'gemini-2.5-pro', messages: [HI, CALLS] }, GOOGLE);
    for (const encoded of [older, encode({ messages: [HI, CALLS] })])
      assert.ok(!JSON.stringify(encoded.body).includes('thoughtSignature'));
  });

  it('go as they are beside a signature of Gemini’s own', () => {
    const signed = call('g', { extras: { gemini: { thoughtSignature: 'c2ln' } } });
    const parts = partsOf(encode({ messages: [HI, { role: 'assistant', content: [call('f'), signed] }] }, GOOGLE), 1);
    assert.deepEqual(
      parts.map((part) => part['thoughtSignature']),
      [undefined, 'c2ln'],
    );
  });
});

describe('a thought that another vendor signed', () => {
  it('goes without its signature, which Gemini would refuse', () => {
    const thought = { type: 'reasoning', text: 'hm', signature: 'abc' } as const;
    const encoded = encode({ messages: [HI, { role: 'assistant', content: [thought] }] });
    assert.deepEqual(partsOf(encoded, 1), [{ text: 'hm', thought: true }]);
    assert.deepEqual(
      encoded.losses.map(({ path }) => path),
      ['messages[1].content[0].signature'],
    );
  });
});

describe('thinking asked for in the words of other vendors', () => {
  const thinking = (reasoning: ReasoningSettings, model: string): unknown => {
    const { body, losses } = encode({ reasoning, model }, GOOGLE);
    const { thinkingConfig } = (body['generationConfig'] ?? {}) as JsonObject;
    return [thinkingConfig, losses.map(({ path, instead }) => `${path} ${instead}`)];
  };

  it('becomes a level for models that know levels', () => {
    const model = 'gemini-3-pro';
    assert.deepEqual(thinking({ effort: 'high' }, model), [{ thinkingLevel: 'HIGH' }, []]);
    assert.deepEqual(thinking({ effort: 'xhigh' }, model), [
      { thinkingLevel: 'HIGH' },
      ['reasoning.effort approximated'],
    ]);
    assert.deepEqual(thinking({ mode: 'enabled', budgetTokens: 4096 }, model), [
      { thinkingLevel: 'MEDIUM', includeThoughts: true },
      ['reasoning.budgetTokens approximated'],
    ]);
    assert.deepEqual(thinking({ mode: 'adaptive' }, model), [{ includeThoughts: true }, []]);
    assert.deepEqual(thinking({ mode: 'disabled' }, model), [
      { thinkingLevel: 'LOW' },
      ['reasoning.mode approximated'],
    ]);
  });

  it('becomes a budget for models that know budgets', () => {
    const model = 'gemini-2.5-flash';
    assert.deepEqual(thinking({ effort: 'low' }, model), [{ thinkingBudget: 1024 }, ['reasoning.effort approximated']]);
    assert.deepEqual(thinking({ mode: 'enabled', budgetTokens: 31_999 }, model), [
      { thinkingBudget: 24_576, includeThoughts: true },
      ['reasoning.budgetTokens approximated'],
    ]);
    assert.deepEqual(thinking({ mode: 'disabled' }, model), [{ thinkingBudget: 0 }, []]);
  });

  it('goes as it came in Gemini’s own words, whatever the model', () => {
    for (const model of ['gemini-3-pro', 'gemini-2.5-flash'])
      assert.deepEqual(thinking({ budgetTokens: 31_999, extras: { gemini: { includeThoughts: false } } }, model), [
        { thinkingBudget: 31_999, includeThoughts: false },
        [],
      ]);
  });
});

describe('results of tools', () => {
  const messages = (text: string, isError = false): readonly Message[] => [
    HI,
    { role: 'assistant', content: [call('f')] },
    {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: 'id_f', content: [{ type: 'text', text }], isError }],
    },
    HI,
  ];
  const response = (text: string, isError?: boolean): unknown =>
    objectOf(partsOf(encode({ messages: messages(text, isError) }), 2)[0]?.['functionResponse'])?.['response'];

  it('are objects: their own, or one around their text', () => {
    assert.deepEqual(response('18C'), { output: '18C' });
    assert.deepEqual(response('{"temp":18}'), { temp: 18 });
    assert.deepEqual(response('no', true), { error: 'no' });
    assert.deepEqual(response('{"error":{"code":1}}', true), { error: { code: 1 } });
    // What would be read as something else is wrapped.
    assert.deepEqual(response('{"error":"no"}'), { output: '{"error":"no"}' });
    assert.deepEqual(response('{"output":"x"}'), { output: '{"output":"x"}' });
    assert.deepEqual(response('{ "temp": 18 }'), { output: '{ "temp": 18 }' });
  });

  it('are joined by what the user says behind them, and know the function they answer', () => {
    const [answer, words] = partsOf(encode({ messages: messages('x') }), 2);
    assert.equal(objectOf(answer?.['functionResponse'])?.['name'], 'f');
    assert.deepEqual(words, { text: 'hi' });
  });

  it('go without ids to servers that take none', () => {
    const { body } = encode({ messages: messages('x') }, { callIds: false });
    assert.ok(!JSON.stringify(body).includes('id_f'));
  });
});

describe('calls and results that a caller gave no ids', () => {
  it('go on without', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }, { functionCall: { name: 'g', args: {} } }] },
      { role: 'user', parts: ['f', 'g', 'gone'].map((name) => ({ functionResponse: { name, response: {} } })) },
    ];
    const request = gemini.decodeRequest({ contents }, { model: 'm', stream: false });
    assert.ok(request.ok);
    assert.deepEqual(encode(request.value).body, { contents });
  });
});

describe('a request for a server that knows no JSON Schema', () => {
  it('has its schemas in Google’s older form', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: ['string', 'null'] }, b: { type: 'array', items: { type: 'number' } } },
    };
    const { body } = encode(
      { tools: [{ type: 'function', name: 'f', inputSchema: schema }], outputFormat: { type: 'json-schema', schema } },
      { jsonSchema: false },
    );
    const older = {
      type: 'OBJECT',
      properties: { a: { type: 'STRING', nullable: true }, b: { type: 'ARRAY', items: { type: 'NUMBER' } } },
    };
    assert.deepEqual(body['tools'], [{ functionDeclarations: [{ name: 'f', parameters: older }] }]);
    assert.deepEqual(body['generationConfig'], { responseMimeType: 'application/json', responseSchema: older });
  });
});

describe('a conversation', () => {
  it('of nothing but instructions is spoken by the user', () => {
    const { body, losses } = encode({
      messages: [{ role: 'system', audience: 'developer', content: [{ type: 'text', text: 'a' }] }],
    });
    assert.deepEqual(body, { contents: [{ role: 'user', parts: [{ text: 'a' }] }] });
    assert.deepEqual(
      losses.map(({ instead }) => instead),
      ['moved'],
    );
  });

  it('has no empty text beside a call, which some of Google’s servers refuse', () => {
    const content = [{ type: 'text', text: '' } as const, call('f')];
    assert.equal(partsOf(encode({ messages: [HI, { role: 'assistant', content }] }), 1).length, 1);
  });

  it('names the type of a file by its address where the caller’s format does not', () => {
    const image = (url: string): unknown => {
      const content = [{ type: 'media', mediaType: 'image/*', source: { kind: 'url', url } } as const];
      return partsOf(encode({ messages: [{ role: 'user', content }] }), 0)[0]?.['fileData'];
    };
    const known = 'https://a.example/b.JPG?c=d.e';
    assert.deepEqual(image(known), { mimeType: 'image/jpeg', fileUri: known });
    for (const url of ['https://a.example/b', 'https://a.example/b.pdf', 'https://a.png/b'])
      assert.deepEqual(image(url), { fileUri: url });
  });
});

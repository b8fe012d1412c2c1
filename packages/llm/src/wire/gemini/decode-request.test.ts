import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { gemini } from './index.ts';

const ADDRESSED = { model: 'openai/gpt-lab:free', stream: true };
const HI = [{ role: 'user', parts: [{ text: 'hi' }] }];

function decode(body: JsonObject): GenerationRequest {
  const result = gemini.decodeRequest({ contents: HI, ...body }, ADDRESSED);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

function refusedPath(body: JsonObject): string | undefined {
  const result = gemini.decodeRequest({ contents: HI, ...body }, ADDRESSED);
  assert.ok(!result.ok);
  return result.failure.path;
}

const parts = (request: GenerationRequest): readonly Part[] => request.messages.flatMap(({ content }) => [...content]);
const call = (name: string, id?: string): Json => ({ functionCall: { name, args: {}, ...(id && { id }) } });
const result = (name: string, id?: string): Json => ({
  functionResponse: { name, response: { output: 'x' }, ...(id && { id }) },
});

describe('a request of a Gemini caller', () => {
  it('has its model and its wish for a stream in the address, whatever its body says', () => {
    const { model, stream, extras } = decode({ model: 'models/other' });
    assert.deepEqual({ model, stream, extras }, { ...ADDRESSED, extras: undefined });
    const refused = gemini.decodeRequest({ contents: HI });
    assert.equal(refused.ok, false);
  });

  it('is read alike in both letter cases', () => {
    const camel = decode({
      systemInstruction: { parts: [{ text: 'terse' }] },
      generationConfig: {
        topP: 0.5,
        maxOutputTokens: 9,
        responseMimeType: 'application/json',
        thinkingConfig: { thinkingBudget: 5 },
      },
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: {} }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
      safetySettings: [{ category: 'A' }],
    });
    const snake = decode({
      system_instruction: { parts: [{ text: 'terse' }] },
      generation_config: {
        top_p: 0.5,
        max_output_tokens: 9,
        response_mime_type: 'application/json',
        thinking_config: { thinking_budget: 5 },
      },
      tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: {} }] }],
      tool_config: { function_calling_config: { mode: 'any', allowed_function_names: ['f'] } },
      safety_settings: [{ category: 'A' }],
    });
    assert.deepEqual(snake, camel);
    assert.deepEqual(camel.toolChoice, { type: 'tool', name: 'f' });
    const media = (inline: Json): readonly Part[] => parts(decode({ contents: [{ parts: [inline] }] }));
    assert.deepEqual(
      media({ inline_data: { mime_type: 'image/png', data: 'aGk=' }, thought_signature: 'c2ln' }),
      media({ inlineData: { mimeType: 'image/png', data: 'aGk=' }, thoughtSignature: 'c2ln' }),
    );
  });

  it('may have one value where a list is due, and no role', () => {
    const request = decode({ contents: { parts: { text: 'hi' } }, tools: { functionDeclarations: { name: 'f' } } });
    assert.deepEqual(request.messages, [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
    assert.deepEqual(request.tools, [{ type: 'function', name: 'f' }]);
  });

  it('has its calls and results matched by name, in order, where they have no ids', () => {
    const request = decode({
      contents: [
        ...HI,
        { role: 'model', parts: [call('a'), call('b', 'own'), call('a'), call('b')] },
        { role: 'user', parts: [result('b'), result('a')] },
        { role: 'function', parts: [result('a'), result('b', 'own'), result('gone')] },
      ],
    });
    const ids = parts(request).flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
    assert.deepEqual(ids, ['call_0_a', 'own', 'call_2_a', 'call_3_b']);
    const [, , answers, ...more] = request.messages;
    assert.deepEqual(more, []);
    assert.deepEqual(
      answers?.content.map((part) => (part.type === 'tool-result' ? part.toolCallId : '')),
      ['own', 'call_0_a', 'call_2_a', 'own', 'result_4_gone'],
    );
  });

  it('keeps a signature on the very part that it came with', () => {
    const [text, made, thought] = parts(
      decode({
        contents: [
          ...HI,
          {
            role: 'model',
            parts: [
              { text: 'a', thoughtSignature: 'c2ln+/=' },
              { functionCall: { name: 'f' }, thoughtSignature: 'Zg==' },
              { text: 'hm', thought: true, thoughtSignature: 'aG0=' },
            ],
          },
        ],
      }),
    ).slice(1);
    assert.deepEqual(text?.extras, { gemini: { thoughtSignature: 'c2ln+/=' } });
    assert.deepEqual(made?.extras, { gemini: { thoughtSignature: 'Zg==' } });
    assert.deepEqual(thought, { type: 'reasoning', text: 'hm', signature: 'aG0=', extras: { gemini: {} } });
  });

  it('may describe arguments and answers in Google’s older schemas', () => {
    const older = { type: 'OBJECT', properties: { n: { type: 'INTEGER', nullable: true, minimum: 1 } } };
    const schema = { type: 'object', properties: { n: { type: ['integer', 'null'], minimum: 1 } } };
    const { tools, outputFormat } = decode({
      tools: [{ functionDeclarations: [{ name: 'f', parameters: older }] }],
      generationConfig: { responseMimeType: 'application/json', responseSchema: older },
    });
    assert.deepEqual(tools?.[0]?.type === 'function' && tools[0].inputSchema, schema);
    assert.deepEqual(outputFormat?.type === 'json-schema' && outputFormat.schema, schema);
  });

  it('says how much to think in tokens, in words, or not at all', () => {
    const thinking = (thinkingConfig: JsonObject): unknown => {
      const { extras: _, ...settings } = decode({ generationConfig: { thinkingConfig } }).reasoning ?? {};
      return settings;
    };
    assert.deepEqual(thinking({ thinkingBudget: 0 }), { mode: 'disabled' });
    assert.deepEqual(thinking({ thinkingBudget: -1 }), { mode: 'adaptive' });
    assert.deepEqual(thinking({ thinkingBudget: 512 }), { budgetTokens: 512 });
    assert.deepEqual(thinking({ thinkingLevel: 'LOW' }), { effort: 'low' });
    assert.deepEqual(thinking({ thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }), {});
  });

  it('keeps modes of calling that only Gemini has, beside the choice they amount to', () => {
    const config = { mode: 'VALIDATED', allowedFunctionNames: ['f', 'g'] };
    const { toolChoice, extras } = decode({ toolConfig: { functionCallingConfig: config } });
    assert.deepEqual(toolChoice, { type: 'auto' });
    assert.deepEqual(extras, { gemini: { toolConfig: { functionCallingConfig: config } } });
    assert.deepEqual(decode({ toolConfig: { functionCallingConfig: { mode: 'ANY' } } }).toolChoice, {
      type: 'required',
    });
  });

  it('keeps parts and tools that only Gemini has whole', () => {
    const code = { executableCode: { language: 'PYTHON', code: 'print(1)' } };
    const request = decode({
      contents: [...HI, { role: 'model', parts: [code] }],
      tools: [{ googleSearch: {}, codeExecution: {} }, { url_context: { a_b: 1 } }],
    });
    assert.deepEqual(parts(request)[1], { type: 'vendor', format: 'gemini', kind: 'executableCode', value: code });
    assert.deepEqual(
      request.tools?.map((tool) => (tool.type === 'vendor' ? [tool.kind, tool.value] : [])),
      [
        ['googleSearch', { googleSearch: {} }],
        ['codeExecution', { codeExecution: {} }],
        ['urlContext', { url_context: { a_b: 1 } }],
      ],
    );
  });

  it('is refused with the path of what is wrong', () => {
    const part = (wire: Json): JsonObject => ({ contents: [{ parts: [wire] }] });
    const wrong: readonly (readonly [JsonObject, string])[] = [
      [{ contents: 'hi' }, 'contents'],
      [{ contents: [] }, 'contents'],
      [{ contents: [{ role: 'system', parts: [] }] }, 'contents[0].role'],
      [part({ text: 1 }), 'contents[0].parts[0].text'],
      [part({ thoughtSignature: 1 }), 'contents[0].parts[0].thoughtSignature'],
      [part({ inlineData: { data: 'a' } }), 'contents[0].parts[0].inlineData.mimeType'],
      [part({ fileData: {} }), 'contents[0].parts[0].fileData.fileUri'],
      [part({ functionCall: { name: 'f', args: '{}' } }), 'contents[0].parts[0].functionCall.args'],
      [part({ functionResponse: {} }), 'contents[0].parts[0].functionResponse.name'],
      [part({ functionResponse: { name: 'f', response: 'x' } }), 'contents[0].parts[0].functionResponse.response'],
      [{ systemInstruction: 'terse' }, 'systemInstruction'],
      [{ tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
      [{ toolConfig: { functionCallingConfig: { mode: 1 } } }, 'toolConfig.functionCallingConfig.mode'],
      [{ generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
      [{ generationConfig: { maxOutputTokens: 0 } }, 'generationConfig.maxOutputTokens'],
      [{ generationConfig: { stopSequences: 'END' } }, 'generationConfig.stopSequences'],
      [
        { generationConfig: { thinkingConfig: { thinkingBudget: '1' } } },
        'generationConfig.thinkingConfig.thinkingBudget',
      ],
    ];
    for (const [body, path] of wrong) assert.equal(refusedPath(body), path);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { kindOf, LIMITS, refusalOf } from './attachments/attachment.ts';
import { chatBody } from './dialects/openai-chat.ts';
import { countSet, faultsOf, NO_SETTINGS, parametersOf } from './parameters.ts';
import { schemaFault } from './tools/schema-fault.ts';
import { declared, NEW_TOOL, toolFaults } from './tools/tool.ts';

const SCHEMA = '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}';

describe('parameters', () => {
  it('are sent as they were written, and those that were not are not', () => {
    const settings = {
      ...NO_SETTINGS,
      temperature: '0.2',
      maxTokens: '64',
      stop: 'END\n\nSTOP',
      effort: 'low',
      format: 'schema',
      schema: SCHEMA,
    } as const;
    const asked = { model: 'm', system: 'Be brief.', messages: [], tools: [] };
    assert.deepEqual(
      chatBody({ ...asked, parameters: parametersOf(settings) }, () => ''),
      {
        model: 'm',
        messages: [{ role: 'system', content: 'Be brief.' }],
        temperature: 0.2,
        max_completion_tokens: 64,
        stop: ['END', 'STOP'],
        reasoning_effort: 'low',
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: JSON.parse(SCHEMA) } },
      },
    );
    assert.deepEqual(
      chatBody({ ...asked, system: ' ', parameters: parametersOf(NO_SETTINGS) }, () => ''),
      {
        model: 'm',
        messages: [],
      },
    );
    assert.deepEqual([countSet(NO_SETTINGS), countSet(settings)], [0, 5]);
  });

  it('have bounds, each said by name', () => {
    const wrong = { temperature: '3', topP: '1.5', maxTokens: '0.5', seed: 'x', presencePenalty: '-3' };
    assert.deepEqual(Object.keys(faultsOf({ ...NO_SETTINGS, ...wrong })), Object.keys(wrong));
    assert.deepEqual(faultsOf({ ...NO_SETTINGS, temperature: '0', seed: '-7', frequencyPenalty: '2' }), {});
    assert.deepEqual(parametersOf({ ...NO_SETTINGS, ...wrong }), {});
    assert.ok(faultsOf({ ...NO_SETTINGS, format: 'schema' }).schema);
  });
});

describe('a schema', () => {
  const faults = [
    ['', /Write a JSON Schema/],
    ['{', /no JSON/],
    ['[]', /is an object/],
    ['{"type":"array"}', /"type": "object"/],
    ['{"type":"object","properties":{"a":{"type":"text"}}}', /^properties\.a\.type: "text" is no type/],
    ['{"type":"object","properties":[]}', /^properties: an object/],
    ['{"type":"object","properties":{"a":{"enum":[]}}}', /^properties\.a\.enum/],
    ['{"type":"object","required":"a"}', /^required: a list/],
    ['{"type":"object","properties":{},"required":["a"]}', /“a” is not among/],
    [
      '{"type":"object","properties":{"a":{"items":{"anyOf":[{"type":"x"}]}}}}',
      /^properties\.a\.items\.anyOf\.0\.type/,
    ],
  ] as const;
  for (const [text, fault] of faults)
    it(`is refused with its place: ${text || 'nothing'}`, () => assert.match(schemaFault(text) ?? '', fault));

  it('is taken where it is one', () => {
    assert.equal(schemaFault(SCHEMA), undefined);
    assert.equal(schemaFault('{"type":"object","additionalProperties":false}'), undefined);
  });
});

describe('a tool', () => {
  it('needs a name of its own that all dialects take', () => {
    assert.deepEqual(Object.keys(toolFaults(NEW_TOOL, [])), ['name']);
    assert.deepEqual(toolFaults({ ...NEW_TOOL, name: 'get_weather' }, []), {});
    for (const name of ['get weather', '1st', 'a'.repeat(65), 'taken'])
      assert.ok(toolFaults({ ...NEW_TOOL, name }, ['taken']).name, name);
    assert.deepEqual(declared([{ name: 'a', description: 'b', schema: SCHEMA }]), [
      { name: 'a', description: 'b', parameters: JSON.parse(SCHEMA) },
    ]);
  });
});

describe('an attachment', () => {
  it('is an image, a PDF or a text, up to a size and a number', () => {
    const file = (name: string, type: string, size = 1) => ({ name, type, size });
    assert.equal(kindOf(file('a.png', 'image/png')), 'image');
    assert.equal(kindOf(file('a.pdf', 'application/pdf')), 'document');
    assert.equal(kindOf(file('a.md', '')), 'text');
    assert.equal(kindOf(file('a.svg', 'image/svg+xml')), undefined);
    assert.match(refusalOf(file('a.exe', 'application/octet-stream'), []) ?? '', /neither an image/);
    assert.match(refusalOf(file('a.png', 'image/png', LIMITS.image + 1), []) ?? '', /too large.*5 MB/);
    assert.match(refusalOf(file('a.png', 'image/png'), [{ bytes: 16_000_000 }]) ?? '', /beside the others/);
    assert.match(
      refusalOf(
        file('a.png', 'image/png'),
        Array.from({ length: 10 }, () => ({ bytes: 1 })),
      ) ?? '',
      /10/,
    );
    assert.equal(refusalOf(file('a.png', 'image/png', LIMITS.image), []), undefined);
  });
});

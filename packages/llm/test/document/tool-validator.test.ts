import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';

const WEATHER: kit.ChatTool = {
  name: 'get_weather',
  description: 'Get weather for a location',
  inputSchema: {
    type: 'object',
    properties: { location: { type: 'string' }, unit: { enum: ['C', 'F'] } },
    required: ['location'],
  },
};

const call = (args: string, name = 'get_weather', id = 'call_1'): kit.ChatToolCall => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

describe('Tools before they are sent, and calls before they are run', () => {
  const validator = kit.newToolValidator();

  it('a definition needs a name, a description and a schema of an object', () => {
    assert.deepEqual(validator.validateDefinition(WEATHER), []);
    const issues = validator.validateDefinition({ name: 'get weather', inputSchema: { type: 'string' } });
    assert.deepEqual(
      issues.map((each) => each.split(' ')[0]),
      ['name', 'description', 'inputSchema.type'],
    );
    assert.match(validator.validateDefinition({ name: 'x', description: 'y' }).join(), /inputSchema is missing/);
  });

  it('a call needs an id, a known name, and arguments that its schema takes', () => {
    assert.deepEqual(validator.validateCall(call('{"location":"Paris","unit":"C"}'), [WEATHER]), []);
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['{"location":', /no JSON/],
      ['[]', /must be an object/],
      ['{}', /location/],
      ['{"location":7}', /location.*string/],
      ['{"location":"Paris","unit":"K"}', /unit/],
    ];
    for (const [args, issue] of wrong) assert.match(validator.validateCall(call(args), [WEATHER]).join(), issue, args);
    assert.match(validator.validateCall(call('{}', 'nobody'), [WEATHER]).join(), /No tool is called "nobody"/);
    assert.match(
      validator.validateCall(call('{"location":"x"}', 'get_weather', ''), [WEATHER]).join(),
      /id is missing/,
    );
  });

  it('what a schema does not name is wrong where it shall be', () => {
    const more = call('{"location":"Paris","mood":"good"}');
    assert.deepEqual(validator.validateCall(more, [WEATHER]), []);
    assert.match(kit.newToolValidator({ strict: true }).validateCall(more, [WEATHER]).join(), /mood/);
  });
});

describe('Calls of tools and their answers in a conversation', () => {
  const validator = kit.newToolValidator();
  const asked: kit.ChatMessage = {
    role: 'assistant',
    toolCalls: [call('{}', 'get_weather', 'a'), call('{}', 'get_weather', 'b')],
  };
  const answered = (toolCallId: string): kit.ChatMessage => ({ role: 'tool', toolCallId, content: 'Rain.' });
  const said: kit.ChatMessage = { role: 'user', content: 'And?' };

  it('are sound where every call has its answer', () => {
    const messages = [said, asked, answered('b'), answered('a'), said];
    assert.deepEqual([validator.validateSequence(messages), validator.pendingCalls(messages)], [[], []]);
    assert.deepEqual(validator.repair(messages), messages);
  });

  it('are told where one is missing or answers nobody, and repaired', () => {
    const messages = [answered('x'), asked, answered('a'), answered('a'), said];
    assert.deepEqual(validator.validateSequence(messages), [
      { kind: 'orphan_response', toolCallId: 'x', at: 0 },
      { kind: 'missing_response', toolCallId: 'b', at: 1 },
      { kind: 'orphan_response', toolCallId: 'a', at: 3 },
    ]);
    assert.deepEqual(
      validator.pendingCalls(messages).map(({ id }) => id),
      ['b'],
    );
    const repaired = validator.repair(messages, 'Nothing came.');
    assert.deepEqual(repaired, [
      asked,
      answered('a'),
      { role: 'tool', toolCallId: 'b', content: 'Nothing came.' },
      said,
    ]);
    assert.deepEqual(validator.validateSequence(repaired), []);
  });
});

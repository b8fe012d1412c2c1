import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { Encoded } from '../codec.ts';
import { openAiChat } from '../openai-chat/index.ts';
import { anthropicMessages } from './index.ts';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };

function crossed(members: JsonObject): Encoded {
  const request = openAiChat.decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'a' }], ...members });
  assert.ok(request.ok);
  const encoded = anthropicMessages.encodeRequest(request.value, {});
  assert.ok(encoded.ok);
  return encoded.value;
}

describe('a schema of OpenAI’s for the answer', () => {
  const format = (more: JsonObject): JsonObject => ({
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema: SCHEMA, ...more } },
  });

  it('is carried, and what is said beside it is named as lost', () => {
    const { body, losses } = crossed(format({ description: 'Where it is.', strict: true }));
    assert.deepEqual(body['output_config'], { format: { type: 'json_schema', schema: SCHEMA } });
    assert.deepEqual(
      losses.map(({ path, instead }) => `${path};${instead}`),
      ['outputFormat.name;dropped', 'outputFormat.description;dropped', 'outputFormat.strict;approximated'],
    );
  });

  it('names nothing lost that was not said', () => {
    const { losses } = crossed(format({ strict: null }));
    assert.deepEqual(
      losses.map(({ path }) => path),
      ['outputFormat.name'],
    );
  });
});

describe('a request made of the model’s own words', () => {
  const encoded = (members: Partial<GenerationRequest>): Encoded => {
    const said = [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] as const;
    const result = anthropicMessages.encodeRequest(
      { model: 'm', messages: said, stream: false, streamUsage: false, ...members },
      {},
    );
    assert.ok(result.ok);
    return result.value;
  };

  it('thinks within a budget though nobody said that it thinks', () => {
    const { body, losses } = encoded({ reasoning: { budgetTokens: 3000 } });
    assert.deepEqual(body['thinking'], { type: 'enabled', budget_tokens: 3000 });
    assert.deepEqual(losses, []);
  });

  it('thinks where a choice of tools is lost with the tools', () => {
    const { body, losses } = encoded({ reasoning: { effort: 'high' }, toolChoice: { type: 'required' }, tools: [] });
    assert.deepEqual(body['thinking'], { type: 'enabled', budget_tokens: 8191 });
    assert.deepEqual(
      losses.map(({ path, instead }) => `${path};${instead}`),
      ['toolChoice;dropped', 'reasoning.effort;approximated'],
    );
  });

  it('keeps the members of a message that joins the results before it', () => {
    const { body } = encoded({
      messages: [
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', content: [], isError: false }] },
        { role: 'user', content: [{ type: 'text', text: 'a' }], extras: { 'anthropic-messages': { x: 1 } } },
      ],
    });
    const content = [
      { type: 'tool_result', tool_use_id: 'c' },
      { type: 'text', text: 'a' },
    ];
    assert.deepEqual(body['messages'], [{ role: 'user', content, x: 1 }]);
  });

  it('names the members of a message that says nothing and is left out', () => {
    const { losses } = encoded({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', content: [], extras: { 'anthropic-messages': { x: 1 } } },
      ],
    });
    assert.deepEqual(
      losses.map(({ path, instead }) => `${path};${instead}`),
      ['messages[1].x;dropped'],
    );
  });
});

describe('a call of another vendor’s', () => {
  it('has an id that Anthropic takes, and its result the same one', () => {
    const id = 'functions.weather:0';
    const call = { id, type: 'function', function: { name: 'weather', arguments: '{}' } };
    const { body, losses } = crossed({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: id, content: 'rain' },
      ],
    });
    const text = JSON.stringify(body);
    assert.match(text, /"type":"tool_use","id":"functions_weather_0"/);
    assert.match(text, /"tool_use_id":"functions_weather_0"/);
    assert.deepEqual(
      losses.map(({ path }) => path),
      ['messages[1].content[0].id', 'messages[2].content[0].toolCallId'],
    );
  });
});

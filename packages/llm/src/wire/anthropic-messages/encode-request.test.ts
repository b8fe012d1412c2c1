import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../model/json.ts';
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

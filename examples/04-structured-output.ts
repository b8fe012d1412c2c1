/** Answers that fit a schema, checked before they are given out. */
import { createClient, generateObject } from '@patchbay/llm';
import { scriptedExchange } from '@patchbay/llm/testing';

const exchange = scriptedExchange(['{"name":"Ada","born":1815}']);
const client = createClient({ exchange, credentials: { openai: 'your-api-key' } });
const ask = { model: 'openai/gpt-5', prompt: 'Who wrote the first program?' };
const { object } = await generateObject(client, ask, {
  schema: {
    type: 'object',
    properties: { name: { type: 'string' }, born: { type: 'integer' } },
    required: ['name', 'born'],
    additionalProperties: false,
  },
});
console.log(object); // → { name: 'Ada', born: 1815 }

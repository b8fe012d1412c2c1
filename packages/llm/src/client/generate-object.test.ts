import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';

import { z } from 'zod';

import type { Json, JsonObject } from '../model/json.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { createClient } from './create-client.ts';
import { generateObject, streamObject } from './generate-object.ts';
import { LlmError } from './llm-error.ts';

/** A model in OpenAI's dialect that gives one text after another, whole or streamed. */
async function modelOf(texts: readonly string[], finish = 'stop') {
  const asked: JsonObject[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const json = JSON.parse(body) as JsonObject;
      asked.push(json);
      const text = texts[asked.length - 1] ?? '';
      const base = { id: 'x', created: 1, model: 'm' };
      if (json['stream'] !== true) {
        const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }];
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...base, choices }));
        return;
      }
      response.setHeader('content-type', 'text/event-stream');
      for (const content of text.match(/[\s\S]{1,9}/g) ?? [])
        response.write(`data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta: { content } }] })}\n\n`);
      const last = { ...base, choices: [{ index: 0, delta: {}, finish_reason: finish }] };
      response.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    client: createClient({ providers: [{ ...PROVIDERS.openai, baseUrl }], credentials: { openai: 'k' } }),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const ASK = { model: 'openai/gpt-4o', prompt: 'Who?' };
const Person = z.object({ name: z.string(), age: z.number().int() });

describe('an object by a schema', () => {
  it('is checked and typed, and asked for in the provider’s own way', async () => {
    await using model = await modelOf(['{"name":"Ada","age":36}']);
    const { object, refused } = await generateObject(model.client, ASK, { schema: Person, name: 'person' });
    const age: number = object.age;
    assert.deepEqual([object.name, age, refused], ['Ada', 36, undefined]);
    const format = model.asked[0]?.['response_format'] as { json_schema?: JsonObject } | undefined;
    assert.equal(format?.json_schema?.['name'], 'person');
  });

  it('is mended once: the model is told what is wrong', async () => {
    await using model = await modelOf(['{"name":"Ada","age":"old"}', '```json\n{"name":"Ada","age":36}\n```']);
    const { object, refused } = await generateObject(model.client, ASK, { schema: Person });
    assert.equal(object.age, 36);
    assert.match(refused?.text ?? '', /old/);
    const messages = model.asked[1]?.['messages'] as unknown as readonly JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
    assert.match(JSON.stringify(messages[2]), /does not fit the schema: age: .*number/);
  });

  it('fails after exactly one round of mending', async () => {
    await using model = await modelOf(['{"name":1}', 'no', '{"name":"Ada","age":36}']);
    const error = await generateObject(model.client, ASK, { schema: Person }).then(
      () => assert.fail('it must fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof LlmError);
    assert.equal(error.failure.kind, 'protocol');
    assert.match(error.message, /it is no JSON/);
    assert.equal(model.asked.length, 2);
    assert.equal(error.attempts.length, 2);
  });

  it('does not ask again when the answer was cut off', async () => {
    await using model = await modelOf(['{"name":"A'], 'length');
    await assert.rejects(generateObject(model.client, ASK, { schema: Person }), /ended before it fitted .*length/);
    assert.equal(model.asked.length, 1);
  });

  it('is checked by JSON Schema where that is all there is', async () => {
    const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const;
    await using model = await modelOf(['{}', '{"n":1}']);
    const { object } = await generateObject(model.client, ASK, { schema });
    assert.deepEqual(object, { n: 1 });
  });

  it('comes piece by piece', async () => {
    const whole = { name: 'Ada Lovelace, Countess', age: 36 };
    await using model = await modelOf([JSON.stringify(whole)]);
    const stream = streamObject(model.client, ASK, { schema: Person });
    const seen: Json[] = [];
    for await (const part of stream.partialObjectStream) seen.push(part);
    assert.ok(seen.length > 1);
    assert.match(JSON.stringify(seen[0]), /^\{"name":"Ada/);
    assert.deepEqual(seen.at(-1), whole);
    assert.deepEqual((await stream.result()).object, whole);
  });
});

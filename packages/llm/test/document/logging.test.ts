import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as llm from '../../src/index.ts';
import { beginSse, chatAnswer, endSse, json, startFake, type Answer, type FakeProvider } from './fake-provider.ts';

const KEY = 'sk-canary0123456789abcdef';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function fake(answer: Answer): Promise<FakeProvider> {
  const server = await startFake(answer);
  open.push(server);
  return server;
}

const clientOf = (server: FakeProvider, more: llm.ClientOptions): llm.Client =>
  llm.createClient({
    providers: [{ ...llm.PROVIDERS.openai, baseUrl: `${server.url}/v1` }],
    credentials: { openai: KEY },
    attemptsMax: 1,
    ...more,
  });

/** A logger that keeps its lines as text. */
function kept(): { readonly logger: llm.Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string, fields: llm.LogFields) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

describe('Enabling Debug Logging', () => {
  it('writes what happens, at the level that is asked for', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const { logger, lines } = kept();
    await clientOf(server, { observer: llm.observeLog({ logger, level: 'debug' }) }).generate({
      model: 'openai/gpt-4o',
      prompt: 'x',
    });
    const messages = lines.map((line) => line.slice(0, line.indexOf(' {')));
    assert.deepEqual(messages, [
      'debug Call started',
      'debug Attempt started',
      'debug Attempt answered',
      'info Call answered',
    ]);
    assert.match(lines[3] ?? '', /"providerId":"openai".*"usage":\{"inputTokens":3/);
  });

  it('takes the console as it is', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const observer = llm.observeLog({ logger: console, level: 'error' });
    assert.equal((await clientOf(server, { observer }).generate({ model: 'openai/gpt-4o', prompt: 'x' })).text, 'ok');
  });
});

describe('Request/Response Inspection', () => {
  it('logs HTTP requests and answers with their bodies, and without keys', async () => {
    const server = await fake((response) =>
      json(response, 200, chatAnswer(`Your key is ${KEY}.`), { 'set-cookie': 'session=canary', 'x-request-id': 'r-1' }),
    );
    const { logger, lines } = kept();
    const exchange = llm.loggedExchange(llm.fetchExchange(), { logger, level: 'debug', bodyBytesMax: 4096 });
    const answer = await clientOf(server, { exchange }).generate({
      model: 'openai/gpt-4o',
      prompt: `Is Bearer ${KEY} a key?`,
    });
    assert.equal(answer.text, `Your key is ${KEY}.`, 'only what is written is changed');
    const text = lines.join('\n');
    assert.match(text, /^debug Request POST http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions /m);
    assert.match(text, /^debug Answer 200 to POST .*"x-request-id":"r-1"/m);
    assert.match(text, /Your key is \[secret\]/);
    assert.ok(!text.includes('canary'), text);
  });

  it('inspects streams as they pass', async () => {
    const server = await fake((response) => {
      beginSse(response, ['one', ' two']);
      endSse(response);
    });
    const seen: string[] = [];
    const observer: llm.CallObserver = { event: (_call, { type }) => seen.push(type) };
    const { logger, lines } = kept();
    const exchange = llm.loggedExchange(llm.fetchExchange(), { logger, level: 'debug', bodyBytesMax: 4096 });
    await clientOf(server, { exchange, observer }).stream({ model: 'openai/gpt-4o', prompt: 'x' }).result();
    assert.deepEqual([seen[0], seen.at(-1)], ['response-start', 'finish']);
    assert.equal(seen.filter((type) => type === 'part-delta').length, 2);
    assert.match(lines.at(-1) ?? '', /^debug Body of the answer 200 .*\[DONE\]/);
  });
});

describe('Logging configuration', () => {
  it('writes structured lines of what failed, without what the provider repeats', async () => {
    const server = await fake((response) =>
      json(response, 401, { error: { message: `Incorrect API key provided: ${KEY}.`, code: 'invalid_api_key' } }),
    );
    const { logger, lines } = kept();
    const client = clientOf(server, { observer: llm.observeLog({ logger, level: 'warn' }) });
    await assert.rejects(client.generate({ model: 'openai/gpt-4o', prompt: 'x' }));
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^warn Attempt failed .*"kind":"authentication"/);
    assert.match(lines[1] ?? '', /^error Call failed /);
    assert.ok(!lines.join('').includes('canary'), lines.join('\n'));
  });
});

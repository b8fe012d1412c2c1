import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { ProviderRecord } from '../providers/define-provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { speechFor } from '../providers/speech-for.ts';
import { startSimulatorServer, type SimulatorServer } from '../testing/simulator-server.ts';
import { createClient } from './create-client.ts';
import { LlmError } from './llm-error.ts';

const records: readonly ProviderRecord[] = Object.values(PROVIDERS);
const chatting = records.filter((record) => speechFor(record, 'echo') !== undefined);

describe('every provider with chats', () => {
  let server: SimulatorServer;
  before(async () => {
    server = await startSimulatorServer();
  });
  after(() => server.close());

  const variablesOf = (record: ProviderRecord): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.values(record.variables ?? {}).map(({ env }) => [env, 'one']));
  const clientFor = (record: ProviderRecord) =>
    createClient({
      providers: [record, PROVIDERS.anthropic, PROVIDERS.openai].map((each) => ({ ...each, baseUrl: server.url })),
      variables: variablesOf(record),
      random: () => 0,
    });
  const credentials = (record: ProviderRecord) => ({
    [record.id]: { accessToken: 'token' },
    anthropic: { accessToken: 'token' },
    openai: { accessToken: 'token' },
  });

  it('is every one but those that make vectors alone', () => {
    const others = records.filter((record) => !chatting.includes(record));
    assert.deepEqual(
      others.map(({ id }) => id),
      ['voyage'],
    );
  });

  for (const record of chatting)
    it(`${record.id} answers, streams, is left, and hands its conversation over`, async () => {
      const client = clientFor(record);
      const options = { credentials: credentials(record) };
      const whole = await client.generate({ model: `${record.id}/echo`, prompt: 'one two' }, options);
      const streamed = await client.stream({ model: `${record.id}/echo`, prompt: 'one two' }, options).result();
      assert.deepEqual([whole.text, streamed.text, whole.provider], ['one two', 'one two', record.id]);

      const leaving = new AbortController();
      const silent = client.generate(
        { model: `${record.id}/silent`, prompt: 'hi' },
        { ...options, signal: leaving.signal },
      );
      setImmediate(() => leaving.abort());
      await assert.rejects(silent, (error) => error instanceof LlmError && error.failure.kind === 'cancelled');

      const tools = { weather: { inputSchema: { type: 'object', properties: { city: { type: 'string' } } } } };
      const called = await client.generate({ model: `${record.id}/tools`, prompt: 'Weather?', tools }, options);
      const [call] = called.toolCalls;
      assert.ok(call !== undefined);
      const thought = await client.generate({ model: `${record.id}/reasoning`, prompt: 'Think.' }, options);
      const other = record.id === 'anthropic' ? 'openai' : 'anthropic';
      const answer = await client.generate(
        {
          model: [`${record.id}/503`, `${other}/echo`],
          messages: [
            { role: 'user', content: 'Think.' },
            thought.message,
            { role: 'user', content: 'Weather?' },
            called.message,
            { role: 'tool', toolCallId: call.id, content: 'rain' },
          ],
          prompt: 'And now?',
          tools,
        },
        options,
      );
      assert.deepEqual([answer.text, answer.provider], ['And now?', other]);
      const sent = server.requests.at(-1)?.body ?? '';
      assert.match(sent, /rain/);
      // The simulator's signature is not the other provider's.
      assert.equal(sent.includes('c2ltdWxhdGVkLXNpZ25hdHVyZQ'), false);
    });
});

describe('signed thoughts', () => {
  it('go back to who signed them', async () => {
    const server = await startSimulatorServer();
    const client = createClient({
      providers: [{ ...PROVIDERS.anthropic, baseUrl: server.url }],
      credentials: { anthropic: 'k' },
    });
    const first = await client.stream({ model: 'anthropic/reasoning', prompt: 'Think.' }).result();
    const history = [{ role: 'user', content: 'Think.' }, first.message] as const;
    await client.generate({ model: 'anthropic/echo', messages: history, prompt: 'Go on.' });
    await server.close();
    assert.match(server.requests.at(-1)?.body ?? '', /"signature":"c2ltdWxhdGVkLXNpZ25hdHVyZQ==/);
  });
});

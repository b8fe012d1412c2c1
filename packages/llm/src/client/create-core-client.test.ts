import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { anthropic } from '../anthropic.ts';
import { Secret } from '../credentials/secret.ts';
import { gemini } from '../gemini.ts';
import { openai } from '../openai.ts';
import { startSimulatorServer, type SimulatorServer } from '../testing/simulator-server.ts';
import { createCoreClient } from './create-core-client.ts';

describe('a core client', () => {
  let server: SimulatorServer;
  before(async () => {
    server = await startSimulatorServer();
  });
  after(() => server.close());

  for (const [id, provider] of Object.entries({ openai, anthropic, gemini }))
    it(`answers and streams with ${id} alone`, async () => {
      const client = createCoreClient({ providers: [provider({ apiKey: 'k', baseUrl: server.url })] });
      const whole = await client.generate({ model: `${id}/echo`, prompt: 'one two' });
      const streamed = await client.stream({ model: `${id}/echo`, prompt: 'one two' }).result();
      assert.deepEqual([whole.text, streamed.text, whole.cost], ['one two', 'one two', undefined]);
    });

  it('falls back among the providers it carries, and knows no others', async () => {
    const at = { apiKey: 'k', baseUrl: server.url };
    const client = createCoreClient({ providers: [openai(at), anthropic(at)] });
    const answer = await client.generate({ model: ['openai/429', 'anthropic/echo'], prompt: 'hi' });
    assert.equal(answer.provider, 'anthropic');
    await assert.rejects(client.generate({ model: 'groq/llama', prompt: 'hi' }), /openai, anthropic/);
  });

  it('says what to do about accounts and formats that it does not carry', async () => {
    const { record } = openai({ baseUrl: server.url });
    const bare = createCoreClient({ providers: [{ record, codecs: [], keys: 'k' }] });
    await assert.rejects(
      bare.generate({ model: 'openai/echo', prompt: 'hi' }),
      /does not carry the format openai-chat/,
    );
    const client = createCoreClient({ providers: [openai({ baseUrl: server.url })] });
    const credential = {
      kind: 'aws',
      id: 'amazon',
      accessKeyId: 'A',
      secretAccessKey: new Secret('s'),
      region: 'eu-west-1',
    } as const;
    await assert.rejects(
      client.generate({ model: 'openai/echo', prompt: 'hi' }, { credential }),
      /amazon cannot be presented/,
    );
  });
});

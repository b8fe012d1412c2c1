import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { deployedRecord } from '@patchbay/llm/providers/deployed-record';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import type { WireFormatId } from '@patchbay/llm/model/extras';
import { speechFor } from '@patchbay/llm/providers/speech-for';
import { PROVIDERS } from '@patchbay/llm/providers/registry';
import { startSimulatorServer, type SimulatorServer } from '@patchbay/llm/testing/simulator-server';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import { sendJson, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from './support/test-gateway.ts';

const QUESTION = 'one two three';
const records: readonly ProviderRecord[] = Object.values<ProviderRecord>(PROVIDERS).filter(
  ({ id }) => id !== 'simulator',
);
/** Those whose requests carry their key as it is; accounts that sign are tried where signing is. */
const keyed = records.filter(
  (record) =>
    ['bearer', 'header', 'none'].includes(record.auth[0].kind) &&
    deployedRecord(record, () => undefined, 'http://x').ok,
);
const talking = keyed.filter(({ speaks: [first] }) => first !== undefined && first.format in WIRE_FORMATS);

/** How callers of two dialects ask, and where each finds the text of the answer. */
const CALLERS = {
  'openai-chat': {
    path: '/v1/chat/completions',
    ask: (model: string) => ({ model, messages: [{ role: 'user', content: QUESTION }] }),
    textOf: (answer: { choices: readonly { message: { content: string } }[] }) => answer.choices[0]?.message.content,
  },
  'anthropic-messages': {
    path: '/v1/messages',
    ask: (model: string) => ({ model, max_tokens: 50, messages: [{ role: 'user', content: QUESTION }] }),
    textOf: (answer: { content: readonly { text: string }[] }) => answer.content[0]?.text,
  },
} as const;

/** The header that carries the key of a provider's first scheme. */
function signatureOf({ auth: [scheme] }: ProviderRecord): readonly [string, string | undefined] {
  if (scheme.kind === 'header') return [scheme.header, 'canary-key'];
  return ['authorization', scheme.kind === 'bearer' ? 'Bearer canary-key' : undefined];
}

describe('a chat with every provider', () => {
  let simulator: SimulatorServer;
  let gateway: TestGateway;
  before(async () => {
    simulator = await startSimulatorServer();
    gateway = await startGateway(talking.map(({ id }) => provider(id, `${simulator.url}/base`, 'canary-key')));
  });
  after(async () => {
    await gateway.close();
    await simulator.close();
  });

  for (const record of talking)
    for (const [format, caller] of Object.entries(CALLERS))
      it(`${record.id}, asked by ${format}`, async () => {
        const response = await post(gateway, caller.path, caller.ask(`${record.id}/echo`));
        assert.equal(response.status, 200);
        assert.equal(caller.textOf((await response.json()) as never), QUESTION);
        const seen = simulator.requests.at(-1);
        const spoken = speechFor(record, 'echo', format as WireFormatId);
        assert.equal(seen?.path, `/v1/base${spoken?.path.replace('{model}', 'echo')}`);
        const [header, value] = signatureOf(record);
        assert.equal(seen?.headers[header], value);
        for (const [name, text] of Object.entries(record.headers ?? {})) assert.equal(seen?.headers[name], text);
        await gateway.nextRecord();
      });
});

describe('everything else that every provider serves', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  before(async () => {
    upstream = await startUpstream((_, response) => sendJson(response, 200, { object: 'list', data: [] }));
    gateway = await startGateway(keyed.map(({ id }) => provider(id, `${upstream.url}/base`, 'canary-key')));
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });

  for (const { id, serves = {} } of keyed)
    for (const [endpoint, { path }] of Object.entries(serves))
      it(`${id} is asked for ${endpoint} at ${path}`, async () => {
        const response = await post(gateway, `/v1/${endpoint}`, { model: `${id}/m`, input: 'a' });
        assert.equal(response.status, 200);
        assert.equal(upstream.seen.at(-1)?.path, `/base${path}`);
        assert.equal((JSON.parse(String(upstream.seen.at(-1)?.body)) as { model: string }).model, 'm');
        await gateway.nextRecord();
      });

  it('and a provider without chats says what it serves instead', async () => {
    const response = await post(gateway, '/v1/chat/completions', CALLERS['openai-chat'].ask('voyage/voyage-4'));
    assert.equal(response.status, 404);
    assert.match(await response.text(), /Voyage AI has no chats\. It serves \/v1\/embeddings and \/v1\/rerank\./);
    await gateway.nextRecord();
  });
});

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { logUsage } from '../../src/diagnosis/checks/log-usage.ts';
import { promptCacheBroken } from '../../src/diagnosis/checks/prompt-cache-broken.ts';
import { translationFidelity } from '../../src/diagnosis/checks/translation-fidelity.ts';
import type { Check } from '../../src/diagnosis/check.ts';
import { examine } from '../../src/diagnosis/examine.ts';
import { FidelityBook } from '../../src/diagnosis/watch/fidelity-book.ts';
import { PromptBook } from '../../src/diagnosis/watch/prompt-book.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { ADMIN_KEY, startManagement } from '../management/management-gateway.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_SETTINGS, type TestGateway } from '../support/test-gateway.ts';

const clock = systemClock;
const WORDS = 'canary words of a long prompt that nobody may read. '.repeat(100);
const TOOL = { name: 'look_up', description: 'Looks something up.', input_schema: { type: 'object', properties: {} } };

interface Turn {
  readonly role: string;
  readonly content: unknown;
}

describe('prompts of a conversation', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let prompts: PromptBook;
  let cached = { read: 0, write: 0 };
  before(async () => {
    upstream = await startUpstream((_request, response) => {
      response.setHeader('content-type', 'application/json');
      const usage = {
        input_tokens: 20,
        output_tokens: 5,
        cache_read_input_tokens: cached.read,
        cache_creation_input_tokens: cached.write,
      };
      response.end(
        JSON.stringify({
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'claude-sonnet-5',
          content: [{ type: 'text', text: 'well' }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage,
        }),
      );
    });
    gateway = await startGateway(
      [provider('anthropic', upstream.url, 'canary-key-1')],
      {},
      { onEnded: (call, body) => prompts.note(call, body) },
    );
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });
  beforeEach(() => {
    prompts = new PromptBook(clock);
  });

  const ask = async (
    messages: readonly Turn[],
    used: typeof cached,
    more: Record<string, unknown> = {},
  ): Promise<void> => {
    cached = used;
    const body = {
      model: 'anthropic/claude-sonnet-5',
      max_tokens: 100,
      system: WORDS,
      tools: [TOOL],
      messages,
      ...more,
    };
    const answer = await post(gateway, '/v1/messages', body);
    assert.equal(answer.status, 200, await answer.text());
    // What is learned is learned in a turn of its own, after the answer.
    await new Promise((resolve) => setImmediate(resolve));
    await clock.sleep(5);
  };
  const look = async () => (await examine({ checks: [promptCacheBroken], ports: { prompts }, clock })).findings;
  /** Turns of one conversation, marked where to cache as clients do: the mark moves on with every turn. */
  const turns = (count: number, change: (text: string, at: number) => string = (text) => text): readonly Turn[] =>
    Array.from({ length: count }, (_, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content: [
        {
          type: 'text',
          text: change(`turn ${at}`, at),
          ...(at === count - 1 && { cache_control: { type: 'ephemeral' } }),
        },
      ],
    }));

  it('are well while they only grow', async () => {
    await ask(turns(1), { read: 0, write: 4000 });
    for (const count of [3, 5, 7]) await ask(turns(count), { read: 4000, write: 50 });
    assert.deepEqual(await look(), []);
  });

  it('are found to change in the system prompt, with what that cost and no word of it', async () => {
    const stamped = (at: number) => ({ system: `${WORDS} It is ${at} o’clock.` });
    await ask(turns(1), { read: 0, write: 4000 }, stamped(1));
    await ask(turns(3), { read: 0, write: 4100 }, stamped(2));
    await ask(turns(5), { read: 0, write: 4200 }, stamped(3));
    const [found, ...more] = await look();
    assert.deepEqual(more, []);
    assert.equal(found?.code, 'prompt-cache-broken');
    const { segment, times, tokensLost } = found?.evidence ?? {};
    assert.deepEqual({ segment, times, tokensLost }, { segment: 'system', times: 2, tokensLost: 8100 });
    assert.match(found?.remedy ?? '', /Keep the system prompt the same/);
    assert.doesNotMatch(JSON.stringify(found), /canary|o’clock/);
  });

  it('are found to change in their tools, and in an earlier message', async () => {
    const other = { ...TOOL, name: 'look_down' };
    await ask(turns(3), { read: 0, write: 4000 });
    await ask(turns(5), { read: 0, write: 4000 }, { tools: [TOOL, other] });
    await ask(turns(7), { read: 0, write: 4000 }, { tools: [other, TOOL] });
    const shortened = (nth: number) => (text: string, at: number) => (at === 2 ? `${text}, shortened ${nth}` : text);
    await ask(turns(9, shortened(1)), { read: 0, write: 4000 }, { tools: [other, TOOL] });
    await ask(turns(11, shortened(2)), { read: 0, write: 4000 }, { tools: [other, TOOL] });
    const segments = (await look()).map(({ evidence }) => [
      evidence['segment'],
      evidence['times'],
      evidence['message'],
    ]);
    assert.deepEqual(segments, [
      ['earlier-message', 2, 3],
      ['tools', 2, undefined],
    ]);
  });

  it('are not blamed where another conversation begins alike, or a cache has nothing to lose', async () => {
    await ask(turns(3), { read: 0, write: 4000 });
    await ask(
      turns(3, (text, at) => (at === 0 ? text : `${text}, of another`)),
      { read: 0, write: 4000 },
    );
    await ask(
      turns(5, (text, at) => (at === 0 ? text : `${text}, of a third`)),
      { read: 0, write: 4000 },
    );
    await ask(turns(7), { read: 0, write: 0 }, { system: 'x'.repeat(4000) });
    await ask(turns(9), { read: 0, write: 0 }, { system: 'y'.repeat(4000) });
    assert.deepEqual(await look(), []);
  });
});

describe('answers', () => {
  let fidelity: FidelityBook;
  beforeEach(() => {
    fidelity = new FidelityBook(clock);
  });
  const look = async (check: Check) => (await examine({ checks: [check], ports: { fidelity }, clock })).findings;

  it('are found to lack what a translation could not carry, by provider', async () => {
    const upstream = await startUpstream((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'claude-sonnet-5',
          content: [{ type: 'text', text: 'well' }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage: { input_tokens: 2, output_tokens: 1 },
        }),
      );
    });
    const gateway = await startGateway([provider('anthropic', upstream.url, 'k')], {}, { sink: fidelity });
    const ask = async (more: Record<string, unknown>): Promise<void> => {
      const messages = [{ role: 'user', content: 'canary words' }];
      const answer = await post(gateway, '/v1/chat/completions', {
        model: 'anthropic/claude-sonnet-5',
        messages,
        ...more,
      });
      assert.equal(answer.status, 200, await answer.text());
    };
    await ask({});
    assert.deepEqual(await look(translationFidelity), []);
    await ask({ logit_bias: { 50256: -100 }, seed: 7 });
    const [found] = await look(translationFidelity);
    await gateway.close();
    await upstream.close();
    assert.deepEqual(
      [found?.code, found?.severity, found?.subject],
      ['translation-losses', 'info', 'model anthropic/claude-sonnet-5'],
    );
    assert.match(found?.cause ?? '', /seed|logit_bias/);
    assert.match(found?.remedy ?? '', /x-patchbay-strict/);
    assert.doesNotMatch(JSON.stringify(found), /canary/);
  });

  it('are found to have left the grammar of events', async () => {
    fidelity.record(sampleCall());
    assert.deepEqual(await look(translationFidelity), []);
    const violations = [{ format: 'gemini', rule: 'after-end' }] as const;
    fidelity.record(sampleCall({ attempts: [sampleAttempt({ violations })] }));
    const [found] = await look(translationFidelity);
    assert.deepEqual([found?.code, found?.severity], ['translation-grammar-violated', 'warning']);
    assert.match(found?.cause ?? '', /after-end of gemini/);
  });

  it('are found to say nothing of their tokens, and to have no price', async () => {
    const upstream = await startUpstream((_request, response) => {
      response.setHeader('content-type', 'application/json');
      const message = { role: 'assistant', content: 'well' };
      response.end(
        JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'm',
          choices: [{ index: 0, message, finish_reason: 'stop' }],
        }),
      );
    });
    const gateway = await startGateway([provider('openai', upstream.url, 'k')], {}, { sink: fidelity });
    const ask = async (): Promise<void> => {
      const body = { model: 'openai/a-model-of-nobody', messages: [{ role: 'user', content: 'hello' }] };
      await (await post(gateway, '/v1/chat/completions', body)).text();
    };
    for (let count = 0; count < 19; count += 1) await ask();
    assert.ok((await look(logUsage)).every(({ code }) => code !== 'log-usage-missing'));
    await ask();
    const findings = await look(logUsage);
    await gateway.close();
    await upstream.close();
    assert.equal(findings[0]?.code, 'log-usage-missing');
    assert.match(findings[0]?.cause ?? '', /Of 20 answers in the last hour 20 did not say/);
    fidelity.record(sampleCall({ attempts: [sampleAttempt({ costState: 'unknown' })] }));
    assert.ok((await look(logUsage)).some(({ code }) => code === 'log-price-unknown'));
  });
});

describe('clocks', () => {
  it('are found off: this machine’s where all others agree, another’s where it stands alone', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    const store = await openStore({
      dataDir: folder,
      clock,
      sealer: await createSealer([new Secret('a key of the tests')]),
    });
    const ahead = [0, 0];
    const servers = await Promise.all(
      ahead.map((_, at) =>
        startUpstream((_request, response) => {
          response.setHeader('date', new Date(Date.now() + (ahead[at] ?? 0)).toUTCString());
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ object: 'list', data: [] }));
        }),
      ),
    );
    const providers = ['openai', 'groq'].map((id, at) => provider(id, servers[at]?.url ?? '', `canary-key-${id}`));
    const management = await startManagement(store, {}, { providers });
    const look = async () => {
      const { json } = await management.ask('GET /api/system/diagnostics', { token: ADMIN_KEY });
      const found = json.findings as readonly {
        readonly code: string;
        readonly subject: string;
        readonly severity: string;
      }[];
      assert.doesNotMatch(JSON.stringify(found), /canary/);
      return found
        .filter(({ code }) => code.startsWith('clock-'))
        .map(({ code, subject, severity }) => [code, subject, severity]);
    };
    assert.deepEqual(await look(), []);
    ahead[1] = -90_000;
    assert.deepEqual(await look(), [['clock-of-other-skewed', 'provider groq', 'warning']]);
    ahead[0] = -90_000;
    assert.deepEqual(await look(), [['clock-skewed', 'gateway', 'warning']]);
    ahead.fill(600_000);
    assert.deepEqual(await look(), [['clock-skewed', 'gateway', 'error']]);
    await management.close();
    await Promise.all(servers.map((each) => each.close()));
    await store.close();
    await rm(folder, { recursive: true });
  });
});

describe('the place of pictures', () => {
  it('is found without its bucket, and well with it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    const sealer = await createSealer([new Secret('a key of the tests')]);
    const store = await openStore({ dataDir: folder, clock, sealer });
    let hasBucket = false;
    const kept = new Set<string>();
    // What Supabase Storage answers where a bucket is missing, and where it is there.
    const supabase = await startUpstream(({ method, path: at }, response) => {
      const isMissing = !hasBucket || (method === 'DELETE' && !kept.delete(at));
      if (!isMissing && method === 'POST') kept.add(at);
      response.writeHead(isMissing ? 400 : 200, { 'content-type': 'application/json' });
      response.end(isMissing ? '{"statusCode":"404","error":"Bucket not found","message":"Bucket not found"}' : '{}');
    });
    const key = new Secret('canary-service-key');
    const blobs = { kind: 'supabase', url: supabase.url, key, bucket: 'slide-images' } as const;
    const generation = { ...TEST_SETTINGS.generation, blobs };
    const management = await startManagement(store, {}, { generation });
    const look = async (): Promise<readonly Finding[]> => {
      const { json } = await management.ask('GET /api/system/diagnostics', { token: ADMIN_KEY });
      return (json.findings as readonly Finding[]).filter(({ code }) => code.startsWith('settings-'));
    };
    const [found] = await look();
    hasBucket = true;
    const after = await look();
    await management.close();
    await supabase.close();
    await store.close();
    await rm(folder, { recursive: true });
    assert.deepEqual([found?.code, found?.subject], ['settings-pictures-unkept', 'setting SUPABASE_URL']);
    assert.match(found?.remedy ?? '', /SUPABASE_STORAGE_BUCKET/);
    assert.doesNotMatch(JSON.stringify(found), /canary/);
    assert.deepEqual(after, []);
    assert.equal(kept.size, 0);
    assert.ok(supabase.seen.some(({ method }) => method === 'POST'));
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { startManagement, type ManagementGateway } from './management-gateway.ts';

const DAY_MS = 86_400_000;

describe('the log of calls', () => {
  let opened: TestStore;
  let management: ManagementGateway;
  let admin: string;

  before(async () => {
    const [engine] = ENGINES;
    assert.ok(engine);
    opened = await engine.make();
    management = await startManagement(opened.store);
    admin = await management.signIn('admin');
    const nowMs = systemClock.nowMs();
    await record('=formula', { startedAtMs: nowMs - 1000, durationMs: 100 });
    await record('slow "one"', { startedAtMs: nowMs - 900, durationMs: 5000, status: 502, state: 'failed' });
  });
  after(async () => {
    await management.close();
    await opened.close();
  });

  const record = async (requestId: string, more: Parameters<typeof sampleCall>[0] = {}): Promise<void> => {
    const log = opened.store.createCallLog({ onError: (error) => assert.fail(String(error)) });
    const { startedAtMs = systemClock.nowMs(), state = 'success' } = more;
    const attempts = [
      sampleAttempt({ startedAtMs, state: 'failed', failureKind: 'overloaded', accountId: 'a', latencyMs: 50 }),
      sampleAttempt({ number: 2, startedAtMs: startedAtMs + 50, state, accountId: 'b', costNanoUsd: 2_000_000 }),
    ];
    log.record(sampleCall({ requestId, startedAtMs, attempts, ...more }));
    await log.close();
  };

  const follow = async (query: string, token: string): Promise<AsyncIterable<string>> => {
    const answer = await fetch(`${management.url}/api/v1/logs/stream${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(20_000),
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    assert.ok(answer.body);
    return answer.body.pipeThrough(new TextDecoderStream());
  };

  /** The first events of a stream; leaves it then. */
  async function eventsOf(frames: AsyncIterable<string>, count: number, onBegin: () => Promise<void>) {
    const found: { readonly request_id: string; readonly attempt: number }[] = [];
    let begun = false;
    for await (const text of frames) {
      if (!begun) await onBegin();
      begun = true;
      for (const [, data = ''] of text.matchAll(/^event: call\ndata: (.+)$/gm)) found.push(JSON.parse(data));
      if (found.length >= count) break;
    }
    return found.map((each) => `${each.request_id} ${each.attempt}`);
  }

  it('is followed as calls are written, from now on', async () => {
    const frames = await follow('', admin);
    assert.deepEqual(await eventsOf(frames, 2, () => record('live')), ['live 1', 'live 2']);
  });

  it('is followed by filters, each holding back what does not fit', async () => {
    const frames = await follow('?account_id=b&search=wanted', admin);
    const write = async (): Promise<void> => {
      await record('other');
      await record('wanted');
    };
    assert.deepEqual(await eventsOf(frames, 1, write), ['wanted 2']);
  });

  it('shows users the calls of their own keys alone', async () => {
    const frames = await follow('', await management.signIn('user'));
    const others = eventsOf(frames, 1, () => record('somebody else’s'));
    const outcome = await Promise.race([others, systemClock.sleep(2500).then(() => 'nothing')]);
    assert.equal(outcome, 'nothing');
    assert.equal(
      (await management.ask('GET /api/v1/logs/stream', { token: await management.signIn('viewer') })).status,
      403,
    );
  });

  it('lets a limited number of windows follow it, and takes another when one leaves', async () => {
    const aborts = Array.from({ length: 50 }, () => new AbortController());
    const ask = (signal: AbortSignal): Promise<Response> =>
      fetch(`${management.url}/api/v1/logs/stream`, { headers: { authorization: `Bearer ${admin}` }, signal });
    const open = await Promise.all(aborts.map(({ signal }) => ask(signal).catch(() => undefined)));
    const refused = await ask(AbortSignal.timeout(5000));
    assert.equal(refused.status, 503);
    assert.match(await refused.text(), /follow the log already/);
    assert.ok(open.length === 50);
    for (const each of aborts) each.abort();
    for (let look = 0; look < 40; look += 1) {
      const left = new AbortController();
      const { status } = await ask(left.signal);
      left.abort();
      if (status === 200) return;
      await systemClock.sleep(50);
    }
    assert.fail('It stays full after all have left.');
  });

  it('is exported as CSV that no spreadsheet takes for formulas', async () => {
    const { text, headers } = await management.ask('GET /api/v1/logs/export?account_id=b', { token: admin });
    assert.equal(headers.get('content-disposition'), 'attachment; filename="calls.csv"');
    const lines = text.trimEnd().split('\r\n');
    assert.match(lines[0] ?? '', /^created_at,request_id,attempt/);
    assert.ok(lines.some((line) => line.includes(",'=formula,2,")));
    assert.ok(lines.some((line) => line.includes(',"slow ""one""",2,')));
    assert.ok(lines.slice(1).every((line) => line.includes(',b,')));
  });

  it('says which filter is wrong', async () => {
    const { status, text } = await management.ask('GET /api/v1/logs?status=3', { token: admin });
    assert.equal(status, 400);
    assert.match(text, /status/);
  });

  it('adds up to requests, each once, with how long they took', async () => {
    const to = new Date(systemClock.nowMs() + 1000).toISOString();
    const from = new Date(systemClock.nowMs() - DAY_MS).toISOString();
    const { status, json } = await management.ask(`GET /api/admin/usage-analytics/traffic?from=${from}&to=${to}`, {
      token: admin,
    });
    assert.equal(status, 200);
    assert.equal(json.isEstimate, false);
    assert.equal(json.attemptsRead, json.totals.requests * 2);
    assert.equal(json.totals.errors, 1);
    assert.equal(json.totals.latencyMs.p99, 5000);
    assert.equal(json.totals.firstTokenMs.p50, 350);
    assert.equal(json.totals.costUsd, (json.totals.requests * 2) / 1000);
    assert.deepEqual(
      json.byAccount.map(({ name }: { name: string }) => name),
      ['b'],
    );
    const sum = json.timeline.reduce((all: number, each: { requests: number }) => all + each.requests, 0);
    assert.equal(sum, json.totals.requests);
    const user = await management.signIn('user');
    assert.equal((await management.ask('GET /api/admin/usage-analytics/traffic', { token: user })).status, 403);
  });
});

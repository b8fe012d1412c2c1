import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { manualClock } from '@patchbay/llm/testing/manual-clock';

import type { AttemptRecord, CallRecord } from '../../telemetry/call-record.ts';
import { SqliteThread } from '../drivers/sqlite-thread.ts';
import { openStore } from '../open-store.ts';
import { createCallLog, type CallLog, type CallLogParts } from './call-log.ts';
import { writeRows } from './call-rows.ts';

const attempt = (number: number, more: Partial<AttemptRecord> = {}): AttemptRecord => ({
  number,
  providerId: 'openai',
  accountId: 'openai-1',
  model: 'gpt',
  startedAtMs: 1000 + number,
  latencyMs: 12.6,
  state: 'success',
  ...more,
});

const call = (requestId: string, more: Partial<CallRecord> = {}): CallRecord => ({
  requestId,
  startedAtMs: 1000.4,
  registryVersion: 7,
  clientFormat: 'openai-chat',
  route: '/v1/chat/completions',
  requestedModel: 'openai/gpt',
  stream: true,
  express: false,
  status: 200,
  state: 'success',
  durationMs: 40.5,
  attempts: [],
  losses: [],
  ...more,
});

const USAGE = {
  inputTokens: 10,
  outputTokens: 20,
  cacheReadTokens: 3,
  cacheWriteTokens: 4,
  cacheWrite1hTokens: 1,
  reasoningTokens: 5,
  estimated: true,
};

describe('the call log in a store', () => {
  let folder = '';
  let thread: SqliteThread;
  let database: DatabaseSync;
  const clock = manualClock();
  const rows = () => database.prepare('SELECT * FROM request_logs ORDER BY id').all();
  const logTo = (write: CallLogParts['write']): CallLog =>
    createCallLog({ write, clock, onError: (error) => assert.ifError(error) });
  const toFile = writeRows((sql, batch) => thread.batch(sql, batch));
  const log = (): CallLog => logTo(toFile);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    await (await openStore({ dataDir: folder, clock })).close();
    thread = new SqliteThread(path.join(folder, 'patchbay.db'));
    database = new DatabaseSync(path.join(folder, 'patchbay.db'));
  });
  afterEach(async () => {
    database.close();
    await thread.close();
    await rm(folder, { recursive: true });
  });

  it('is written through the store at the next tick', async () => {
    const store = await openStore({ dataDir: folder, clock });
    const stored = store.createCallLog({ onError: (error) => assert.ifError(error) });
    stored.record(call('a'));
    clock.tick();
    await stored.flush();
    assert.deepEqual(
      rows().map(({ request_id }) => request_id),
      ['a'],
    );
    await stored.close();
    await store.close();
  });

  it('has one row for every attempt, all of one call', async () => {
    const calls = log();
    const failed = attempt(1, { state: 'failed', status: 429, failureKind: 'rate-limit', error: 'Too many calls.' });
    calls.record(call('a', { attempts: [failed, attempt(2, { accountId: 'openai-2', status: 200 })] }));
    calls.record(call('a', { attempts: [attempt(1)] }));
    await calls.close();
    const found = rows();
    assert.deepEqual(
      found.map(({ attempt: number, account_id, state, upstream_status, failure_kind, error_message }) => [
        number,
        account_id,
        state,
        upstream_status,
        failure_kind,
        error_message,
      ]),
      [
        [1, 'openai-1', 'failed', 429, 'rate-limit', 'Too many calls.'],
        [2, 'openai-2', 'success', 200, null, null],
        [1, 'openai-1', 'success', null, null, null],
      ],
    );
    assert.equal(found[0]?.['call_id'], found[1]?.['call_id']);
    assert.notEqual(found[0]?.['call_id'], found[2]?.['call_id']);
  });

  it('has attempt 0 for a call that reached no upstream', async () => {
    const calls = log();
    calls.record(call('a', { status: 400, state: 'failed' }));
    await calls.close();
    const [{ id, call_id, ...rest } = {}, ...more] = rows();
    assert.deepEqual(more, []);
    assert.equal(id, 1);
    assert.match(String(call_id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      { ...rest },
      {
        request_id: 'a',
        attempt: 0,
        started_at_ms: 1000,
        key_id: null,
        client_format: 'openai-chat',
        route: '/v1/chat/completions',
        requested_model: 'openai/gpt',
        provider_id: null,
        account_id: null,
        model: null,
        stream: 1,
        express: 0,
        state: 'failed',
        http_status: 400,
        upstream_status: null,
        failure_kind: null,
        failure_phase: null,
        error_message: null,
        latency_ms: 41,
        first_token_ms: null,
        duration_ms: 41,
        input_tokens: null,
        output_tokens: null,
        cache_read_tokens: null,
        cache_write_tokens: null,
        reasoning_tokens: null,
        usage_estimated: null,
        losses: null,
        registry_version: 7,
        cost_nano_usd: null,
        retry_count: 0,
        switched_from_account_id: null,
        proxy_id: null,
        status_code: 400,
        error: null,
        created_at: '1970-01-01T00:00:01.000Z',
      },
    );
  });

  it('holds every value in its own column, times in whole milliseconds', async () => {
    const calls = log();
    const failed = attempt(7, {
      state: 'cancelled',
      status: 201,
      firstTokenMs: 9.4,
      failureKind: 'timeout',
      failurePhase: 'idle',
      error: 'It fell silent.',
      usage: USAGE,
      costNanoUsd: 12,
      proxyId: 3,
    });
    calls.record(
      call('a', { keyId: 'key', stream: false, express: true, status: 504, attempts: [failed], losses: ['a: b (c)'] }),
    );
    await calls.close();
    const [{ id, call_id, ...rest } = {}] = rows();
    assert.deepEqual(
      { ...rest },
      {
        request_id: 'a',
        attempt: 7,
        started_at_ms: 1007,
        key_id: 'key',
        client_format: 'openai-chat',
        route: '/v1/chat/completions',
        requested_model: 'openai/gpt',
        provider_id: 'openai',
        account_id: 'openai-1',
        model: 'gpt',
        stream: 0,
        express: 1,
        state: 'cancelled',
        http_status: 504,
        upstream_status: 201,
        failure_kind: 'timeout',
        failure_phase: 'idle',
        error_message: 'It fell silent.',
        latency_ms: 13,
        first_token_ms: 9,
        duration_ms: 41,
        input_tokens: 10,
        output_tokens: 20,
        cache_read_tokens: 3,
        cache_write_tokens: 4,
        reasoning_tokens: 5,
        usage_estimated: 1,
        losses: '["a: b (c)"]',
        registry_version: 7,
        cost_nano_usd: 12,
        retry_count: 6,
        switched_from_account_id: null,
        proxy_id: 3,
        status_code: 201,
        error: 'It fell silent.',
        created_at: '1970-01-01T00:00:01.007Z',
      },
    );
    assert.ok(id !== undefined && call_id !== undefined);
  });

  it('is written when another program lets go of the file', async () => {
    const errors: unknown[] = [];
    const store = await openStore({ dataDir: folder, clock, lockWaitMs: 1 });
    const stored = store.createCallLog({ onError: (error) => errors.push(error) });
    database.exec('BEGIN IMMEDIATE');
    stored.record(call('a', { attempts: [attempt(1), attempt(2)] }));
    clock.tick();
    await assert.rejects(stored.flush(), /database is locked/);
    database.exec('COMMIT');
    clock.tick();
    await stored.flush();
    assert.deepEqual(
      rows().map(({ request_id, attempt: number }) => [request_id, number]),
      [
        ['a', 1],
        ['a', 2],
      ],
    );
    assert.deepEqual([errors.length, stored.queued, stored.dropped], [1, 0, 0]);
    await stored.close();
    await store.close();
  });

  it('has nothing twice when a batch was written and its answer lost', async () => {
    let lost = 1;
    const calls = logTo(async (batch) => {
      await toFile(batch);
      lost -= 1;
      if (lost >= 0) throw new Error('the answer was lost');
    });
    calls.record(call('a', { attempts: [attempt(1), attempt(2)] }));
    await assert.rejects(calls.flush(), { message: 'the answer was lost' });
    calls.record(call('b'));
    await calls.close();
    assert.deepEqual(
      rows().map(({ request_id, attempt: number }) => [request_id, number]),
      [
        ['a', 1],
        ['a', 2],
        ['b', 0],
      ],
    );
  });
});

describe('the queue of the call log', () => {
  /** A store in memory that can be away. */
  function scriptedStore(parts: Partial<CallLogParts> = {}) {
    const clock = manualClock();
    const errors: unknown[] = [];
    const batches: string[][] = [];
    const state = { write: (): Promise<void> => Promise.resolve() };
    const log = createCallLog({
      clock,
      onError: (error) => errors.push(error),
      write: async (rows) => {
        await state.write();
        batches.push(rows.map(([requestId]) => String(requestId)));
      },
      ...parts,
    });
    return { log, clock, errors, batches, state };
  }
  const away = (): Promise<void> => Promise.reject(new Error('away'));

  it('is written several times a second, and not when it is empty', async () => {
    const { log, clock, batches } = scriptedStore();
    assert.ok(clock.intervalsMs().every((ms) => ms > 0 && ms <= 500) && clock.intervalsMs().length === 1);
    clock.tick();
    log.record(call('a'));
    log.record(call('b'));
    assert.equal(log.queued, 2);
    clock.tick();
    await log.flush();
    assert.deepEqual(batches, [['a', 'b']]);
    assert.equal(log.queued, 0);
    await log.close();
  });

  it('drops and counts what comes when it is full, and takes calls again when it is not', async () => {
    const { log, batches } = scriptedStore({ queueMax: 3 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) log.record(call(id));
    assert.equal(log.queued, 3);
    assert.equal(log.dropped, 2);
    await log.flush();
    log.record(call('f'));
    await log.close();
    assert.deepEqual(batches, [['a', 'b', 'c'], ['f']]);
    assert.equal(log.dropped, 2);
  });

  it('counts calls that are on their way as waiting', () => {
    const { log, state } = scriptedStore({ queueMax: 2 });
    state.write = () => new Promise(() => {});
    log.record(call('a'));
    void log.flush();
    log.record(call('b'));
    log.record(call('c'));
    assert.equal(log.queued, 2);
    assert.equal(log.dropped, 1);
  });

  it('is kept when the store is away, told of once a try, and written when it is back', async () => {
    const { log, clock, errors, batches, state } = scriptedStore();
    state.write = away;
    log.record(call('a'));
    clock.tick();
    await assert.rejects(log.flush(), { message: 'away' });
    assert.equal(errors.length, 1);
    log.record(call('b'));
    assert.equal(log.queued, 2);
    state.write = () => Promise.resolve();
    await log.flush();
    assert.deepEqual(batches, [['a'], ['b']]);
    assert.equal(log.queued, 0);
    assert.equal(log.dropped, 0);
  });

  it('is written in batches of at most 2,000 calls, in order', async () => {
    const { log, batches } = scriptedStore();
    const ids = Array.from({ length: 4500 }, (_, index) => String(index));
    for (const id of ids) log.record(call(id));
    await log.flush();
    assert.deepEqual(
      batches.map(({ length }) => length),
      [2000, 2000, 500],
    );
    assert.deepEqual(batches.flat(), ids);
  });

  it('is written by one writer, who also takes what comes meanwhile', async () => {
    const { log, batches, state } = scriptedStore();
    let running = 0;
    state.write = async () => {
      running += 1;
      assert.equal(running, 1);
      await Promise.resolve();
      running -= 1;
    };
    log.record(call('a'));
    const first = log.flush();
    log.record(call('b'));
    await Promise.all([first, log.flush()]);
    assert.deepEqual(batches, [['a'], ['b']]);
  });

  it('is written out by close, which stops the clock', async () => {
    const { log, clock, batches } = scriptedStore();
    log.record(call('a'));
    await log.close();
    assert.deepEqual(batches, [['a']]);
    assert.deepEqual(clock.intervalsMs(), []);
  });

  it('is tried once more by close when a write under way fails', async () => {
    const { log, clock, batches, errors, state } = scriptedStore();
    const underWay = Promise.withResolvers<void>();
    state.write = () => underWay.promise;
    log.record(call('a'));
    clock.tick();
    state.write = () => Promise.resolve();
    const closed = log.close();
    underWay.reject(new Error('away'));
    await closed;
    assert.deepEqual(batches, [['a']]);
    assert.equal(errors.length, 1);
  });

  it('makes close say so when it cannot be written', async () => {
    const { log, state } = scriptedStore();
    state.write = away;
    log.record(call('a'));
    await assert.rejects(log.close(), { message: 'away' });
    assert.equal(log.queued, 1);
  });
});

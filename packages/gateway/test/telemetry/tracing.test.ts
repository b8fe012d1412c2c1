import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import { NO_USAGE } from '@patchbay/llm/model/usage';
import { fetchExchange } from '@patchbay/llm/transport/fetch-exchange';
import * as z from 'zod/mini';

import { loadSettings } from '../../src/config/load-settings.ts';
import { createSpanExporter, type SpanExporter } from '../../src/telemetry/tracing/span-exporter.ts';
import { readTraceparent } from '../../src/telemetry/tracing/traceparent.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from '../support/test-gateway.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

/** The JSON of a request to an OTLP receiver, as its specification has it: nothing unknown, ids in hexadecimal. */
const Value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().check(z.regex(/^-?\d+$/)) }),
  z.strictObject({ doubleValue: z.number() }),
]);
const Attributes = z.array(z.strictObject({ key: z.string(), value: Value }));
const Nanoseconds = z.string().check(z.regex(/^\d{1,19}$/));
const SpanShape = z.strictObject({
  traceId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  spanId: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
  parentSpanId: z.optional(z.string().check(z.regex(/^[0-9a-f]{16}$/))),
  name: z.string(),
  kind: z.int(),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  status: z.strictObject({ code: z.optional(z.int()), message: z.optional(z.string()) }),
});
const Traces = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: Attributes }),
      scopeSpans: z.array(
        z.strictObject({ scope: z.strictObject({ name: z.string(), version: z.string() }), spans: z.array(SpanShape) }),
      ),
    }),
  ),
});
type SeenSpan = z.output<typeof SpanShape>;

const attributesOf = ({ attributes }: Pick<SeenSpan, 'attributes'>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('spans of calls', () => {
  let receiver: ScriptedUpstream;
  let status = 200;
  let exporters: SpanExporter[] = [];

  const exporter = (parts: { url?: string; queueMax?: number; onError?: (error: unknown) => void } = {}) => {
    const made = createSpanExporter({
      settings: {
        url: parts.url ?? `${receiver.url}/v1/traces`,
        headers: { authorization: new Secret('Bearer canary-of-the-receiver') },
        serviceName: 'a gateway',
      },
      version: '1.2.3',
      exchange: fetchExchange(),
      clock: systemClock,
      newId: (bytes) => randomBytes(bytes).toString('hex'),
      onError: parts.onError ?? ((error) => assert.fail(String(error))),
      ...(parts.queueMax !== undefined && { queueMax: parts.queueMax }),
    });
    exporters.push(made);
    return made;
  };
  const spansSeen = (): readonly SeenSpan[] =>
    receiver.seen.flatMap(({ body }) => {
      const read = Traces.safeParse(JSON.parse(body.toString()));
      assert.ok(read.success, JSON.stringify(read.error?.issues));
      return read.data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    });

  before(async () => {
    receiver = await startUpstream((_, response) => sendJson(response, status, {}));
  });
  after(async () => {
    for (const each of exporters) await each.close();
    exporters = [];
    await receiver.close();
  });

  const fresh = (answer = 200): void => {
    status = answer;
    receiver.seen.length = 0;
  };

  it('are one for the call and a child for each attempt, in the receiver’s own shape', async () => {
    fresh();
    const spans = exporter();
    const usage = { ...NO_USAGE, inputTokens: 12, outputTokens: 30, cacheReadTokens: 4 };
    const attempts = [
      sampleAttempt({ state: 'failed', status: 429, failureKind: 'rate-limit', startedAtMs: 1_700_000_000_001 }),
      sampleAttempt({ number: 2, providerId: 'bedrock', accountId: 'b-1', usage, costNanoUsd: 5 }),
    ];
    spans.record(sampleCall({ attempts, startedAtMs: 1_700_000_000_000 }));
    await spans.flush();
    const [request] = receiver.seen;
    assert.equal(request?.path, '/v1/traces');
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.equal(request?.headers.authorization, 'Bearer canary-of-the-receiver');
    const [call, first, second] = spansSeen();
    assert.ok(call && first && second);
    assert.equal(call.name, 'POST /v1/chat/completions');
    assert.deepEqual([call.kind, first.kind], [2, 3]);
    assert.equal(call.parentSpanId, undefined);
    assert.deepEqual([first.parentSpanId, second.parentSpanId], [call.spanId, call.spanId]);
    assert.deepEqual(new Set([call.traceId, first.traceId, second.traceId]).size, 1);
    assert.equal(call.startTimeUnixNano, '1700000000000000000');
    assert.equal(call.endTimeUnixNano, '1700000001234000000');
    assert.deepEqual([call.status.code, first.status.code, second.status.code], [undefined, 2, undefined]);
    assert.equal(attributesOf(first)['error.type'], 'rate-limit');
    const told = attributesOf(second);
    assert.equal(told['gen_ai.operation.name'], 'chat');
    assert.equal(told['gen_ai.provider.name'], 'aws.bedrock');
    assert.equal(told['gen_ai.request.model'], 'gpt-5-mini');
    assert.equal(told['gen_ai.usage.input_tokens'], '12');
    assert.equal(told['gen_ai.usage.cache_read.input_tokens'], '4');
    assert.equal(told['patchbay.cost.nano_usd'], '5');
  });

  it('continue the caller’s trace, and are not made where the caller keeps none', async () => {
    fresh();
    const spans = exporter();
    spans.record(sampleCall({ traceparent: `00-${TRACE}-${PARENT}-00` }));
    spans.record(sampleCall({ traceparent: `00-${TRACE}-${PARENT}-01` }));
    await spans.flush();
    const seen = spansSeen();
    assert.equal(seen.length, 2);
    assert.deepEqual([seen[0]?.traceId, seen[0]?.parentSpanId], [TRACE, PARENT]);
  });

  it('begin a trace of their own where the header is none', () => {
    const none = [
      undefined,
      '',
      'x',
      `ff-${TRACE}-${PARENT}-01`,
      `00-${'0'.repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}`,
    ];
    for (const text of none) assert.equal(readTraceparent(text), undefined, String(text));
    assert.deepEqual(readTraceparent(`01-${TRACE}-${PARENT}-03-more`), {
      traceId: TRACE,
      spanId: PARENT,
      isSampled: true,
    });
  });

  it('wait for a receiver that is away for a moment, and are given up after five tries', async () => {
    fresh(503);
    const told: unknown[] = [];
    const spans = exporter({ onError: (error) => told.push(error) });
    spans.record(sampleCall());
    await spans.flush();
    assert.deepEqual([spans.queued, spans.dropped], [1, 0]);
    fresh();
    await spans.flush();
    assert.deepEqual([spans.queued, spans.dropped, spansSeen().length], [0, 0, 2]);
    fresh(503);
    spans.record(sampleCall());
    for (let tries = 0; tries < 5; tries += 1) await spans.flush();
    assert.deepEqual([spans.queued, spans.dropped], [0, 1]);
    assert.equal(told.length, 2);
    assert.doesNotMatch(String(told[0]), /canary/);
  });

  it('that the receiver refuses are not sent again', async () => {
    fresh(400);
    const spans = exporter({ onError: () => undefined });
    spans.record(sampleCall());
    await spans.flush();
    assert.deepEqual([spans.queued, spans.dropped, receiver.seen.length], [0, 1, 1]);
  });

  it('are dropped and counted when too many wait', () => {
    const spans = exporter({ url: 'http://127.0.0.1:9/', queueMax: 2, onError: () => undefined });
    for (let calls = 0; calls < 5; calls += 1) spans.record(sampleCall());
    assert.deepEqual([spans.queued, spans.dropped], [2, 3]);
  });

  describe('of a gateway', () => {
    let upstream: ScriptedUpstream;
    let gateway: TestGateway;
    let spans: SpanExporter;

    before(async () => {
      upstream = await startUpstream((_, response) =>
        sendJson(response, 200, { id: '1', object: 'chat.completion', created: 1, model: 'm', choices: [] }),
      );
      spans = exporter();
      gateway = await startGateway(
        [provider('openai', `${upstream.url}/v1`, 'sk-canary-of-spans')],
        {},
        { sink: spans },
      );
    });
    after(async () => {
      await gateway.close();
      await upstream.close();
    });

    it('know the caller’s span, and tell the provider nothing of it', async () => {
      fresh();
      const chat = { model: 'openai/gpt-5', messages: [{ role: 'user', content: 'canary-of-the-content' }] };
      const answer = await post(gateway, '/v1/chat/completions', chat, { traceparent: `00-${TRACE}-${PARENT}-01` });
      await answer.text();
      const embeddings = { model: 'openai/e', input: 'canary-of-the-content' };
      await (await post(gateway, '/v1/embeddings', embeddings, { traceparent: `00-${TRACE}-${PARENT}-01` })).text();
      await spans.flush();
      const seen = spansSeen();
      assert.deepEqual(
        seen.filter(({ kind }) => kind === 2).map(({ traceId, parentSpanId }) => [traceId, parentSpanId]),
        [
          [TRACE, PARENT],
          [TRACE, PARENT],
        ],
      );
      assert.equal(upstream.seen.length, 2);
      for (const { headers } of upstream.seen) assert.equal(headers['traceparent'], undefined);
      assert.doesNotMatch(JSON.stringify(seen), /canary/);
    });
  });

  describe('and their settings', () => {
    const load = (environment: Record<string, string>) =>
      loadSettings({ environment, isTerminal: false }).settings.tracing;

    it('are off, at an address, or at its traces alone', () => {
      assert.equal(load({}), undefined);
      assert.equal(load({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318/' })?.url, 'http://a:4318/v1/traces');
      const traces = 'http://b:4318/own';
      const both = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces };
      assert.equal(load(both)?.url, traces);
    });

    it('name headers with secrets, and say what is wrong with them', () => {
      const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://a';
      const read = load({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%2Cb, y=2' });
      assert.deepEqual(
        Object.entries(read?.headers ?? {}).map(([name, value]) => [name, value.reveal()]),
        [
          ['x-key', 'a,b'],
          ['y', '2'],
        ],
      );
      assert.throws(
        () => load({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'nothing' }),
        /OTEL_EXPORTER_OTLP_HEADERS .* must be a comma list of headers/,
      );
    });
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { trace, type Tracer as ApiTracer } from '@opentelemetry/api';

import { createClient, type ClientOptions } from '../client/create-client.ts';
import { systemClock } from '../model/clock.ts';
import type { CallObserver } from '../model/observer.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { startSimulatorServer, type SimulatorServer } from '../testing/simulator-server.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import { loggedExchange } from './logged-exchange.ts';
import type { Logger, LogLevel } from './logger.ts';
import { createMetricsCollector } from './metrics-collector.ts';
import { observeLog } from './observe-log.ts';
import { observeMetrics } from './observe-metrics.ts';
import { observers } from './observers.ts';
import { observeSpans } from './observe-spans.ts';
import type { TracedSpan, Tracer } from './tracer.ts';

const CANARY = 'sk-canary0123456789abcdef';
const ALSO = 'sk-canary9876543210fedcba';

let server: SimulatorServer;
before(async () => {
  server = await startSimulatorServer({
    scriptFor: ({ headers }) => (headers['authorization'] === `Bearer ${ALSO}` ? '429' : undefined),
  });
});
after(() => server.close());

const clientOf = (more: Partial<ClientOptions>) =>
  createClient({
    providers: [
      { ...PROVIDERS.openai, baseUrl: server.url },
      { ...PROVIDERS.groq, baseUrl: server.url },
    ],
    credentials: { openai: [ALSO, CANARY], groq: CANARY },
    random: () => 0,
    ...more,
  });

/** A logger that keeps its lines. */
function keptLines(): {
  readonly logger: Logger;
  readonly lines: { level: LogLevel; message: string; text: string }[];
} {
  const lines: { level: LogLevel; message: string; text: string }[] = [];
  const at = (level: LogLevel) => (message: string, fields: object) =>
    void lines.push({ level, message, text: JSON.stringify([message, fields]) });
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

/** A tracer that keeps its spans. */
function keptSpans() {
  const spans: {
    name: string;
    attributes: Record<string, unknown>;
    events: unknown[];
    ended: number;
    status?: unknown;
  }[] = [];
  const tracer: Tracer = {
    startSpan(name, options) {
      const kept: (typeof spans)[number] = { name, attributes: { ...options?.attributes }, events: [], ended: 0 };
      spans.push(kept);
      const span: TracedSpan = {
        setAttributes: (attributes) => Object.assign(kept.attributes, attributes),
        addEvent: (event, attributes) => kept.events.push([event, attributes]),
        setStatus: (status) => (kept.status = status),
        end: () => (kept.ended += 1),
      };
      return span;
    },
  };
  return { tracer, spans };
}

describe('observeMetrics', () => {
  it('counts each request to a provider, the retry and the tokens', async () => {
    const collector = createMetricsCollector({ clock: systemClock });
    await clientOf({ observer: observeMetrics(collector) }).generate({ model: 'openai/echo', prompt: 'one two' });
    const { events, retries, rateLimits, tokens, errorTotals } = collector.getSnapshot();
    assert.deepEqual([events.request, events.success, events.error, retries, rateLimits], [2, 1, 1, 1, 1]);
    assert.deepEqual(errorTotals.byStatus, { '429': 1 });
    assert.equal(tokens.output, 2);
  });

  it('follows a stream, to its end or until it is left', async () => {
    const collector = createMetricsCollector({ clock: systemClock });
    const client = clientOf({ observer: observeMetrics(collector) });
    await client.stream({ model: 'groq/echo', prompt: 'one two three' }).result();
    for await (const each of client.stream({ model: 'groq/slow', prompt: 'x' })) if (each.type === 'part-delta') break;
    const { streaming, events } = collector.getSnapshot();
    assert.deepEqual([streaming.started, streaming.ended, streaming.aborted], [2, 1, 1]);
    assert.ok(streaming.chunks >= 4);
    assert.equal(streaming.timeToFirstToken.count, 2);
    assert.deepEqual([events.request, events.success, events.error], [2, 1, 0]);
  });

  it('says when a call goes on at another provider', async () => {
    const collector = createMetricsCollector({ clock: systemClock });
    const heard = collector.subscribeFiltered({ types: ['provider_switch'] });
    const client = clientOf({ observer: observeMetrics(collector), credentials: { openai: ALSO, groq: CANARY } });
    await client.generate({ model: ['openai/echo', 'groq/echo'], prompt: 'x' });
    assert.deepEqual(
      heard.take().map(({ provider, metadata }) => [provider, metadata]),
      [['groq', { from: 'openai', to: 'groq' }]],
    );
  });
});

describe('observeSpans', () => {
  it('makes one span of a call, with its attempts and what it came to', async () => {
    const { tracer, spans } = keptSpans();
    await clientOf({ observer: observeSpans(tracer) })
      .stream({ model: 'openai/echo', prompt: 'one two' })
      .result();
    const [span] = spans;
    assert.equal(spans.length, 1);
    assert.equal(span?.name, 'chat openai/echo');
    assert.equal(span.ended, 1);
    assert.equal(span.status, undefined);
    assert.equal(span.events.length, 2);
    const { attributes } = span;
    assert.deepEqual(
      [
        attributes['gen_ai.operation.name'],
        attributes['gen_ai.provider.name'],
        attributes['gen_ai.request.model'],
        attributes['gen_ai.usage.output_tokens'],
        attributes['gen_ai.response.finish_reasons'],
      ],
      ['chat', 'openai', 'echo', 2, ['stop']],
    );
  });

  it('marks what failed', async () => {
    const { tracer, spans } = keptSpans();
    const client = clientOf({ observer: observeSpans(tracer), credentials: { openai: ALSO } });
    await assert.rejects(client.generate({ model: 'openai/echo', prompt: 'x' }));
    assert.deepEqual((spans[0]?.status as { code: number } | undefined)?.code, 2);
    assert.equal(spans[0]?.attributes['error.type'], 'rate-limit');
    assert.equal(spans[0]?.ended, 1);
  });

  it('takes a tracer of OpenTelemetry as it is', async () => {
    const tracer: ApiTracer = trace.getTracer('test');
    const answer = await clientOf({ observer: observeSpans(tracer) }).generate({ model: 'groq/echo', prompt: 'x' });
    assert.equal(answer.text, 'x');
  });
});

describe('observeLog', () => {
  it('writes calls, and what went wrong, by the level that is asked for', async () => {
    const { logger, lines } = keptLines();
    await clientOf({ observer: observeLog({ logger }) }).generate({ model: 'openai/echo', prompt: 'x' });
    assert.deepEqual(
      lines.map(({ level, message }) => [level, message]),
      [
        ['warn', 'Attempt failed'],
        ['info', 'Call answered'],
      ],
    );
  });
});

describe('everything that is observed', () => {
  it('is free of keys, wherever it goes', async () => {
    const [{ logger, lines }, { tracer, spans }] = [keptLines(), keptSpans()];
    const collector = createMetricsCollector({ clock: systemClock });
    const events = collector.subscribe(1000);
    const watching = { logger, level: 'debug' } as const;
    const client = clientOf({
      observer: observers(observeLog(watching), observeSpans(tracer), observeMetrics(collector)),
      exchange: loggedExchange(fetchExchange(), { ...watching, bodyBytesMax: 10_000 }),
      variables: {},
    });
    // The simulator repeats the prompt, so the key also comes back as content.
    const prompt = `My key is ${CANARY}, look at https://me:canary-password@host/?api_key=canary-value and Bearer ${ALSO}`;
    await client.generate({ model: 'openai/echo', prompt }, { metadata: { token: CANARY } });
    await client.stream({ model: 'openai/echo', prompt }).result();
    await assert.rejects(client.generate({ model: 'openai/500', prompt }));
    const sinks = { lines, spans, events: events.take(), text: collector.exportPrometheus() };
    for (const [name, sink] of Object.entries(sinks)) {
      assert.ok(sink.length > 0, name);
      const at = JSON.stringify(sink).indexOf('canary');
      assert.ok(at < 0, `${name}: …${JSON.stringify(sink).slice(Math.max(0, at - 80), at + 40)}`);
    }
    assert.ok(
      lines.some(({ message, text }) => message.startsWith('Body of the answer 200') && text.includes('My key is')),
    );
  });

  it('goes on when one of several breaks', () => {
    const heard: string[] = [];
    const broken: CallObserver = {
      callStarted() {
        throw new Error('An observer broke.');
      },
    };
    const call = { id: '1', operation: 'generate', models: ['m'], startedAtMs: 0, metadata: {} } as const;
    observers(broken, { callStarted: ({ id }) => heard.push(id) }).callStarted?.(call);
    assert.deepEqual(heard, ['1']);
  });
});

describe('loggedExchange', () => {
  it('writes no body unless it is told to', async () => {
    const { logger, lines } = keptLines();
    const exchange = loggedExchange(fetchExchange(), { logger, level: 'debug' });
    await clientOf({ exchange }).generate({ model: 'groq/echo', prompt: 'a secret of mine' });
    assert.deepEqual(
      lines.map(({ message }) => message.replace(server.url, '')),
      ['Request POST /chat/completions', 'Answer 200 to POST /chat/completions'],
    );
    assert.ok(!JSON.stringify(lines).includes('secret of mine'));
  });

  it('writes what did not come', async () => {
    const { logger, lines } = keptLines();
    const exchange = loggedExchange(fetchExchange(), { logger, level: 'debug' });
    const request = { method: 'GET', url: 'http://127.0.0.1:1/?key=canary', headers: {} };
    const sent = await exchange.send(request, new AbortController().signal);
    assert.equal(sent.ok, false);
    assert.match(lines.at(-1)?.message ?? '', /^No answer to GET http:\/\/127\.0\.0\.1:1\/\?key=\[secret\]$/);
  });
});

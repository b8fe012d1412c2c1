import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../model/clock.ts';
import type { StreamEvent } from '../../model/event.ts';
import { collect } from '../../model/fold.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { UpstreamResponse } from '../../transport/exchange.ts';
import { SseDecoder } from '../../transport/sse-decode.ts';
import { pullFrames } from '../../transport/pull-frames.ts';
import { run, type UpstreamCodec } from '../../wire/codec.ts';
import { WIRE_FORMATS } from '../../wire/registry.ts';
import { pathOf } from '../path-of.ts';
import { simulatorExchange } from './exchange.ts';
import { SCRIPTS } from './scripts.ts';
import { simulator } from './simulator.ts';

/** Sleeps take no time, except that only an abort ends a silence. */
function fakeClock(): Clock & { readonly sleptMs: number[] } {
  const sleptMs: number[] = [];
  return {
    sleptMs,
    nowMs: () => 1_700_000_000_000,
    monotonicMs: () => 0,
    every: () => () => {},
    sleep: (ms, signal) => {
      sleptMs.push(ms);
      if (ms < 60_000) return Promise.resolve();
      return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
    },
  };
}

const FORMATS = simulator.speaks.map((each) => each.format);

const ask = (model: string, more: Partial<GenerationRequest> = {}): GenerationRequest => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'one two three' }] }],
  maxOutputTokens: 100,
  stream: false,
  streamUsage: true,
  ...more,
});

interface Sent {
  readonly response: UpstreamResponse;
  readonly codec: UpstreamCodec<object>;
}

async function send(
  format: (typeof FORMATS)[number],
  request: GenerationRequest,
  { clock = fakeClock(), signal = new AbortController().signal } = {},
): Promise<Sent> {
  const codec = WIRE_FORMATS[format] as UpstreamCodec<object>;
  const encoded = codec.encodeRequest(request, {});
  assert.ok(encoded.ok);
  const speaks = simulator.speaks.find((each) => each.format === format);
  assert.ok(speaks !== undefined);
  const path = pathOf(speaks, request.model, request.stream ? 'stream' : 'answer');
  const sent = await simulatorExchange({ clock, random: () => 0.25 }).send(
    { method: 'POST', url: simulator.baseUrl + path, headers: {}, body: JSON.stringify(encoded.value.body) },
    signal,
  );
  assert.ok(sent.ok);
  return { response: sent.value, codec };
}

async function textOf(response: UpstreamResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function eventsOf({ response, codec }: Sent): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of run(codec.decodeStream({}), pullFrames(new SseDecoder(), response.body)))
    events.push(event);
  return events;
}

const spoken = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === 'part-delta' && event.delta.type === 'text' ? event.delta.text : '')).join('');

const kindsOf = (events: readonly StreamEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'part-start' ? [event.part.type] : []));

for (const format of FORMATS) {
  describe(`simulator in ${format}`, () => {
    it('echoes the last user text as a whole', async () => {
      const { response, codec } = await send(format, ask('echo'));
      const decoded = codec.decodeResponse(JSON.parse(await textOf(response)), {});
      assert.ok(decoded.ok);
      assert.deepEqual(
        decoded.value.content.map((part) => part.type === 'text' && part.text),
        ['one two three'],
      );
      assert.equal(decoded.value.finish.reason, 'stop');
      assert.equal(decoded.value.usage?.inputTokens, 4);
      assert.equal(decoded.value.usage?.outputTokens, 4);
    });

    it('echoes word by word and ends once, with usage', async () => {
      const events = await eventsOf(await send(format, ask('echo', { stream: true })));
      const words = events.filter((event) => event.type === 'part-delta');
      const last = events.at(-1);
      assert.equal(spoken(events), 'one two three');
      assert.equal(words.length, 3);
      assert.equal(last?.type, 'finish');
      assert.equal(last.usage?.outputTokens, 4);
      assert.equal(events.filter((event) => event.type === 'finish').length, 1);
    });

    it('calls the first declared tool with arguments that fit its schema', async () => {
      const inputSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
      const tools = [{ type: 'function', name: 'weather', inputSchema }] as const;
      const events = await eventsOf(await send(format, ask('tools', { tools, stream: true })));
      const answer = collect(events);
      assert.ok(answer.ok);
      const [call] = answer.value.content;
      assert.ok(call?.type === 'tool-call');
      assert.equal(call.name, 'weather');
      assert.deepEqual(JSON.parse(call.argumentsJson), { city: 'sample' });
      assert.equal(answer.value.finish.reason, 'tool-calls');
    });

    it('answers with text after a tool result', async () => {
      const messages: GenerationRequest['messages'] = [
        ...ask('tools').messages,
        { role: 'assistant', content: [{ type: 'tool-call', id: 'call_1', name: 'weather', argumentsJson: '{}' }] },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'call_1', content: [{ type: 'text', text: 'rain' }], isError: false },
          ],
        },
      ];
      const events = await eventsOf(await send(format, ask('tools', { messages, stream: true })));
      assert.equal(spoken(events), 'The tool answered: rain');
    });

    it('thinks before it answers', async () => {
      const events = await eventsOf(await send(format, ask('reasoning', { stream: true })));
      assert.deepEqual(kindsOf(events), ['reasoning', 'text']);
      assert.equal(events.at(-1)?.type, 'finish');
    });

    it('waits 100 ms before every word of slow', async () => {
      const clock = fakeClock();
      await eventsOf(await send(format, ask('slow', { stream: true }), { clock }));
      assert.deepEqual(new Set(clock.sleptMs), new Set([100]));
      assert.equal(clock.sleptMs.length, 16);
    });

    it('cuts an answer so that it reads as a failure', async () => {
      const events = await eventsOf(await send(format, ask('cut', { stream: true })));
      assert.equal(spoken(events), 'The quick brown fox jumps over the lazy');
      assert.equal(events.at(-1)?.type, 'failure');
      assert.equal(
        events.some((event) => event.type === 'finish'),
        false,
      );
    });

    it('reports an error after the first word', async () => {
      const events = await eventsOf(await send(format, ask('error-after-first-token', { stream: true })));
      const last = events.at(-1);
      assert.equal(spoken(events), 'The');
      assert.ok(last?.type === 'failure');
      assert.match(last.failure.message, /asked to fail/);
    });

    it('falls silent after the first word until the caller leaves', async () => {
      const caller = new AbortController();
      const { response } = await send(format, ask('stall', { stream: true }), { signal: caller.signal });
      let heard = '';
      const reading = (async () => {
        for await (const chunk of response.body) {
          heard += Buffer.from(chunk).toString('utf8');
          if (heard.includes('The')) caller.abort(new Error('left'));
        }
      })();
      await assert.rejects(reading, /left/);
      assert.equal(heard.includes('quick'), false);
    });

    it('finishes an empty answer properly', async () => {
      const events = await eventsOf(await send(format, ask('empty', { stream: true })));
      const last = events.at(-1);
      assert.deepEqual(kindsOf(events), []);
      assert.equal(last?.type === 'finish' && last.usage?.outputTokens, 0);
    });

    for (const [script, status, kind] of [
      ['429', 429, 'rate-limit'],
      ['500', 500, 'upstream'],
      ['503', 503, 'overloaded'],
    ] as const) {
      it(`refuses with ${status}`, async () => {
        const { response, codec } = await send(format, ask(script));
        const failure = codec.decodeFailure(response.status, JSON.parse(await textOf(response)), response.headers);
        assert.equal(response.status, status);
        assert.equal(failure.kind, kind);
        assert.equal(failure.retryAfterMs, script === '429' ? 1000 : undefined);
      });
    }

    it('names every script when it does not know one', async () => {
      const { response, codec } = await send(format, ask('nonsense'));
      const failure = codec.decodeFailure(response.status, JSON.parse(await textOf(response)), response.headers);
      assert.equal(response.status, 404);
      assert.equal(failure.kind, 'not-found');
      for (const name of Object.keys(SCRIPTS)) assert.ok(failure.message.includes(`simulator/${name}`), name);
    });
  });
}

describe('simulator', () => {
  it('never answers silent until the caller leaves', async () => {
    const caller = new AbortController();
    const exchange = simulatorExchange({ clock: fakeClock(), random: () => 0 });
    const body = JSON.stringify({ model: 'silent', messages: [{ role: 'user', content: 'hi' }] });
    const url = `${simulator.baseUrl}/chat/completions`;
    const sending = exchange.send({ method: 'POST', url, headers: {}, body }, caller.signal);
    caller.abort();
    const sent = await sending;
    assert.equal(sent.ok, false);
    assert.equal(sent.failure.kind, 'cancelled');
  });

  it('answers the same request with the same bytes', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => textOf((await send('openai-chat', ask('reasoning', { stream: true }))).response)),
    );
    assert.equal(first, second);
    assert.notEqual(first, '');
  });

  it('lists its scripts as models', async () => {
    const exchange = simulatorExchange({ clock: fakeClock(), random: () => 0 });
    const sent = await exchange.send(
      { method: 'GET', url: `${simulator.baseUrl}/models`, headers: {} },
      new AbortController().signal,
    );
    assert.ok(sent.ok);
    const ids = JSON.parse(await textOf(sent.value)).data.map((row: { id: string }) => row.id);
    assert.deepEqual(ids.sort(), Object.keys(SCRIPTS).sort());
  });
});

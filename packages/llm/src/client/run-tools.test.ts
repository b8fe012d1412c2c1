import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { z } from 'zod';

import type { JsonObject } from '../model/json.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { startSimulatorServer, type SimulatorServer } from '../testing/simulator-server.ts';
import { tool } from '../tools/typed-tool.ts';
import type { Client } from './client-of.ts';
import { createClient } from './create-client.ts';
import { LlmError } from './llm-error.ts';
import { runTools, streamTools, type ToolRunEvent } from './run-tools.ts';
import { costAbove, hasToolCall, stepCount } from './stop-conditions.ts';

/** One answer of a scripted model: text, or calls by name and arguments. */
type Say = string | readonly (readonly [name: string, argumentsJson: string])[];

/** A model in OpenAI's dialect that says one thing after another, and what it was told. */
async function scriptedModel(says: readonly Say[]) {
  const asked: JsonObject[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      asked.push(body);
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(completion(says[asked.length - 1] ?? 'end')));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ providers: [{ ...PROVIDERS.openai, baseUrl }], credentials: { openai: 'k' } });
  return {
    client,
    asked,
    lastMessages: () => asked.at(-1)?.['messages'] as unknown as readonly JsonObject[],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as JsonObject;
}

function completion(say: Say): JsonObject {
  const message =
    typeof say === 'string'
      ? { role: 'assistant', content: say }
      : {
          role: 'assistant',
          content: null,
          tool_calls: say.map(([name, args], at) => ({
            id: `c${at}`,
            type: 'function',
            function: { name, arguments: args },
          })),
        };
  const finish_reason = typeof say === 'string' ? 'stop' : 'tool_calls';
  return {
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o',
    choices: [{ index: 0, message, finish_reason }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}

const ASK = { model: 'openai/gpt-4o', prompt: 'How is the weather?' };

const weather = tool({
  name: 'weather',
  description: 'Says the weather.',
  input: z.object({ city: z.string() }),
  run: ({ city }) => `rain in ${city.toUpperCase()}`,
});

describe('a run of tools', () => {
  it('runs what the model calls, tells it, and sums what it cost', async () => {
    await using model = await scriptedModel([[['weather', '{"city":"Oslo"}']], 'It rains.']);
    const run = await runTools(model.client, ASK, { tools: [weather] });
    assert.deepEqual([run.text, run.end, run.steps.length], ['It rains.', 'answered', 2]);
    assert.deepEqual(model.lastMessages().at(-1), { role: 'tool', tool_call_id: 'c0', content: 'rain in OSLO' });
    assert.equal(run.usage.inputTokens, 20);
    assert.equal(run.cost?.nanoUsd, 2 * (10 * 2_500 + 5 * 10_000));
    assert.deepEqual(
      run.messages.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'assistant'],
    );
  });

  it('tells the model the schema of its validator', async () => {
    await using model = await scriptedModel(['no need']);
    await runTools(model.client, ASK, { tools: { forecast: weather } });
    const [first] = (model.asked[0]?.['tools'] ?? []) as readonly JsonObject[];
    assert.deepEqual(first?.['function'], {
      name: 'forecast',
      description: 'Says the weather.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    });
  });

  it('gives mistakes back to the model: arguments, names, and what tools throw', async () => {
    const broken = tool({
      name: 'broken',
      run: () => {
        throw new Error('The line is dead.');
      },
    });
    await using model = await scriptedModel([
      [
        ['weather', '{"city":7}'],
        ['weather', '{oops'],
        ['nothing', '{}'],
        ['broken', ''],
      ],
      'Sorry.',
    ]);
    const run = await runTools(model.client, ASK, { tools: [weather, broken] });
    const errors = run.steps[0]?.outcomes.map(({ error }) => error) ?? [];
    assert.match(errors[0] ?? '', /do not fit: city: .*string/);
    assert.match(errors[1] ?? '', /no JSON/);
    assert.equal(errors[2], 'There is no tool "nothing". Use one of: weather, broken.');
    assert.equal(errors[3], 'The line is dead.');
    assert.ok(run.steps[0]?.outcomes.every(({ part }) => part.isError));
    assert.equal(run.text, 'Sorry.');
  });

  it('checks arguments by JSON Schema alone where that is all there is', async () => {
    const inputSchema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const double = tool({ name: 'double', inputSchema, run: ({ n }) => Number(n) * 2 });
    await using model = await scriptedModel([
      [
        ['double', '{"n":1.5}'],
        ['double', '{}'],
        ['double', '{"n":21}'],
      ],
      'done',
    ]);
    const { steps } = await runTools(model.client, ASK, { tools: [double] });
    assert.deepEqual(
      steps[0]?.outcomes.map(({ output, error }) => output ?? error),
      [
        'The arguments of double do not fit: n must be integer, not number.',
        'The arguments of double do not fit: n is required.',
        42,
      ],
    );
  });

  it('runs the calls of one answer side by side, or in turn', async () => {
    for (const parallel of [true, false]) {
      const seen: string[] = [];
      const slow = tool({
        name: 'slow',
        inputSchema: { type: 'object' },
        run: async ({ n }) => {
          seen.push(`begin ${JSON.stringify(n)}`);
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(`end ${JSON.stringify(n)}`);
        },
      });
      await using model = await scriptedModel([
        [
          ['slow', '{"n":1}'],
          ['slow', '{"n":2}'],
        ],
      ]);
      await runTools(model.client, ASK, { tools: [slow], parallel });
      const expected = parallel ? ['begin 1', 'begin 2', 'end 1', 'end 2'] : ['begin 1', 'end 1', 'begin 2', 'end 2'];
      assert.deepEqual(seen, expected);
    }
  });

  it('ends by its conditions, and after eight steps in any case', async () => {
    const calling: readonly Say[] = Array.from({ length: 12 }, () => [['weather', '{"city":"Oslo"}']] as const);
    for (const [options, end, steps] of [
      [{ stopWhen: stepCount(3) }, 'stopped', 3],
      [{ stopWhen: [hasToolCall('other'), hasToolCall('weather')] }, 'stopped', 1],
      // One step costs 75 000 billionths of a dollar.
      [{ stopWhen: costAbove(0.000_1) }, 'stopped', 2],
      [{ stopWhen: ({ usage }: { usage: { inputTokens: number } }) => usage.inputTokens >= 40 }, 'stopped', 4],
      [{}, 'steps-used-up', 8],
      [{ stepsMax: 2 }, 'steps-used-up', 2],
    ] as const) {
      await using model = await scriptedModel(calling);
      const run = await runTools(model.client, ASK, { tools: [weather], ...options });
      assert.deepEqual([run.end, run.steps.length], [end, steps]);
    }
  });

  it('ends a run whose cost nobody knows when its cost is bounded', async () => {
    await using model = await scriptedModel([[['weather', '{"city":"Oslo"}']], 'never']);
    const ask = { ...ASK, model: 'openai/of-which-nobody-heard' };
    const run = await runTools(model.client, ask, { tools: [weather], stopWhen: costAbove(100) });
    assert.deepEqual([run.end, run.cost, run.steps.length], ['stopped', undefined, 1]);
  });

  it('leaves calls of other tools to its caller', async () => {
    await using model = await scriptedModel([[['ask_human', '{}']]]);
    const tools = { ask_human: { description: 'Asks a human.' } };
    const run = await runTools(model.client, { ...ASK, tools }, { tools: [weather] });
    assert.equal(run.end, 'caller-must-run');
    assert.deepEqual(
      run.answer.toolCalls.map(({ name }) => name),
      ['ask_human'],
    );
  });

  it('stops at an abort while a tool runs that does not listen', async () => {
    const leaving = new AbortController();
    const deaf = tool({
      name: 'deaf',
      run: () => {
        leaving.abort();
        return new Promise<string>(() => undefined);
      },
    });
    await using model = await scriptedModel([[['deaf', '{}']], 'never']);
    const run = runTools(model.client, ASK, { tools: [deaf], signal: leaving.signal });
    await assert.rejects(run, (error) => error instanceof LlmError && error.failure.kind === 'cancelled');
    assert.equal(model.asked.length, 1);
  });

  it('refuses a tool whose schema nobody can tell the model', () => {
    const input = z.object({ at: z.date() });
    assert.throws(() => tool({ name: 'when', input, run: () => 1 }), /Give `inputSchema` beside it/);
    assert.equal(tool({ name: 'when', input, inputSchema: { type: 'object' }, run: () => 1 }).name, 'when');
  });
});

describe('a run of tools at the simulator', () => {
  let server: SimulatorServer;
  before(async () => {
    server = await startSimulatorServer({ scriptFor: ({ body }) => (body.includes('think') ? 'reasoning' : 'tools') });
  });
  after(() => server.close());
  const IDS = ['openai', 'anthropic', 'gemini'] as const;
  const clientAt = (): Client =>
    createClient({
      providers: IDS.map((id) => ({ ...PROVIDERS[id], baseUrl: server.url })),
      credentials: { openai: 'k', anthropic: 'k', gemini: 'k' },
    });

  for (const id of IDS)
    it(`streams events and steps from ${id}`, async () => {
      const seen: ToolRunEvent[] = [];
      const run = streamTools(clientAt(), { ...ASK, model: `${id}/tools` }, { tools: [weather] });
      let next = await run.next();
      for (; next.done !== true; next = await run.next()) seen.push(next.value);
      assert.equal(next.value.text, 'The tool answered: rain in SAMPLE');
      assert.deepEqual(
        seen.flatMap((each) => (each.type === 'step' ? each.step.number : [])),
        [1, 2],
      );
      assert.ok(seen.some((each) => each.type === 'event' && each.step === 2 && each.event.type === 'part-delta'));
    });
});

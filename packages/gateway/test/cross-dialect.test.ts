import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { joinChat, joinMessage } from '@patchbay/llm/testing/join-stream';
import { loadRecordings, type Recording } from '@patchbay/llm/testing/recordings';
import { spokenByChat, spokenByMessage, type Spoken } from '@patchbay/llm/testing/spoken';
import OpenAI from 'openai';

import { startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

/** Recordings name the place they were made; the provider that speaks their departures stands here under its own id. */
const PROVIDER_IDS: Readonly<Record<string, string>> = {
  'qwen-dashscope': 'qwen',
  azure: 'openai',
};

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let anthropic: Anthropic;
let openai: OpenAI;

const chats = loadRecordings('openai.chat');
const messages = loadRecordings('anthropic.messages');
const providerOf = (recording: Recording): string => PROVIDER_IDS[recording.provider] ?? recording.provider;

before(async () => {
  upstream = await startUpstream(() => undefined);
  const ids = new Set([...chats, ...messages].map(providerOf));
  gateway = await startGateway([...ids].map((id) => provider(id, `${upstream.url}/v1`, `${id}-account-key`)));
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

/** Sends a recorded answer, its stream in pieces of `pieceBytes`. */
function replay(recording: Recording, pieceBytes = Infinity): void {
  const { status, body, sse_text: text } = recording.response;
  const bytes = Buffer.from(text ?? JSON.stringify(body));
  upstream.seen.length = 0;
  upstream.answer = async (_, response) => {
    response.writeHead(status, { 'content-type': text === undefined ? 'application/json' : 'text/event-stream' });
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      response.write(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes)));
      if (pieceBytes < bytes.length) await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

const modelOf = (recording: Recording): string => `${providerOf(recording)}/${recording.model ?? 'unnamed'}`;

async function askAnthropic(recording: Recording): Promise<Spoken> {
  const request = {
    model: modelOf(recording),
    max_tokens: 1000,
    messages: [{ role: 'user' as const, content: 'hi' }],
  };
  return recording.stream
    ? spokenByMessage(await anthropic.messages.stream(request).finalMessage())
    : spokenByMessage(await anthropic.messages.create(request));
}

async function askOpenAi(recording: Recording): Promise<Spoken> {
  const request = { model: modelOf(recording), messages: [{ role: 'user' as const, content: 'hi' }] };
  if (!recording.stream) return spokenByChat(await openai.chat.completions.create(request));
  const stream = openai.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
  // The client's own joining keeps only the last piece of a member it does not know.
  let reasoning = '';
  stream.on('chunk', ({ choices: [choice] }) => {
    reasoning += (choice?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? '';
  });
  return { ...spokenByChat(await stream.finalChatCompletion()), reasoning };
}

const NO_TOKENS = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

describe('openai.chat answers reach Anthropic’s client', () => {
  for (const recording of chats) {
    it(recording.id, async () => {
      const { body, sse_text: text } = recording.response;
      const recorded = text === undefined ? body : joinChat(text);
      replay(recording);
      if ((recorded as { error?: unknown }).error) return assertRefused(askAnthropic(recording), recording);
      const expected = spokenByChat(recorded);
      const heard = await askAnthropic(recording);
      assert.deepEqual(heard, { ...expected, usage: expected.usage ?? NO_TOKENS });
      if (!recording.stream) return;
      replay(recording, 7);
      assert.deepEqual(await askAnthropic(recording), heard, 'the same in pieces of seven bytes');
    });
  }
});

describe('anthropic.messages answers reach OpenAI’s client', () => {
  for (const recording of messages) {
    it(recording.id, async () => {
      const { body, sse_text: text } = recording.response;
      const recorded = text === undefined ? body : joinMessage(text);
      replay(recording);
      if ((recorded as { type?: unknown }).type === 'error') return assertRefused(askOpenAi(recording), recording);
      const heard = await askOpenAi(recording);
      assert.deepEqual(heard, spokenByMessage(recorded));
      if (!recording.stream) return;
      replay(recording, 7);
      assert.deepEqual(await askOpenAi(recording), heard, 'the same in pieces of seven bytes');
    });
  }
});

/** A refusal arrives as the client's own error class, with the provider's own words and the status that they mean. */
async function assertRefused(asking: Promise<Spoken>, { response }: Recording): Promise<void> {
  await assert.rejects(asking, (error: InstanceType<typeof Anthropic.APIError | typeof OpenAI.APIError>) => {
    assert.ok(error instanceof Anthropic.APIError || error instanceof OpenAI.APIError, String(error));
    if (response.status >= 400 && response.status < 500) assert.equal(error.status, response.status);
    return true;
  });
}

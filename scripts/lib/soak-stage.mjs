/** What the doctor is let look at while it serves: one gateway as it comes, or a team's. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { newDatabase } from '../../packages/gateway/test/storage/engines.ts';
import { startProcess } from '../../packages/gateway/test/support/gateway-process.ts';
import { freePort } from '../../packages/gateway/test/support/own-postgres.ts';
import { sendJson, startUpstream } from '../../packages/gateway/test/support/scripted-upstream.ts';

const WORDS = 'Tell me of the sea. '.repeat(20);

/** Whoever signs in to look. */
export const PASSWORD = 'a-password-of-the-soak-4711';

/** One call in each dialect, whole and streamed. */
const callsTo = (chatModel, messagesModel) => {
  const messages = [{ role: 'user', content: WORDS }];
  return [
    ['/v1/chat/completions', { model: chatModel, messages }],
    ['/v1/chat/completions', { model: messagesModel, messages, stream: true }],
    ['/v1/messages', { model: chatModel, max_tokens: 200, messages }],
    ['/v1/messages', { model: messagesModel, max_tokens: 200, messages, stream: true }],
    ['/v1/responses', { model: chatModel, input: WORDS, stream: true }],
    [
      `/v1beta/models/${encodeURIComponent(chatModel)}:generateContent`,
      { contents: [{ role: 'user', parts: [{ text: WORDS }] }] },
    ],
  ];
};

/** One gateway on its embedded store, with the provider that is built in. */
export async function startAlone() {
  const gateway = await startProcess({ ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'warn' });
  return {
    gateways: [gateway],
    calls: callsTo('simulator/echo', 'simulator/echo'),
    close: () => stopAll([gateway]),
  };
}

/**
 * Two gateways on one PostgreSQL and one Redis, with accounts at two vendors who take their time, have a bad moment once in a
 * while (500) and ask one account in a hundred to wait a second (429): nothing of which is a fault of the installation.
 */
export async function startTeam() {
  const [database, redis, vendor] = await Promise.all([newDatabase(), startRedis(), startVendor()]);
  const shared = {
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    ENCRYPTION_KEY: 'a-key-of-the-soak-that-both-replicas-know',
    OPENAI_BASE_URL: `${vendor.url}/v1`,
    OPENAI_API_KEY_1: 'sk-soak-4f1d0b77-a',
    OPENAI_API_KEY_2: 'sk-soak-4f1d0b77-b',
    ANTHROPIC_BASE_URL: vendor.url,
    ANTHROPIC_API_KEY_1: 'sk-ant-soak-4f1d0b77-a',
    ANTHROPIC_API_KEY_2: 'sk-ant-soak-4f1d0b77-b',
  };
  const gateways = [await startProcess(shared), await startProcess(shared)];
  return {
    gateways,
    calls: callsTo('openai/gpt-5-mini', 'anthropic/claude-sonnet-4-5'),
    close: async () => {
      await stopAll(gateways);
      await vendor.close();
      await redis.close();
      await database.drop();
    },
  };
}

async function stopAll(gateways) {
  for (const gateway of gateways) {
    await gateway.stop();
    await gateway.remove();
  }
}

/** A Redis of its own, so that no one else's keys are touched. */
async function startRedis() {
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-soak-'));
  const port = await freePort();
  const options = ['--port', String(port), '--save', '', '--dir', folder, '--bind', '127.0.0.1'];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  await new Promise((resolve, reject) => server.once('spawn', resolve).once('error', reject));
  while (!(await connects(port))) await sleep(20);
  return {
    url: `redis://127.0.0.1:${port}`,
    close: async () => {
      server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const connects = (port) =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const tell = (does) => () => {
      socket.destroy();
      resolve(does);
    };
    socket.once('connect', tell(true)).once('error', tell(false));
  });

const PIECES = WORDS.match(/.{1,20}/g) ?? [];

async function startVendor() {
  const vendor = await startUpstream(async (request, response, number) => {
    vendor.seen.length = 0;
    const count = (served += 1);
    if (request.method === 'GET') return sendJson(response, 200, { object: 'list', data: MODELS });
    // Many servers that speak OpenAI's words know chats alone.
    if (request.path.endsWith('/responses')) return sendJson(response, 404, { error: { message: 'Not Found' } });
    await sleep(20 + ((number + count) % 60));
    if (count % 401 === 0)
      return sendJson(response, 500, { error: { message: 'A bad moment.', type: 'server_error' } });
    if (count % 307 === 0)
      return sendJson(response, 429, { error: { message: 'Slower.', type: 'rate_limit' } }, { 'retry-after': '1' });
    const { stream = false } = JSON.parse(request.body.toString());
    const speak = request.path.endsWith('/messages') ? speakMessages : speakChat;
    await speak(response, stream);
  });
  let served = 0;
  return vendor;
}

const MODELS = ['gpt-5-mini', 'claude-sonnet-4-5'].map((id) => ({
  id,
  object: 'model',
  type: 'model',
  created: 1_763_000_000,
  display_name: id,
  owned_by: 'soak',
}));

async function speakChat(response, stream) {
  const usage = { prompt_tokens: 100, completion_tokens: 100, total_tokens: 200 };
  const front = { id: 'chatcmpl-soak', created: 1_763_000_000, model: 'gpt-5-mini' };
  if (!stream) {
    const choices = [{ index: 0, message: { role: 'assistant', content: WORDS }, finish_reason: 'stop' }];
    return sendJson(response, 200, { ...front, object: 'chat.completion', choices, usage });
  }
  const event = (delta, finish, rest) =>
    `data: ${JSON.stringify({ ...front, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...rest })}\n\n`;
  await sendSlowly(response, [
    ...PIECES.map((content) => event({ role: 'assistant', content }, null)),
    event({}, 'stop', { usage }),
    'data: [DONE]\n\n',
  ]);
}

async function speakMessages(response, stream) {
  const front = { id: 'msg_soak', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' };
  const end = { stop_reason: 'end_turn', stop_sequence: null };
  const usage = { input_tokens: 100, output_tokens: 100 };
  if (!stream) return sendJson(response, 200, { ...front, content: [{ type: 'text', text: WORDS }], ...end, usage });
  const event = (type, rest) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const began = {
    ...front,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 },
  };
  await sendSlowly(response, [
    event('message_start', { message: began }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...PIECES.map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: end, usage: { output_tokens: 100 } }),
    event('message_stop', {}),
  ]);
}

async function sendSlowly(response, events) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const each of events) {
    response.write(each);
    await sleep(2);
  }
  response.end();
}

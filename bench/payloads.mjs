/** Everything that travels in a benchmark: what clients send, what the mock answers, and the text that must arrive. */

/** The provider account's key: the mock answers 400 to anything else. */
export const UPSTREAM_KEY = 'sk-upstream-account-4f2a9c';
/** The data-plane key clients send to a gateway. */
export const CLIENT_KEY = 'pb-bench-client-7d1e55c0a9b34f6688';

export const PATHS = { openai: '/v1/chat/completions', anthropic: '/v1/messages' };
export const BURST_EVENTS = 64;
export const PACED_EVENTS = 200;
/** How long the mock keeps a `held` answer back, so that all requests of a burst are in flight together. */
export const HELD_MS = 1_000;

const word = (index) => `word${String(index).padStart(4, '0')} of the tale `;
/** An OpenAI stream spends 3 events on role, finish and usage; an Anthropic stream 5 on its frame. */
const FRAME_EVENTS = { openai: 3, anthropic: 5 };
const deltas = (dialect, events) => Array.from({ length: events - FRAME_EVENTS[dialect] }, (_, index) => word(index));

/** The text a client must be able to read from a stream whose upstream speaks `dialect`. */
export const streamText = (dialect, events) => deltas(dialect, events).join('');
/** The text of every unstreamed answer. */
export const JSON_TEXT = Array.from({ length: 32 }, (_, index) => word(index)).join('');

const CHUNK = {
  id: 'chatcmpl-C9fXq2Tn5wBzKp7Rk1LmVd3Ys8Ha',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'bench-2026-10-01',
  service_tier: 'default',
  system_fingerprint: 'fp_44709d6fcb',
};
const OPENAI_USAGE = {
  prompt_tokens: 412,
  completion_tokens: 190,
  total_tokens: 602,
  prompt_tokens_details: { cached_tokens: 128 },
};

function openAiEvents(events) {
  const choice = (delta, finish = null) => ({
    ...CHUNK,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
  });
  const all = [
    choice({ role: 'assistant', content: '', refusal: null }),
    ...deltas('openai', events).map((content) => choice({ content })),
    choice({}, 'stop'),
    { ...CHUNK, choices: [], usage: OPENAI_USAGE },
  ];
  return [...all.map((each) => `data: ${JSON.stringify(each)}\n\n`), 'data: [DONE]\n\n'];
}

function anthropicEvents(events) {
  const message = {
    id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
    type: 'message',
    role: 'assistant',
    model: 'bench-2026-10-01',
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  const usage = { input_tokens: 284, cache_creation_input_tokens: 0, cache_read_input_tokens: 128, output_tokens: 1 };
  const all = [
    { type: 'message_start', message: { ...message, usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...deltas('anthropic', events).map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 190 } },
    { type: 'message_stop' },
  ];
  return all.map((each) => `event: ${each.type}\ndata: ${JSON.stringify(each)}\n\n`);
}

/** The server-sent events of one answer, as text, the closing one included. */
export const streamEvents = (dialect, events) =>
  dialect === 'openai' ? openAiEvents(events) : anthropicEvents(events);

/** One unstreamed answer. */
export function jsonAnswer(dialect) {
  if (dialect === 'openai') {
    const message = { role: 'assistant', content: JSON_TEXT, refusal: null, annotations: [] };
    return {
      ...CHUNK,
      object: 'chat.completion',
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage: OPENAI_USAGE,
    };
  }
  const usage = { input_tokens: 284, cache_creation_input_tokens: 0, cache_read_input_tokens: 128, output_tokens: 190 };
  const content = [{ type: 'text', text: JSON_TEXT }];
  return {
    id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
    type: 'message',
    role: 'assistant',
    model: 'bench-2026-10-01',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  };
}

/** The headers a vendor sends besides content type and framing. */
export const ANSWER_HEADERS = [
  'date: Sat, 03 Oct 2026 10:00:00 GMT',
  'server: cloudflare',
  'x-request-id: req_6f0c2a0b5d7e4e0c9e0a4f7f3b1d2c88',
  'openai-organization: bench-org',
  'openai-processing-ms: 412',
  'openai-version: 2020-10-01',
  'x-ratelimit-limit-requests: 30000',
  'x-ratelimit-limit-tokens: 150000000',
  'x-ratelimit-remaining-requests: 29999',
  'x-ratelimit-remaining-tokens: 149999412',
  'x-ratelimit-reset-requests: 2ms',
  'cf-ray: 8c9d0e1f2a3b4c5d-FRA',
  'strict-transport-security: max-age=31536000; includeSubDomains; preload',
];

const SYSTEM = 'You are a careful assistant of a travel agency. Answer briefly, in the language of the question. ';
const QUESTION = 'Which trains run from the harbour to the old town on a Sunday morning, and where must one change? ';
/** Bodies are filled up to this by the user's message. */
const REQUEST_BYTES = 1_760;

/** One request body of about `bytes` (default 1.76 kB, 2.1 kB with its headers). */
export function requestBody({ dialect, model, isStream, bytes = REQUEST_BYTES }) {
  const common = { model, max_tokens: 1024, temperature: 0.7 };
  const stream = isStream
    ? { stream: true, ...(dialect === 'openai' ? { stream_options: { include_usage: true } } : {}) }
    : {};
  const user = (text) => ({ role: 'user', content: text });
  const build = (text) =>
    dialect === 'openai'
      ? { ...common, ...stream, messages: [{ role: 'system', content: SYSTEM }, user(text)] }
      : { ...common, ...stream, system: SYSTEM, messages: [user(text)] };
  const missing = bytes - JSON.stringify(build('')).length;
  return JSON.stringify(build(QUESTION.repeat(Math.ceil(missing / QUESTION.length)).slice(0, missing)));
}

const CLIENT_HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'Bench/JS 7.55.0',
  'x-stainless-lang': 'js',
  'x-stainless-os': 'Linux',
  'x-stainless-runtime': 'node',
};

/** The bytes of one HTTP/1.1 request. `headers` carry the key in the gateway's way. */
export function requestBytes({ dialect, headers, body }) {
  const version = dialect === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {};
  const all = {
    host: '127.0.0.1',
    ...CLIENT_HEADERS,
    ...version,
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const head = Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return Buffer.from(`POST ${PATHS[dialect]} HTTP/1.1\r\n${head}\r\n${body}`);
}

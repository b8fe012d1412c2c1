/**
 * A vendor on loopback, in a process of its own: answers both dialects from bytes made beforehand, so that it is
 * not what the benchmark measures. Written on bare sockets for the same reason.
 * `stream` in the body chooses the kind of answer; a model name with `paced-<ms>` or `held` chooses its timing.
 */
import net from 'node:net';
import {
  ANSWER_HEADERS,
  BURST_EVENTS,
  HELD_MS,
  PACED_EVENTS,
  PATHS,
  UPSTREAM_KEY,
  jsonAnswer,
  streamEvents,
} from './payloads.mjs';

const HEAD_END = '\r\n\r\n';
const KEYS = { openai: `authorization: bearer ${UPSTREAM_KEY}`, anthropic: `x-api-key: ${UPSTREAM_KEY}` };
const REFUSAL = httpAnswer(
  '400 Bad Request',
  Buffer.from('{"error":{"message":"wrong key or model not rewritten","type":"invalid_request_error"}}'),
);
const chunk = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const LAST_CHUNK = '0\r\n\r\n';
const STREAM_HEAD = answerHead('200 OK', [
  'content-type: text/event-stream; charset=utf-8',
  'transfer-encoding: chunked',
]);

const ANSWERS = Object.fromEntries(
  Object.keys(PATHS).map((dialect) => [
    dialect,
    {
      json: httpAnswer('200 OK', Buffer.from(JSON.stringify(jsonAnswer(dialect)))),
      burst: Buffer.from(STREAM_HEAD + streamEvents(dialect, BURST_EVENTS).map(chunk).join('') + LAST_CHUNK),
      paced: pacedWrites(streamEvents(dialect, PACED_EVENTS)),
    },
  ]),
);

const stats = { requests: 0, refused: 0, refusals: [] };
/** Running streams by their pace in milliseconds, then by the millisecond within it when they are due. */
const paces = new Map();

function answerHead(status, lines) {
  return `HTTP/1.1 ${status}\r\n${[...lines, ...ANSWER_HEADERS].join('\r\n')}${HEAD_END}`;
}

function httpAnswer(status, body) {
  return Buffer.concat([
    Buffer.from(answerHead(status, ['content-type: application/json', `content-length: ${body.length}`])),
    body,
  ]);
}

/** OpenAI's `[DONE]` goes out together with the event before it, so both dialects take the same time. */
function pacedWrites(events) {
  const texts = [...events.slice(0, PACED_EVENTS - 1), events.slice(PACED_EVENTS - 1).join('')];
  return texts.map((text, index) => Buffer.from(chunk(text) + (index === texts.length - 1 ? LAST_CHUNK : '')));
}

function onConnection(socket) {
  socket.setNoDelay(true);
  const state = { pieces: [], length: 0, bodyStart: -1, total: -1, head: '' };
  socket.on('data', (bytes) => onBytes(socket, state, bytes));
  socket.on('error', () => socket.destroy());
}

function onBytes(socket, state, bytes) {
  state.pieces.push(bytes);
  state.length += bytes.length;
  if (state.bodyStart < 0 && !readHead(state)) return;
  if (state.total < 0 ? !bytes.subarray(-5).equals(Buffer.from(LAST_CHUNK)) : state.length < state.total) return;
  const whole = state.pieces.length === 1 ? state.pieces[0] : Buffer.concat(state.pieces, state.length);
  const { head, bodyStart } = state;
  Object.assign(state, { pieces: [], length: 0, bodyStart: -1, total: -1, head: '' });
  answer(socket, head, whole.subarray(bodyStart));
}

/** Understands the head as soon as it is complete; `total` stays -1 for a chunked body. */
function readHead(state) {
  const whole = state.pieces.length === 1 ? state.pieces[0] : Buffer.concat(state.pieces, state.length);
  const end = whole.indexOf(HEAD_END);
  state.pieces = [whole];
  if (end < 0) return false;
  state.head = whole.latin1Slice(0, end + 2).toLowerCase();
  state.bodyStart = end + HEAD_END.length;
  const at = state.head.indexOf('\r\ncontent-length:');
  state.total = at < 0 ? -1 : state.bodyStart + Number.parseInt(state.head.slice(at + 17), 10);
  return true;
}

function answer(socket, head, body) {
  stats.requests += 1;
  const dialect = head.includes(PATHS.anthropic) ? 'anthropic' : 'openai';
  const model = modelOf(body);
  if (!head.includes(KEYS[dialect]) || !head.startsWith(`post ${PATHS[dialect]} `) || !model.startsWith('bench')) {
    return refuse(socket, `${head.slice(0, head.indexOf('\r'))} model ${model} key ${head.includes(KEYS[dialect])}`);
  }
  const answers = ANSWERS[dialect];
  if (!body.includes('"stream":true')) {
    if (model.includes('held')) return void setTimeout(() => socket.write(answers.json), HELD_MS);
    return void socket.write(answers.json);
  }
  const pace = /paced-(\d+)/.exec(model);
  if (pace !== null) return startPaced(socket, answers.paced, Number(pace[1]));
  socket.write(answers.burst);
}

function refuse(socket, why) {
  stats.refused += 1;
  if (stats.refusals.length < 5) stats.refusals.push(why);
  socket.write(REFUSAL);
}

function modelOf(body) {
  const at = body.indexOf('"model":"');
  return at < 0 ? '' : body.latin1Slice(at + 9, body.indexOf('"', at + 9));
}

function startPaced(socket, writes, everyMs) {
  const now = performance.now();
  const stream = { socket, writes, everyMs, startMs: now, sent: 1 };
  if (!paces.has(everyMs))
    paces.set(
      everyMs,
      Array.from({ length: everyMs }, () => new Set()),
    );
  const bucket = paces.get(everyMs)[Math.floor(now) % everyMs];
  bucket.add(stream);
  socket.once('close', () => bucket.delete(stream));
  socket.cork();
  socket.write(STREAM_HEAD);
  socket.write(writes[0]);
  socket.uncork();
}

let lastTickMs = Math.floor(performance.now());

/** Each stream is due once in its pace; a late tick sends all that is due in one write, as a busy vendor does. */
function tick() {
  const now = performance.now();
  const nowMs = Math.floor(now);
  for (const [everyMs, buckets] of paces) {
    for (let at = Math.max(lastTickMs + 1, nowMs - everyMs + 1); at <= nowMs; at += 1) {
      const bucket = buckets[at % everyMs];
      for (const stream of bucket) sendDue(stream, now, bucket);
    }
  }
  lastTickMs = nowMs;
}

function sendDue(stream, now, bucket) {
  const due = Math.min(stream.writes.length, 1 + Math.round((now - stream.startMs) / stream.everyMs));
  if (due <= stream.sent) return;
  const { sent } = stream;
  stream.socket.write(due - sent === 1 ? stream.writes[sent] : Buffer.concat(stream.writes.slice(sent, due)));
  stream.sent = due;
  if (due === stream.writes.length) bucket.delete(stream);
}

setInterval(tick, 1);
const server = net.createServer({ noDelay: true }, onConnection);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send({ type: 'listening', port: server.address().port }),
);
process.on('message', () => process.send({ type: 'stats', stats }));
process.on('disconnect', () => process.exit(0));

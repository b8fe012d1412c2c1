/** A vendor of OpenAI's dialect on loopback, in a process of its own. The model's name says what it answers. */
import { createServer } from 'node:http';

const TEXT = 'The quick brown fox jumps over the lazy dog while the patient reader counts every word. ';
const USAGE = { prompt_tokens: 12, completion_tokens: 64, total_tokens: 76 };
const base = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'bench' };
const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const WHOLE = JSON.stringify({
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: TEXT.repeat(12) }, finish_reason: 'stop' }],
  usage: USAGE,
});
const FIRST = chunk({ role: 'assistant', content: '' }) + chunk({ content: 'word ' });
const LAST = `${chunk({}, 'stop')}data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [], usage: USAGE })}\n\ndata: [DONE]\n\n`;
const bursts = new Map();

/** A stream of `count` words, made once. */
function burst(count) {
  if (!bursts.has(count)) bursts.set(count, FIRST + chunk({ content: 'word ' }).repeat(count - 1) + LAST);
  return bursts.get(count);
}

async function answer(request, response) {
  let body = '';
  for await (const piece of request) body += piece;
  const { model } = JSON.parse(body);
  if (model === 'whole') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(WHOLE) });
    return response.end(WHOLE);
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (model === 'held') return response.write(FIRST);
  return response.end(burst(Number(model.split('-')[1])));
}

const server = createServer((request, response) => void answer(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}/v1` }));

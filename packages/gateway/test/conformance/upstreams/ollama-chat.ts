import assert from 'node:assert/strict';

import type { JsonObject } from '@patchbay/llm/model/json';
import { arrayOf, objectOf } from '@patchbay/llm/wire/read';

import { askedOf, memberOf, newReading, noteCall, noteResult, objectsOf, type Reading, shown } from '../asked.ts';
import type { Answer } from '../scenario.ts';
import { callId, halvesOf, JSON_TYPE, type UpstreamSide } from './upstream.ts';

const FINISH = { end: 'stop', length: 'length', tools: 'stop', declined: 'stop' } as const;
const HEAD = { model: 'qwen3:8b', created_at: '2026-11-01T10:00:00.000000Z' };

/** https://github.com/ollama/ollama/blob/main/docs/api.md */
export const ollamaUpstream: UpstreamSide = {
  id: 'ollama-chat',
  model: 'qwen3:8b',
  speaks: { format: 'ollama-chat', path: '/api/chat' },
  lacks: {
    signature: 'Ollama signs nothing.',
    cached: 'Ollama does not tell what it had in its cache.',
    refusal: 'Ollama has no word for a refusal.',
    resultError: 'A tool message has no mark of failure.',
  },
  read(body, path) {
    assert.equal(path, '/api/chat');
    const reading = newReading();
    for (const message of objectsOf(body['messages'])) readMessage(reading, message);
    assert.equal(reading.results.length, reading.calls.length, 'every call is answered');
    const options = objectOf(body['options']);
    return askedOf(reading, {
      tools: objectsOf(body['tools']).map((tool) => {
        const { name, description, parameters } = memberOf(tool, 'function');
        return { name: shown(name), description: shown(description), parameters: objectOf(parameters) ?? {} };
      }),
      schema: body['format'],
      stops: (options?.['stop'] ?? []) as string[],
      maxTokens: options?.['num_predict'],
      thinks: body['think'] !== undefined && body['think'] !== false,
    });
  },
  whole: (answer, id) => ({
    type: JSON_TYPE,
    body: JSON.stringify({ ...last(answer), message: messageOf(answer, id) }),
  }),
  stream: (answer, id) => {
    const { thought, text, calls } = answer;
    const pieces: readonly JsonObject[] = [
      ...halvesOf(thought?.text ?? '').map((thinking) => ({ content: '', thinking })),
      ...halvesOf(text ?? '').map((content) => ({ content })),
      ...(calls ?? []).map((_, index) => ({ content: '', tool_calls: [callsOf(answer, id)[index] ?? {}] })),
    ];
    const lines = pieces.map((piece) => ({ ...HEAD, message: { role: 'assistant', ...piece }, done: false }));
    return lined([...lines, { ...last(answer), message: { role: 'assistant', content: '' } }]);
  },
  refuse: ({ message }) => ({ error: message }),
  begin: (text) => {
    const { type, body } = lined([begunLine(text)]);
    return { type, begun: body };
  },
  broken: (text, message) => lined([begunLine(text), { error: message }]),
};

const begunLine = (text: string): JsonObject => ({
  ...HEAD,
  message: { role: 'assistant', content: text },
  done: false,
});

const lined = (lines: readonly JsonObject[]) => ({
  type: 'application/x-ndjson',
  body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
});

function readMessage(reading: Reading, message: JsonObject): void {
  const { role, images } = message;
  const content = shown(message['content'] ?? '');
  const pictures = arrayOf(images).map((each) => shown(each));
  if (role === 'tool') {
    noteResult(reading, message['tool_call_id'], content, false);
    reading.resultPictures.push(...pictures);
  } else if (role === 'system') reading.system.push(content);
  else if (role === 'user') {
    if (content !== '') reading.user.push(content);
    reading.pictures.push(...pictures);
  } else {
    assert.equal(role, 'assistant');
    if (content !== '') reading.answers.push(content);
    for (const call of objectsOf(message['tool_calls'])) {
      const made = memberOf(call, 'function');
      noteCall(reading, call['id'], made['name'], made['arguments']);
    }
  }
}

const callsOf = ({ calls = [] }: Answer, id: string): readonly JsonObject[] =>
  calls.map(({ name, input }, index) => ({ id: callId(id, index), function: { name, arguments: input } }));

const messageOf = (answer: Answer, id: string): JsonObject => ({
  role: 'assistant',
  content: answer.text ?? '',
  ...(answer.thought && { thinking: answer.thought.text }),
  ...(answer.calls && { tool_calls: callsOf(answer, id) }),
});

const last = ({ finish, usage }: Answer): JsonObject => ({
  ...HEAD,
  done: true,
  done_reason: FINISH[finish],
  prompt_eval_count: usage.input,
  eval_count: usage.output,
});

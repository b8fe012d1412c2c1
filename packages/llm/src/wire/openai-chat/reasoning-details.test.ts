import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { Result } from '../../model/failure.ts';
import { collect } from '../../model/fold.ts';
import type { AssistantMessage } from '../../model/message.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { Encoded } from '../codec.ts';
import { objectOf } from '../read.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';

const DETAILS = [
  { type: 'reasoning.text', text: 'Hm.', signature: 'c2ln', format: 'anthropic-claude-v1', id: 'r-1', index: 0 },
  { type: 'reasoning.summary', summary: 'So.', format: 'openai-responses-v1', id: null, index: 1 },
  { type: 'reasoning.summary', summary: 'Then.', format: 'openai-responses-v1', id: null, index: 2 },
  { type: 'reasoning.encrypted', data: 'ZW5j', format: 'openai-responses-v1', id: 'rs_1', index: 1 },
];

const requestAfter = (content: AssistantMessage['content']): GenerationRequest => ({
  model: 'm',
  messages: [{ role: 'assistant', content }],
  stream: false,
  streamUsage: false,
});
const detailsIn = (encoded: Result<Encoded>): unknown =>
  encoded.ok && objectOf((encoded.value.body['messages'] as readonly object[])[0])?.['reasoning_details'];

it('gives back signed and encrypted thoughts in the words in which they came, where a server takes them', () => {
  const message = { role: 'assistant', content: 'Yes.', reasoning_details: DETAILS };
  const answer = decodeResponse({ id: 'a', model: 'm', choices: [{ message, finish_reason: 'stop' }] }, {});
  assert.ok(answer.ok);
  const request = requestAfter(answer.value.content);
  const taken = encodeRequest(request, { reasoningField: 'reasoning', reasoningDetails: true });
  assert.ok(taken.ok);
  assert.deepEqual(detailsIn(taken), DETAILS);
  assert.deepEqual(taken.value.losses, []);
  const refused = encodeRequest(request, { reasoningField: 'reasoning' });
  assert.ok(refused.ok);
  assert.equal(refused.value.losses.length, 2);
});

it('gives back details of a stream as those of a whole answer, each thought by itself', () => {
  const machine = decodeStream({});
  const state = machine.initial();
  const [text, ...others] = DETAILS;
  const { signature, ...unsigned } = text as { signature: string; text: string };
  const pieces = [
    { ...unsigned, text: 'H' },
    { ...unsigned, text: 'm.' },
    { ...unsigned, text: '', signature },
  ];
  const events = [...pieces, ...others].flatMap((detail) => {
    const delta = { reasoning_details: [detail] };
    return machine.step(state, { event: '', data: JSON.stringify({ id: 'a', choices: [{ index: 0, delta }] }) });
  });
  const last = { id: 'a', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  events.push(...machine.step(state, { event: '', data: JSON.stringify(last) }), ...machine.end(state));
  const answer = collect(events);
  assert.ok(answer.ok);
  const taken = encodeRequest(requestAfter(answer.value.content), { reasoningDetails: true });
  assert.deepEqual(detailsIn(taken), DETAILS);
});

import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { GenerationRequest } from '../../model/request.ts';
import { objectOf } from '../read.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';

const DETAILS = [
  { type: 'reasoning.text', text: 'Hm.', signature: 'c2ln' },
  { type: 'reasoning.encrypted', data: 'ZW5j' },
];

it('gives back signed and encrypted thoughts in the words in which they came, where a server takes them', () => {
  const message = { role: 'assistant', content: 'Yes.', reasoning_details: DETAILS };
  const answer = decodeResponse({ id: 'a', model: 'm', choices: [{ message, finish_reason: 'stop' }] }, {});
  assert.ok(answer.ok);
  const request: GenerationRequest = {
    model: 'm',
    messages: [{ role: 'assistant', content: answer.value.content }],
    stream: false,
    streamUsage: false,
  };
  const taken = encodeRequest(request, { reasoningField: 'reasoning', reasoningDetails: true });
  assert.ok(taken.ok);
  assert.deepEqual(
    objectOf((taken.value.body['messages'] as readonly object[])[0] as never)?.['reasoning_details'],
    DETAILS,
  );
  assert.deepEqual(taken.value.losses, []);
  const refused = encodeRequest(request, { reasoningField: 'reasoning' });
  assert.ok(refused.ok);
  assert.equal(refused.value.losses.length, 2);
});

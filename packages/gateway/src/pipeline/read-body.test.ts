import assert from 'node:assert/strict';
import { constants } from 'node:buffer';
import { it } from 'node:test';

import { readBody } from './read-body.ts';

const CHAT = { format: 'openai-chat' } as const;

it('refuses a body that is longer than any text before it looks at it', () => {
  // The memory is never touched, so that the system never provides it.
  const read = readBody(Buffer.allocUnsafeSlow(constants.MAX_STRING_LENGTH + 1), CHAT);
  assert.ok(!read.ok);
  assert.equal(read.failure.kind, 'payload-too-large');
});

it('repeats the beginning of a long name that stands twice', () => {
  const name = 'n'.repeat(5000);
  const read = readBody(Buffer.from(`{"${name}":1,"${name}":2}`), CHAT);
  assert.ok(!read.ok);
  assert.equal(read.failure.path, `${name.slice(0, 1000)}…`);
  assert.ok(read.failure.message.length < 1100);
});

it('refuses a model that would climb out of its place in a path, and no other dots', () => {
  const read = (model: string) => readBody(Buffer.from(JSON.stringify({ model, messages: [{ role: 'user' }] })), CHAT);
  for (const model of ['openai/../files', '..', 'a/./b', './a', 'a/..']) {
    const result = read(model);
    assert.ok(!result.ok, model);
    assert.equal(result.failure.path, 'model');
  }
  for (const model of ['gpt-4.1', 'a/.b', 'a..b/c', 'v1.5/...']) assert.ok(read(model).ok, model);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { GenerationRequest } from '../model/request.ts';
import { readAsk, type Ask } from './ask.ts';

function read(ask: Ask): GenerationRequest {
  const asked = readAsk(ask, { stream: false });
  assert.ok(asked.ok);
  return asked.value.request;
}

function refused(ask: unknown): { readonly path: string | undefined; readonly message: string } {
  // Cast: callers of JavaScript can ask for anything.
  const asked = readAsk(ask as Ask, { stream: false });
  assert.ok(!asked.ok);
  assert.equal(asked.failure.kind, 'invalid-request');
  return { path: asked.failure.path, message: asked.failure.message };
}

describe('an ask in short', () => {
  it('puts instructions first and what is said now last', () => {
    const { messages } = read({
      model: 'a/b',
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
      ],
      prompt: 'three',
    });
    assert.deepEqual(messages, [
      { role: 'system', audience: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', content: [{ type: 'text', text: 'one' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: [{ type: 'text', text: 'three' }] },
    ]);
  });

  it('reads developers’ instructions and results of tools', () => {
    const { messages } = read({
      model: 'a/b',
      messages: [
        { role: 'developer', content: 'Mind the gap.' },
        { role: 'tool', toolCallId: 'c1', content: 'rain' },
      ],
    });
    assert.deepEqual(messages, [
      { role: 'system', audience: 'developer', content: [{ type: 'text', text: 'Mind the gap.' }] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c1', content: [{ type: 'text', text: 'rain' }], isError: false }],
      },
    ]);
  });

  it('names tools by their keys and says choices in full', () => {
    const { tools, toolChoice, reasoning } = read({
      model: 'a/b',
      prompt: 'hi',
      tools: { weather: { description: 'Says the weather.', inputSchema: { type: 'object' } } },
      toolChoice: 'required',
      reasoning: 'high',
    });
    assert.deepEqual(tools, [
      { type: 'function', name: 'weather', description: 'Says the weather.', inputSchema: { type: 'object' } },
    ]);
    assert.deepEqual(toolChoice, { type: 'required' });
    assert.deepEqual(reasoning, { effort: 'high' });
  });

  it('leaves messages alone that are written in full', () => {
    const message = { role: 'user', content: [{ type: 'text', text: 'hi' }] } as const;
    assert.equal(read({ model: 'a/b', messages: [message] }).messages[0], message);
  });

  it('takes several models', () => {
    const asked = readAsk({ model: ['a/b', 'c/d'], prompt: 'hi' }, { stream: true });
    assert.ok(asked.ok);
    assert.deepEqual(asked.value.models, ['a/b', 'c/d']);
    assert.equal(asked.value.request.model, 'a/b');
    assert.equal(asked.value.request.stream, true);
  });

  it('says what is wrong and where', () => {
    assert.equal(refused({ prompt: 'hi' }).path, 'model');
    assert.equal(refused({ model: [], prompt: 'hi' }).path, 'model');
    assert.match(refused({ model: 'a/b' }).message, /give `prompt` or `messages`/);
    assert.equal(refused({ model: 'a/b', messages: [] }).path, 'messages');
    assert.equal(refused({ model: 'a/b', messages: [{ role: 'robot', content: 'x' }] }).path, 'messages[0]');
    assert.equal(refused({ model: 'a/b', messages: [{ role: 'tool', content: 'x' }] }).path, 'messages[0]');
    assert.equal(refused({ model: 'a/b', prompt: 7 }).path, 'prompt');
    const misplaced = refused({ model: 'a/b', prompt: 'hi', signal: new AbortController().signal });
    assert.equal(misplaced.path, 'signal');
    assert.match(misplaced.message, /second argument/);
  });
});

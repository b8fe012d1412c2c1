import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Message, SystemMessage } from '../model/message.ts';
import { placeSystem } from './place-system.ts';
import { repairConversation } from './repair-conversation.ts';

const system = (...words: readonly string[]): SystemMessage => ({
  role: 'system',
  audience: 'developer',
  content: words.map((text) => ({ type: 'text', text })),
});
const user = (...words: readonly string[]): Message => ({
  role: 'user',
  content: words.map((text) => ({ type: 'text', text })),
});
const calls: Message = {
  role: 'assistant',
  content: [{ type: 'tool-call', id: '1', name: 'look', argumentsJson: '{}' }],
};
const results: Message = {
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId: '1', content: [], isError: false }],
};
const conversation = [
  system('a'),
  system('b'),
  user('c'),
  system('d'),
  calls,
  system('e'),
  results,
  user('f'),
  system('g'),
];

describe('instructions in the middle of a conversation', () => {
  const told = (place: 'start' | 'user'): readonly string[] =>
    placeSystem(conversation, place).losses.map(({ path, instead }) => `${path};${instead}`);

  it('move behind those at the start', () => {
    const { messages } = placeSystem(conversation, 'start');
    assert.deepEqual(messages, [
      system('a'),
      system('b'),
      system('d'),
      system('e'),
      system('g'),
      user('c'),
      calls,
      results,
      user('f'),
    ]);
    assert.deepEqual(told('start'), ['messages[3];moved', 'messages[5];moved', 'messages[8];moved']);
  });

  it('become the user’s in their place, but never between a call and its result', () => {
    const { messages } = placeSystem(conversation, 'user');
    assert.deepEqual(messages, [
      system('a'),
      system('b'),
      user('c'),
      user('System instruction:', 'd'),
      calls,
      results,
      user('System instruction:', 'e'),
      user('f'),
      user('System instruction:', 'g'),
    ]);
    assert.equal(repairConversation(messages).messages, messages);
    assert.deepEqual(told('user'), [
      'messages[3];approximated',
      'messages[5];approximated',
      'messages[8];approximated',
    ]);
  });

  it('that say nothing cannot be said by the user', () => {
    const messages: readonly Message[] = [
      user('a'),
      { ...system(), extras: { 'anthropic-messages': { effort: 'low' } } },
      user('b'),
    ];
    const { messages: made, losses } = placeSystem(messages, 'user');
    assert.deepEqual(made, [user('a'), user('b')]);
    assert.deepEqual(
      losses.map(({ path, instead }) => `${path};${instead}`),
      ['messages[1];dropped'],
    );
  });
});

const SETTLED: readonly (readonly Message[])[] = [
  [],
  [system('a')],
  [system('a'), user('b')],
  [user('a'), calls, results],
];

describe('a conversation with instructions at the start alone', () => {
  it('comes back as the very same list', () => {
    for (const place of ['start', 'user'] as const)
      for (const messages of SETTLED) assert.equal(placeSystem(messages, place).messages, messages);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { conversationKey } from './conversation-key.ts';

const user = (content: string) => ({ role: 'user', content });
const model = (content: string) => ({ role: 'assistant', content });

describe('the key of a conversation', () => {
  it('is that of its first turn, in every dialect', () => {
    const first = {
      chat: { messages: [{ role: 'system', content: 's' }, user('a')] },
      anthropic: { system: 's', messages: [user('a')] },
      responses: { instructions: 's', input: [user('a')] },
      gemini: { systemInstruction: { parts: [{ text: 's' }] }, contents: [{ role: 'user', parts: [{ text: 'a' }] }] },
    };
    const later = {
      chat: { messages: [...first.chat.messages, model('b'), user('c')] },
      anthropic: { ...first.anthropic, messages: [user('a'), model('b'), user('c')] },
      responses: { ...first.responses, input: [user('a'), model('b'), user('c')] },
      gemini: { ...first.gemini, contents: [...first.gemini.contents, { role: 'model', parts: [{ text: 'b' }] }] },
    };
    for (const dialect of ['chat', 'anthropic', 'responses', 'gemini'] as const) {
      const key = conversationKey(first[dialect]);
      assert.equal(typeof key, 'number');
      assert.equal(conversationKey(later[dialect]), key, dialect);
    }
  });

  it('is another for other instructions or other first words', () => {
    const keys = [
      { system: 's', messages: [user('a')] },
      { system: 't', messages: [user('a')] },
      { system: 's', messages: [user('b')] },
      { input: 'a' },
    ].map(conversationKey);
    assert.equal(new Set(keys).size, 4);
  });

  it('is none where nobody speaks', () => {
    assert.equal(conversationKey({ model: 'm' }), undefined);
  });
});

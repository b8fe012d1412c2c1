import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { bedrock } from './bedrock.ts';
import { openai } from './openai.ts';
import { speechFor } from './speech-for.ts';
import { vertex } from './vertex.ts';

describe('speechFor', () => {
  it('is the caller’s own format where it is spoken, else the first', () => {
    assert.equal(speechFor(openai, 'gpt-5', 'openai-responses')?.format, 'openai-responses');
    assert.equal(speechFor(openai, 'gpt-5', 'gemini')?.format, openai.speaks[0].format);
    assert.equal(speechFor(openai, 'gpt-5')?.format, openai.speaks[0].format);
  });

  it('is the format that names the model, whatever the caller speaks', () => {
    for (const format of ['gemini', 'anthropic-messages', 'openai-chat'] as const) {
      assert.equal(speechFor(vertex, 'claude-sonnet-4-5', format)?.format, 'anthropic-messages');
      assert.equal(speechFor(vertex, 'gemini-2.5-pro', format)?.format, 'gemini');
    }
  });

  it('is the caller’s own of two that name the model, else the first of them', () => {
    for (const model of [
      'anthropic.claude-opus-4-7',
      'us.anthropic.claude-opus-4-7',
      'jp.anthropic.claude-haiku-4-5',
    ]) {
      assert.equal(speechFor(bedrock, model, 'anthropic-messages')?.format, 'anthropic-messages');
      assert.equal(speechFor(bedrock, model, 'gemini')?.format, 'bedrock-converse');
      assert.equal(speechFor(bedrock, model)?.format, 'bedrock-converse');
    }
    for (const model of ['gpt-5.2', 'gpt-5.4-mini', 'gpt-5.6', 'gpt-6']) {
      assert.equal(speechFor(openai, model, 'openai-chat')?.format, 'openai-chat');
      assert.equal(speechFor(openai, model, 'anthropic-messages')?.format, 'openai-responses');
    }
    assert.equal(speechFor(bedrock, 'us.amazon.nova-pro-v1:0', 'anthropic-messages')?.format, 'bedrock-converse');
  });

  it('is none where a provider has no chats', () => assert.equal(speechFor({ speaks: [] }, 'a'), undefined));
});

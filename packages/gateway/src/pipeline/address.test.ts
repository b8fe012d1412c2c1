import assert from 'node:assert/strict';
import { it } from 'node:test';

import { addressOf } from './address.ts';

const GEMINI = {
  path: '/models/{model}:generateContent',
  streamPath: '/models/{model}:streamGenerateContent?alt=sse',
  countPath: '/models/{model}:countTokens',
};
const generate = (stream: boolean) => ({ operation: 'generate', stream }) as const;

it('asks for whole answers, streams and counts where the provider serves them', () => {
  assert.equal(addressOf(generate(false), GEMINI, 'gemini-3'), '/models/gemini-3:generateContent');
  assert.equal(addressOf(generate(true), GEMINI, 'gemini-3'), '/models/gemini-3:streamGenerateContent?alt=sse');
  assert.equal(
    addressOf({ operation: 'count-tokens', stream: false }, GEMINI, 'gemini-3'),
    '/models/gemini-3:countTokens',
  );
  assert.equal(addressOf(generate(true), { path: '/chat/completions' }, 'm'), '/chat/completions');
});

it('writes a model into the path as servers with such names expect it, and nothing else with it', () => {
  const address = (model: string): string => addressOf(generate(false), GEMINI, model);
  assert.equal(address('openai/gpt-lab:free'), '/models/openai/gpt-lab:free:generateContent');
  assert.equal(address('a?b#c d%'), '/models/a%3Fb%23c%20d%25:generateContent');
  assert.equal(address('$&'), '/models/%24%26:generateContent');
});

it('keeps the caller’s query, but what the provider’s own path says wins', () => {
  assert.equal(addressOf(generate(true), { path: '/messages' }, 'm', '?beta=true'), '/messages?beta=true');
  const address = (query: string): string => addressOf(generate(true), GEMINI, 'm', query);
  assert.equal(address('?alt=json'), '/models/m:streamGenerateContent?alt=sse');
  assert.equal(address('?alt=sse&%24fields=a'), '/models/m:streamGenerateContent?alt=sse&%24fields=a');
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { redactMember, redactText } from './redact-text.ts';

/** Each holds the text `canary`, which must be gone, and nothing else of it may be needed to notice. */
const SECRETS: readonly string[] = [
  'sk-canary0123456789',
  'sk-proj-canary_0123-456789',
  'sk-ant-api03-canary0123456789',
  'sk_live_canary0123',
  'pb_AbCdEf123456_canary0123456789',
  'AIzaSyCanarycanary0123456789012',
  'gsk_canary0123456789',
  'xai-canary0123456789',
  'pplx-canary0123456789',
  'hf_canary0123456789',
  'ghp_canary0123456789',
  'ya29.canary-0123456789',
  'Incorrect API key provided: canary0123',
  'after a key_sk-canary0123456789',
  'Bearer%20sk-canary0123456789',
  '{"error":"line\\nsk-canary0123456789"}',
  'Bearer canary.0123/4567+89==',
  'bearer canary0123',
  'Authorization: Basic canary0123==',
  'authorization: Token canary0123456789',
  'authorization: canary0123',
  'Authorization=canary',
  'x-api-key: canary0123',
  "x-api-key: 'canary, with a comma'",
  'X-Goog-Api-Key: canary0123',
  'api_key=canary0123&more=1',
  'OPENAI_API_KEY=canary0123',
  'apiKey: canary0123',
  '{"api_key":"canary, and \\"quoted\\" canary"}',
  '{\\"password\\":\\"the canary in quoted JSON\\"}',
  'client_secret = "canary0123"',
  'aws_secret_access_key=canary/0123',
  'refresh_token=canary0123',
  'key=canary0123456789abcdef',
  'key: "canary+/0123456789abcdef=="',
  'https://example.com/v1/models?key=canary&alt=sse',
  'https://example.com/v1?alt=sse&signature=canary',
  'http://user:canary@example.com/path',
  'http://user:p@canary@example.com/path',
  'postgres://:canary@db/patchbay',
  'jwt eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOjF9canary.c2lnbmF0dXJlcanary',
  'x-eyJhbGciOiJIUzI1NiJ9.canary.canary',
  '-----BEGIN RSA PRIVATE ' + 'KEY-----\ncanary+canary\n-----END RSA PRIVATE KEY-----',
];

const HARMLESS: readonly string[] = [
  '',
  'success /v1/chat/completions',
  'openai/gpt-5-mini-2026-01-01',
  'llama3.2:8b-instruct-q4',
  'xai-anonymous',
  'task-force-of-the-century',
  '0193e5a1-aaaa-7bbb-8ccc-ddddeeeeffff',
  'the api key is missing',
  'Set PORT to a free one: 8000 is taken',
  'http://127.0.0.1:8000/v1/chat/completions?alt=sse',
  'mail to: someone@example.com',
  'first token: 120 ms, tokens: 15',
  'eyJust a word',
  'at serve (file:///app/gateway/src/main.ts:120:15)',
  'key: value',
];

describe('redaction', () => {
  for (const text of SECRETS)
    it(`hides the secret in ${JSON.stringify(text)}`, () => {
      for (const around of [text, `before ${text} after`, `"${text}"`, `\n${text}\n`])
        assert.doesNotMatch(redactText(around), /canary/i, around);
      assert.match(redactText(text), /\[secret\]/);
    });

  for (const text of HARMLESS) it(`leaves "${text}" as it is`, () => assert.equal(redactText(text), text));

  it('keeps what surrounds a secret', () => {
    assert.equal(
      redactText('GET https://user:canary0@host/v1?key=canary1&alt=sse with "x-api-key": "canary2", 401'),
      'GET https://user:[secret]@host/v1?key=[secret]&alt=sse with "x-api-key": "[secret]", 401',
    );
  });

  it('finds every secret of a text, not only the first', () => {
    assert.equal(redactText('sk-canary01 sk-canary02,pb_canary_03'), '[secret] [secret],[secret]');
  });

  it('changes nothing the second time', () => {
    for (const text of SECRETS) assert.equal(redactText(redactText(text)), redactText(text));
  });

  it('hides a member by its name, whatever its value looks like', () => {
    for (const name of ['authorization', 'x-api-key', 'apiKey', 'API_KEY', 'password', 'clientSecret', 'access_token'])
      assert.equal(redactMember(name, 'plain'), '[secret]', name);
    for (const name of ['key', 'keyId', 'inputTokens', 'requestId', 'model'])
      assert.equal(redactMember(name, 'plain'), 'plain', name);
  });

  /** A pattern that is quadratic somewhere takes minutes on one of these, and the suite has a limit. */
  const PIECES: readonly string[] = [
    'a',
    ' ',
    '\\',
    'sk-',
    'eyJ',
    'eyJaaaaaaaaaa-',
    '.eyJ',
    'eyJaaaaaaaaaaaaa ',
    'Bearer ',
    'Bearer%20',
    'password:',
    'password:"',
    'password="x\\" ',
    'password  ',
    'api key provided',
    'key=',
    '?key=',
    '//a:b',
    '//a:b@',
    '-----BEGIN PRIVATE KEY',
    '-----BEGIN PRIVATE ' + 'KEY-----',
  ];
  for (const piece of PIECES)
    it(`reads a megabyte of ${JSON.stringify(piece)} in linear time`, () => {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      assert.doesNotMatch(redactText(`${text} sk-canary0123456789`), /sk-canary/);
    });
});

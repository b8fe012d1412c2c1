import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isMisspelling } from './misspelling.ts';

describe('a misspelling', () => {
  it('is a name of ours with one or two letters wrong', () => {
    const names = [
      'GATEWAY_API_KY',
      'GATEWAY_API_KYE',
      'MODEL_ALIAS',
      'MAXINFLIGHT',
      'OPENAI_APIKEY',
      'OPNEAI_API_KEY',
      'OPENAI_APIKEY_3',
      'ANTHROPIC_BASEURL',
      'GROQ_APIKEY',
      'XAI_API_KEYS',
    ];
    for (const name of names) assert.ok(isMisspelling(name), name);
  });

  it('is not a name with three letters wrong', () => {
    for (const name of ['GATEWAY_APEE', 'OPENAI_KEY', 'OPENAI_API_BASE', 'AI_GATEWAY_API_KEY', 'ENCRYPTION_IV'])
      assert.equal(isMisspelling(name), false, name);
  });

  it('is not what shells, platforms and other tools set', () => {
    const names = [
      'HOSTNAME HOSTTYPE POST PATH HOME PWD TERM LANG LOGNAME LOGLEVEL NODE_DEBUG PORTS WORKER DATADIR',
      'META_DIR AUTH_CODE REDIS_URI DATABASE_URI DECRYPTION_KEY GROK_API_KEY EXA_API_KEY FAL_API_KEY',
      'KAGI_API_KEY LLAMA_API_KEY TOGETHERAI_API_KEY MISTRALAI_API_KEY OPENAPI_API_KEY OPENAI_API_KEYS',
      'OPENAI_ORG_ID OLLAMA_HOST',
    ].flatMap((row) => row.split(' '));
    for (const name of names) assert.equal(isMisspelling(name), false, name);
  });
});

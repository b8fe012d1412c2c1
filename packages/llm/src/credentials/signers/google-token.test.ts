import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exportPKCS8, generateKeyPair, jwtVerify, type CryptoKey } from 'jose';

import type { Clock } from '../../model/clock.ts';
import type { Exchange } from '../../transport/exchange.ts';
import { fetchExchange } from '../../transport/fetch-exchange.ts';
import type { ServiceAccountCredential } from '../credential.ts';
import { Secret } from '../secret.ts';
import { readServiceAccount } from '../service-account.ts';
import { GoogleTokens } from './google-token.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const NEVER = new AbortController().signal;

/** A clock that a test moves; who sleeps wakes when it has been moved far enough. */
class MovedClock implements Clock {
  #nowMs = Date.UTC(2026, 0);
  readonly #sleepers: { readonly wakesAtMs: number; readonly wake: () => void }[] = [];
  nowMs = (): number => this.#nowMs;
  monotonicMs = (): number => this.#nowMs;
  every = (): (() => void) => () => undefined;
  sleep = (ms: number): Promise<void> =>
    new Promise((wake) => void this.#sleepers.push({ wakesAtMs: this.#nowMs + ms, wake }));
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const { wakesAtMs, wake } of this.#sleepers) if (wakesAtMs <= this.#nowMs) wake();
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const sold = (token: string, expiresInS = 3600): Answer => ({
  status: 200,
  body: JSON.stringify({ access_token: token, expires_in: expiresInS, token_type: 'Bearer' }),
});

/** A token endpoint on a loopback port. */
const endpoint = {
  server: createServer() as Server,
  asked: [] as URLSearchParams[],
  answer: sold('canary-1'),
  /** Settled by a test that holds answers back. */
  held: Promise.resolve(),
};

async function serve(request: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  endpoint.asked.push(new URLSearchParams(text));
  await endpoint.held;
  return endpoint.answer;
}

let publicKey: CryptoKey;
let privateKey: string;
let uri: string;

before(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  publicKey = pair.publicKey;
  privateKey = await exportPKCS8(pair.privateKey);
  endpoint.server.on('request', (request: IncomingMessage, response) => {
    void serve(request).then(({ status, body }) => response.writeHead(status).end(body));
  });
  endpoint.server.listen(0, '127.0.0.1');
  await once(endpoint.server, 'listening');
  uri = `http://127.0.0.1:${(endpoint.server.address() as AddressInfo).port}/token`;
});
after(() => endpoint.server.close());
beforeEach(() => {
  endpoint.asked.length = 0;
  endpoint.answer = sold('canary-1');
  endpoint.held = Promise.resolve();
});

function account(): ServiceAccountCredential {
  const file = {
    type: 'service_account',
    client_email: 'a@b.example',
    private_key: privateKey,
    private_key_id: 'k1',
    token_uri: uri,
  };
  const read = readServiceAccount('main', JSON.stringify(file));
  assert.ok(read.ok);
  return read.value;
}

/** No key, in the dress of one. */
const pem = (text: string): string => ['-----BEGIN', 'PRIVATE KEY-----', text].join(' ');

const opened = (clock = new MovedClock()) => ({
  clock,
  tokens: new GoogleTokens({ exchange: fetchExchange(), clock }),
});

async function bought(tokens: GoogleTokens, from: ServiceAccountCredential): Promise<string> {
  const token = await tokens.token(from, SCOPE, NEVER);
  assert.ok(token.ok, token.ok ? '' : token.failure.message);
  return token.value.reveal();
}

describe('GoogleTokens', () => {
  it('buys a token with a claim that the account’s own key signed', async () => {
    const { clock, tokens } = opened();
    assert.equal(await bought(tokens, account()), 'canary-1');
    const [asked] = endpoint.asked;
    assert.equal(asked?.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
    const currentDate = new Date(clock.nowMs());
    const { payload, protectedHeader } = await jwtVerify(asked.get('assertion') ?? '', publicKey, { currentDate });
    const iat = Math.floor(clock.nowMs() / 1000);
    assert.deepEqual(payload, { iss: 'a@b.example', aud: uri, scope: SCOPE, iat, exp: iat + 3600 });
    assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT', kid: 'k1' });
  });

  it('asks by the account’s own way where it has one', async () => {
    const ways: string[] = [];
    const exchangeOf = (id: string): Exchange => {
      ways.push(id);
      return fetchExchange();
    };
    const unused: Exchange = { send: () => assert.fail('not by the common way') };
    const tokens = new GoogleTokens({ exchange: unused, exchangeOf, clock: new MovedClock() });
    assert.equal(await bought(tokens, account()), 'canary-1');
    assert.deepEqual(ways, ['main']);
  });

  it('keeps a token until five minutes before its end', async () => {
    const { clock, tokens } = opened();
    const from = account();
    await bought(tokens, from);
    endpoint.answer = sold('canary-2');
    clock.advance(3_300_000 - 1);
    assert.equal(await bought(tokens, from), 'canary-1');
    clock.advance(1);
    assert.equal(await bought(tokens, from), 'canary-2');
    assert.equal(endpoint.asked.length, 2);
  });

  it('does not keep a token that lives for less than that', async () => {
    const { tokens } = opened();
    const from = account();
    endpoint.answer = sold('canary-short', 60);
    assert.equal(await bought(tokens, from), 'canary-short');
    endpoint.answer = sold('canary-2');
    assert.equal(await bought(tokens, from), 'canary-2');
  });

  it('asks once for all who wait, and one of them may leave', async () => {
    const { tokens } = opened();
    const from = account();
    let release = (): void => undefined;
    endpoint.held = new Promise((resolve) => void (release = resolve));
    const leaving = new AbortController();
    const left = tokens.token(from, SCOPE, leaving.signal);
    const waiting = Array.from({ length: 10 }, () => bought(tokens, from));
    leaving.abort();
    const cancelled = await Promise.race([
      left,
      new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
    ]);
    assert.equal(cancelled?.ok === false && cancelled.failure.kind, 'cancelled');
    release();
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set(['canary-1']));
    assert.equal(endpoint.asked.length, 1);
  });

  it('says whom Google refuses, and asks again the next time', async () => {
    const { tokens } = opened();
    const from = account();
    endpoint.answer = { status: 400, body: '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}' };
    const refused = await tokens.token(from, SCOPE, NEVER);
    assert.deepEqual(refused, {
      ok: false,
      failure: {
        kind: 'authentication',
        message: 'Google sells main no token: invalid_grant.',
        status: 400,
        code: 'invalid_grant',
        detail: 'Invalid JWT Signature.',
      },
    });
    endpoint.answer = sold('canary-1');
    assert.equal(await bought(tokens, from), 'canary-1');
  });

  it('judges other refusals by their status, and answers that are none as faults', async () => {
    const { tokens } = opened();
    const kinds: unknown[] = [];
    for (const [status, body] of [
      [503, ''],
      [429, '{}'],
      [200, '<html>'],
      [200, '{"access_token":"a\\nb"}'],
      [200, `{"x":"${'y'.repeat(70_000)}"}`],
    ] as const) {
      endpoint.answer = { status, body };
      const said = await tokens.token(account(), SCOPE, NEVER);
      kinds.push(!said.ok && said.failure.kind);
    }
    assert.deepEqual(kinds, ['upstream', 'rate-limit', 'protocol', 'protocol', 'protocol']);
  });

  it('gives up on an endpoint that says nothing for ten seconds', async () => {
    const { clock, tokens } = opened();
    endpoint.held = new Promise(() => undefined);
    const asking = tokens.token(account(), SCOPE, NEVER);
    while (endpoint.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10_000);
    const said = await asking;
    assert.equal(!said.ok && said.failure.kind, 'timeout');
  });

  it('says which account has a key that cannot sign, and nothing of the key', async () => {
    const { tokens } = opened();
    const broken = {
      ...account(),
      privateKey: new Secret(pem('canary')),
    };
    const said = await tokens.token(broken, SCOPE, NEVER);
    assert.ok(!said.ok);
    assert.equal(said.failure.kind, 'authentication');
    assert.match(said.failure.message, /main/);
    assert.doesNotMatch(JSON.stringify(said), /canary/);
    assert.equal(endpoint.asked.length, 0);
  });
});

describe('readServiceAccount', () => {
  const FILE = {
    type: 'service_account',
    client_email: 'a@b.example',
    private_key: pem('canary'),
  };

  it('knows where Google sells tokens when the file does not say', () => {
    const read = readServiceAccount('main', JSON.stringify(FILE));
    assert.equal(read.ok && read.value.tokenUri, 'https://oauth2.googleapis.com/token');
    assert.doesNotMatch(JSON.stringify(read), /canary/);
  });

  it('refuses other files without showing anything of them', () => {
    const files = [
      'canary',
      '[]',
      JSON.stringify({ ...FILE, type: 'authorized_user' }),
      JSON.stringify({ ...FILE, client_email: 7 }),
      JSON.stringify({ ...FILE, private_key: 'canary' }),
      JSON.stringify({ ...FILE, token_uri: 'http://a.example/token' }),
      JSON.stringify({ ...FILE, token_uri: 'no address' }),
    ];
    for (const file of files) {
      const read = readServiceAccount('main', file);
      assert.equal(!read.ok && read.failure.kind, 'invalid-request', file);
      assert.doesNotMatch(JSON.stringify(read), /canary/);
    }
  });
});

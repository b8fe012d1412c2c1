import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import { jsonLine, prettyLine, type LogFields } from './log-line.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 12, 3, 4, 123);

const json = (message: string, fields: LogFields = {}): string =>
  jsonLine({ nowMs: NOW_MS, level: 'info', message, fields });
const pretty = (message: string, fields: LogFields = {}): string =>
  prettyLine({ nowMs: NOW_MS, level: 'info', message, fields });
const field = (value: unknown): unknown => (JSON.parse(json('m', { value })) as { value?: unknown }).value;

/** Texts with which a caller could try to end a line, start a field, or steer a terminal. */
const ATTACKS: readonly string[] = [
  'line\n{"level":"error","message":"forged"}',
  'carriage\rreturn',
  'quote","level":"error","x":"',
  'backslash \\","level":"error',
  '?key=abc","level":"error","x":"',
  'password=abcd\\","level":"error',
  '\u001b[2J\u001b[1;31mred',
  '\u009b2J',
  '\u0085next line',
  '\u2028separator\u2029',
  '\u202eright to left',
  'nul \u0000',
  '\ud800 half a character',
];

describe('lines of the log', () => {
  it('are JSON with time, level and message first', () => {
    assert.equal(
      json('served', { requestId: 'r1', status: 200, express: true, model: undefined, none: null }),
      '{"time":"2026-01-02T12:03:04.123Z","level":"info","message":"served","requestId":"r1","status":200,"express":true,"none":null}\n',
    );
  });

  it('are readable for people', () => {
    assert.equal(
      pretty('served it', { requestId: 'r1', path: '/v1/a', note: 'two words', model: undefined, size: { a: 1 } }),
      '12:03:04.123 info  served it  requestId=r1 path=/v1/a note="two words" size={"a":1}\n',
    );
  });

  for (const attack of ATTACKS) {
    it(`stay one line of JSON with ${JSON.stringify(attack)} in them`, () => {
      for (const line of [
        json(attack, { a: 'x' }),
        json('m', { a: attack }),
        json('m', { a: { [attack]: [attack] } }),
      ]) {
        const read = JSON.parse(line) as Record<string, unknown>;
        assert.equal(read.level, 'info');
        assert.deepEqual(Object.keys(read).slice(0, 3), ['time', 'level', 'message']);
        assert.equal(Object.keys(read).length, 4);
        assert.doesNotMatch(line.slice(0, -1), /\p{Cc}|[\u2028-\u202e]/u);
      }
    });

    it(`stay one line for people with ${JSON.stringify(attack)} in them`, () => {
      for (const line of [
        pretty(attack),
        pretty('m', { a: attack }),
        pretty('m', { [attack]: { [attack]: attack } }),
      ]) {
        assert.ok(line.endsWith('\n'));
        assert.doesNotMatch(line.slice(0, -1), /\p{Cc}|[\u2028-\u202e]/u);
      }
    });
  }

  it('carry text that is no attack unchanged', () => {
    for (const text of ['Grüße, 世界 👩‍💻', 'a "quoted" \\ text', 'two\nlines', '\u2028'])
      assert.equal(field(text), text);
  });

  it('hide secrets in the message, in fields, in members by their name, and in their names', () => {
    const fields = {
      text: 'sk-canary0123456789',
      apiKey: 'canary',
      headers: { authorization: 'canary', list: [{ 'x-api-key': 'canary' }, 'Bearer canary0123'] },
      'sk-canary0123456789': { 'sk-canary0123456789': 1 },
      sealed: new Secret('canary'),
      url: new URL('https://user:canary@host/?key=canary'),
    };
    const { ['sk-canary0123456789']: _, ...named } = fields;
    assert.doesNotMatch(json('used sk-canary0123456789', named), /canary/);
    assert.doesNotMatch(pretty('used sk-canary0123456789', named), /canary/);
    assert.doesNotMatch(json('m', { deep: fields }), /canary/);
  });

  it('say of every call what it says itself, whatever the one before said under the same names', () => {
    const texts = ['first', 'first', 'second', 'sk-canary0123456789', 'first', 'sk-canary0123456789', 'Bearer\u2028'];
    const said = (name: string): readonly unknown[] =>
      texts.map((text) => (JSON.parse(json(text, { [name]: text })) as Record<string, unknown>)[name]);
    const clean = ['first', 'first', 'second', '[secret]', 'first', '[secret]', 'Bearer\u2028'];
    assert.deepEqual(said('account'), clean);
    assert.deepEqual(
      said('apiKey'),
      clean.map(() => '[secret]'),
    );
    for (const text of [...texts, ...texts]) assert.doesNotMatch(json(text, { account: text }), /canary|\u2028/);
  });

  it('tell the stack of an error and of its causes, without secrets', () => {
    const cause = new TypeError('refused with Bearer canary0123456789');
    const error = new Error('call failed for sk-canary0123456789', { cause });
    for (const line of [json('m', { error }), pretty('m', { error }), json('m', { nested: { errors: [error] } })]) {
      assert.match(line, /call failed for \[secret\]/);
      assert.match(line, /log-line\.test\.ts/);
      assert.match(line, /caused by TypeError: refused with Bearer \[secret\]/);
      assert.doesNotMatch(line, /canary/);
    }
  });

  it('write what JSON cannot', () => {
    assert.equal(field(12n), '12');
    assert.equal(field(Number.NaN), null);
    assert.equal(field(Number.POSITIVE_INFINITY), null);
    assert.equal(
      field(() => 1),
      undefined,
    );
    assert.equal(field(Symbol('s')), undefined);
    assert.equal(field(new Date(NOW_MS)), '2026-01-02T12:03:04.123Z');
  });

  it('end, although a field has no end', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = [cycle, cycle, cycle];
    const cyclicError = new Error('round');
    cyclicError.cause = cyclicError;
    const line = json('m', { cycle, cyclicError, wide: Array.from({ length: 100_000 }, () => ({})) });
    assert.match(line, /\[more\]/);
    assert.ok(line.length < 200_000, `${line.length} characters`);
  });

  it('cut long texts and say so, after hiding what is secret in them', () => {
    const text = String(field(`${'a'.repeat(16_380)} sk-canary0123456789 ${'b'.repeat(1000)}`));
    assert.ok(text.length < 16_500);
    assert.match(text, /more characters\)$/);
    assert.doesNotMatch(text, /sk-c/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { Result } from '../model/failure.ts';
import { createSealer, isSealed, type SealPlace } from './seal.ts';
import { Secret } from './secret.ts';

const PLACE: SealPlace = { table: 'providers', row: '4711', field: 'auth_config.fields.apiKey' };
const sealer = await createSealer([new Secret('0123456789abcdef'.repeat(4))]);
const code = (result: Result<Secret>): string | undefined => (result.ok ? 'opened' : result.failure.code);
const changed = (text: string, index: number): string =>
  `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`;

describe('a sealed secret', () => {
  it('opens where it was sealed, whatever text it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const opened = await sealer.open(await sealer.seal(new Secret(text), PLACE), PLACE);
        assert.equal(opened.ok && opened.value.reveal(), text.toWellFormed());
      }),
    );
  });

  it('shows neither itself nor its likeness to another', async () => {
    const [one, two] = await Promise.all([0, 1].map(() => sealer.seal(new Secret('sk-canary'), PLACE)));
    assert.notEqual(one, two);
    assert.ok(isSealed(one ?? ''));
    assert.ok(!`${one}${two}`.includes('canary'));
  });

  it('is refused in any other table, row or field', async () => {
    const sealed = await sealer.seal(new Secret('sk-canary'), PLACE);
    for (const moved of [{ table: 'models' }, { row: '4712' }, { field: 'auth_config.fields.other' }]) {
      const opened = await sealer.open(sealed, { ...PLACE, ...moved });
      assert.equal(code(opened), 'seal-broken');
      assert.ok(!opened.ok && opened.failure.message.includes(Object.values(moved)[0] ?? ''));
    }
  });

  it('is refused when the parts of its place are cut elsewhere', async () => {
    const sealed = await sealer.seal(new Secret('sk-canary'), { table: 'a', row: 'bc', field: 'd' });
    assert.equal(code(await sealer.open(sealed, { table: 'a', row: 'b', field: 'cd' })), 'seal-broken');
  });

  it('is refused when any letter of it was changed', async () => {
    const sealed = await sealer.seal(new Secret('sk-canary'), PLACE);
    const from = sealed.lastIndexOf(':') + 1;
    for (let index = from; index < sealed.length - 1; index += 1)
      assert.equal(code(await sealer.open(changed(sealed, index), PLACE)), 'seal-broken', `letter ${index}`);
  });

  it('is refused when it is cut short or no sealed text at all', async () => {
    const sealed = await sealer.seal(new Secret(''), PLACE);
    for (const text of ['', 'sk-plain', 'enc:v1:', 'enc:v1:0000:AAAA', sealed.slice(0, -4)])
      assert.equal(code(await sealer.open(text, PLACE)), 'seal-malformed', text);
  });
});

describe('a change of keys', () => {
  const [old, fresh] = [new Secret('an old key'), new Secret('a new key')];

  it('opens what the former key sealed and seals with the new one', async () => {
    const before = await createSealer([old]);
    const after = await createSealer([fresh, old]);
    const sealed = await before.seal(new Secret('sk-canary'), PLACE);
    const opened = await after.open(sealed, PLACE);
    assert.equal(opened.ok && opened.value.reveal(), 'sk-canary');
    assert.deepEqual([before.isCurrent(sealed), after.isCurrent(sealed)], [true, false]);
    assert.ok(after.isCurrent(await after.seal(new Secret('sk-canary'), PLACE)));
  });

  it('names the key that is no longer given', async () => {
    const before = await createSealer([old]);
    const opened = await (await createSealer([fresh])).open(await before.seal(new Secret('x'), PLACE), PLACE);
    assert.equal(code(opened), 'seal-key-unknown');
    assert.ok(!opened.ok && opened.failure.message.includes(before.keyId));
  });

  it('does not open under a former key what claims to be of it', async () => {
    const both = await createSealer([fresh, old]);
    const sealed = await both.seal(new Secret('x'), PLACE);
    const claimed = sealed.replace(both.keyId, (await createSealer([old])).keyId);
    assert.equal(code(await both.open(claimed, PLACE)), 'seal-broken');
  });
});

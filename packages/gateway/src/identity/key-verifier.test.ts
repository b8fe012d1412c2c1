import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import { hashKeyOf, hashOfKey, mintKey, operatorKeyId } from './api-key.ts';
import { createKeyVerifier, type VerifierParts } from './key-verifier.ts';
import type { KeyRow, KeyStore } from './ports.ts';

const PEPPER = 'canary-pepper';
const hashOf = (text: string): Buffer => hashOfKey(text, hashKeyOf(Buffer.from(PEPPER)));
const rowOf = (id: string, text: string, more: Partial<KeyRow> = {}): KeyRow => ({
  id,
  label: `label of ${id}`,
  hash: hashOf(text),
  createdAtMs: 1,
  ...more,
});

/** A store whose rows, answers and changes the test decides. */
function scriptedStore(rows: readonly KeyRow[]) {
  const watchers = new Set<() => void | Promise<void>>();
  const state = {
    list: (): Promise<readonly KeyRow[]> => Promise.resolve(rows),
    watchers,
    /** Resolves when every watcher has taken the change in, or rejects with why one could not. */
    change: async (): Promise<void> => {
      await Promise.all([...watchers].map(async (each) => each()));
    },
  };
  const store: KeyStore = {
    list: () => state.list(),
    insert: () => assert.fail('a verifier does not insert'),
    revoke: () => assert.fail('a verifier does not revoke'),
    watch: (onChange) => {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
  return { state, store };
}

const verifierOf = (store: KeyStore, more: Partial<VerifierParts> = {}) =>
  createKeyVerifier({
    store,
    pepper: new Secret(PEPPER),
    clock: { nowMs: () => 1000 },
    onError: (error) => assert.ifError(error),
    ...more,
  });

describe('a verifier', () => {
  it('knows the callers of stored keys, the first time and after', async () => {
    const { id, text } = mintKey();
    const keys = await verifierOf(scriptedStore([rowOf(id, text)]).store);
    for (let time = 0; time < 2; time += 1) assert.deepEqual(keys.verify(text), { keyId: id, label: `label of ${id}` });
  });

  it('knows a key by the text before its rotation, too, until that or the key itself ends', async () => {
    const [now, before, short] = [mintKey(), mintKey(), mintKey()];
    const older = (text: string, endsAtMs: number) => ({ older: { hash: hashOf(text), endsAtMs } });
    const rows = [
      rowOf('long', now.text, older(before.text, 2000)),
      rowOf('short', mintKey().text, { ...older(short.text, 5000), expiresAtMs: 1500 }),
    ];
    let nowMs = 1000;
    const keys = await verifierOf(scriptedStore(rows).store, { clock: { nowMs: () => nowMs } });
    const ids = () =>
      [now, before, short].map(({ text }) => {
        const caller = keys.verify(text);
        return typeof caller === 'string' ? caller : caller.keyId;
      });
    assert.deepEqual(ids(), ['long', 'long', 'short']);
    nowMs = 1999;
    assert.deepEqual(ids(), ['long', 'long', 'expired']);
    nowMs = 2000;
    assert.deepEqual(ids(), ['long', 'expired', 'expired']);
  });

  it('does not know any other text', async () => {
    const { id, text } = mintKey();
    const keys = await verifierOf(scriptedStore([rowOf(id, text)]).store);
    const others = [
      '',
      id,
      text.slice(0, -1),
      `${text}x`,
      text.toUpperCase(),
      mintKey().text,
      hashOf(text).toString('latin1'),
    ];
    for (const other of others) assert.equal(keys.verify(other), 'unknown');
    assert.equal(keys.verify('x'.repeat(1_000_000)), 'unknown');
  });

  it('does not take a key of a million characters even where one is stored', async () => {
    const long = 'x'.repeat(1_000_000);
    const keys = await verifierOf(scriptedStore([rowOf('long', long)]).store);
    assert.equal(keys.verify(long), 'unknown');
  });

  it('tells revoked keys from unknown ones', async () => {
    const keys = await verifierOf(scriptedStore([rowOf('a', 'canary', { revokedAtMs: 2 })]).store);
    assert.equal(keys.verify('canary'), 'revoked');
  });

  it('knows no stored key under another pepper', async () => {
    const keys = await verifierOf(scriptedStore([rowOf('a', 'canary')]).store, { pepper: new Secret('canary-other') });
    assert.equal(keys.verify('canary'), 'unknown');
  });

  it('knows the operator key, which is not stored, by the hash of it', async () => {
    const operatorKey = { key: new Secret('canary-operator'), label: 'GATEWAY_API_KEY' };
    const keys = await verifierOf(scriptedStore([]).store, { operatorKey });
    const keyId = operatorKeyId(hashOf('canary-operator'));
    assert.deepEqual(keys.verify('canary-operator'), { keyId, label: 'GATEWAY_API_KEY' });
  });

  it('knows ten thousand callers and more', async () => {
    const rows = Array.from({ length: 10_050 }, (_, index) => rowOf(`k${index}`, `canary-${index}`));
    const keys = await verifierOf(scriptedStore(rows).store);
    for (const [index, { id, label }] of rows.entries())
      assert.deepEqual(keys.verify(`canary-${index}`), { keyId: id, label });
    assert.deepEqual(keys.verify('canary-0'), { keyId: 'k0', label: 'label of k0' });
  });
});

describe('a verifier that watches its store', () => {
  it('sees revoked and new keys once it was told, also a key it has verified', async () => {
    const { state, store } = scriptedStore([rowOf('a', 'canary-a')]);
    const keys = await verifierOf(store);
    assert.notEqual(keys.verify('canary-a'), 'revoked');
    state.list = () => Promise.resolve([rowOf('a', 'canary-a', { revokedAtMs: 2 }), rowOf('b', 'canary-b')]);
    await state.change();
    assert.equal(keys.verify('canary-a'), 'revoked');
    assert.deepEqual(keys.verify('canary-b'), { keyId: 'b', label: 'label of b' });
  });

  it('is not deceived by an older answer that arrives late', async () => {
    const { state, store } = scriptedStore([rowOf('a', 'canary')]);
    const keys = await verifierOf(store);
    const older = Promise.withResolvers<readonly KeyRow[]>();
    state.list = () => older.promise;
    const first = state.change();
    state.list = () => Promise.resolve([rowOf('a', 'canary', { revokedAtMs: 2 })]);
    await state.change();
    older.resolve([rowOf('a', 'canary')]);
    await first;
    assert.equal(keys.verify('canary'), 'revoked');
  });

  it('knows a new key when it was read, whoever else is still reading', async () => {
    const { state, store } = scriptedStore([]);
    const keys = await verifierOf(store);
    const slower = Promise.withResolvers<readonly KeyRow[]>();
    state.list = () => Promise.resolve([rowOf('a', 'canary')]);
    const first = keys.refresh();
    state.list = () => slower.promise;
    const second = state.change();
    await first;
    assert.deepEqual(keys.verify('canary'), { keyId: 'a', label: 'label of a' });
    slower.resolve([]);
    await second;
    assert.equal(keys.verify('canary'), 'unknown');
  });

  it('keeps what it knows when the store fails, says so, and asks to be told again', async () => {
    const { state, store } = scriptedStore([rowOf('a', 'canary')]);
    const errors: unknown[] = [];
    const keys = await verifierOf(store, { onError: (error) => errors.push(error) });
    const broken = new Error('away');
    state.list = () => Promise.reject(broken);
    await assert.rejects(state.change(), broken);
    assert.deepEqual(errors, [broken]);
    assert.deepEqual(keys.verify('canary'), { keyId: 'a', label: 'label of a' });
    state.list = () => Promise.resolve([]);
    await state.change();
    assert.equal(keys.verify('canary'), 'unknown');
  });

  it('is not made when the first reading fails', async () => {
    const { state, store } = scriptedStore([]);
    state.list = () => Promise.reject(new Error('away'));
    await assert.rejects(verifierOf(store), { message: 'away' });
  });

  it('stops watching when it is closed', async () => {
    const { state, store } = scriptedStore([]);
    const keys = await verifierOf(store);
    assert.equal(state.watchers.size, 1);
    keys.close();
    assert.equal(state.watchers.size, 0);
  });
});

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import {
  newFileTokenStorage,
  newKeychainTokenStorage,
  newMemoryTokenStorage,
  type KeychainEntry,
  type StoredToken,
  type TokenStorage,
} from '../../src/kit/auth.ts';
import { movingClock } from '../../src/testing/moving-clock.ts';

const run = promisify(execFile);
const TOKEN: StoredToken = {
  accessToken: 'access-of-tests',
  refreshToken: 'refresh-of-tests',
  expiresAt: new Date('2026-11-21T12:00:00Z'),
  tokenType: 'Bearer',
  scopes: ['openid', 'email'],
  clientId: 'client',
  tokenUrl: 'https://example.com/token',
};
const NODE = ['--conditions=patchbay-src', '--no-warnings'];
const IN_TURN = path.join(import.meta.dirname, 'store-in-turn.ts');

let folder: string;
let count = 0;
const fresh = (name = '.tokens.json'): string => {
  count += 1;
  return path.join(folder, String(count), name);
};
const modeOf = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);
const refusal = (code: string, message?: RegExp) => ({ name: 'AuthError', code, ...(message && { message }) });

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'token-stores-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describe('Token storage problems: where are tokens stored', () => {
  const STORES: readonly (readonly [string, () => TokenStorage])[] = [
    ['a file', () => newFileTokenStorage(fresh())],
    ['a folder', () => newFileTokenStorage(fresh('tokens'))],
    ['a sealed file', () => newFileTokenStorage(fresh(), { encryptionKey: 'passphrase of tests' })],
    ['a sealed folder', () => newFileTokenStorage(fresh('tokens'), { encryptionKey: 'passphrase of tests' })],
    ['memory', () => newMemoryTokenStorage()],
    ['a keychain', () => newKeychainTokenStorage({ entryOf: keychain() })],
  ];
  for (const [name, make] of STORES)
    it(`keeps, lists, replaces and deletes tokens in ${name}`, async () => {
      const storage = make();
      assert.equal(await storage.retrieveToken('gemini'), undefined);
      assert.deepEqual(await storage.listTokens(), []);
      await storage.deleteToken('gemini');
      const odd = '../Gemini %2e/__proto__ ü';
      await storage.storeToken('gemini', TOKEN);
      await storage.storeToken(odd, { accessToken: 'second' });
      await storage.storeToken('__proto__', { accessToken: 'third' });
      assert.deepEqual(await storage.retrieveToken('gemini'), TOKEN);
      assert.deepEqual((await storage.listTokens()).toSorted(), ['__proto__', odd, 'gemini'].toSorted());
      await storage.storeToken(odd, { accessToken: 'fourth' });
      assert.deepEqual(await storage.retrieveToken(odd), { accessToken: 'fourth' });
      await storage.deleteToken(odd);
      assert.equal(await storage.retrieveToken(odd), undefined);
      assert.deepEqual(await storage.retrieveToken('__proto__'), { accessToken: 'third' });
    });

  it('finds what another process stored, in a file for its owner alone', async () => {
    const file = fresh();
    await run(process.execPath, [...NODE, IN_TURN, file, 'other', '2']);
    const storage = newFileTokenStorage(file);
    assert.deepEqual(await storage.listTokens(), ['other-0', 'other-1']);
    assert.equal(await modeOf(file), '600');
    assert.equal(await modeOf(path.dirname(file)), '700');
  });

  it('takes a store that somebody else wrote, with its promises or without', async () => {
    const rows = new Map<string, StoredToken>();
    const custom: TokenStorage = {
      storeToken: (key, token) => void rows.set(key, token),
      retrieveToken: (key) => rows.get(key),
      deleteToken: (key) => void rows.delete(key),
      listTokens: () => [...rows.keys()],
    };
    await custom.storeToken('gemini', TOKEN);
    assert.deepEqual(await custom.retrieveToken('gemini'), TOKEN);
  });
});

/** A keychain as narrow as the narrowest: what is too long is refused, and a name that is not there is no error. */
function keychain(secrets = new Map<string, string>()): (account: string) => KeychainEntry {
  return (account) => ({
    getPassword: () => Promise.resolve(secrets.get(account) ?? null),
    setPassword: (text) => {
      if (text.length * 2 > 2560) throw new Error('too long for an entry');
      secrets.set(account, text);
    },
    deletePassword: () => secrets.delete(account),
  });
}

describe('Token storage problems: tokens in the keychain of the operating system', () => {
  const long: StoredToken = { ...TOKEN, accessToken: `${'é'.repeat(1500)}${'t'.repeat(3000)}` };

  it('keeps tokens that are longer than an entry, and leaves no piece behind', async () => {
    const secrets = new Map<string, string>();
    const storage = newKeychainTokenStorage({ entryOf: keychain(secrets) });
    await storage.storeToken('gemini', long);
    assert.deepEqual(await storage.retrieveToken('gemini'), long);
    assert.ok(secrets.size > 4);
    await storage.storeToken('gemini', TOKEN);
    assert.deepEqual(await storage.retrieveToken('gemini'), TOKEN);
    assert.equal(secrets.size, 2);
    await storage.deleteToken('gemini');
    assert.deepEqual([[...secrets.keys()], await storage.listTokens()], [['index'], []]);
  });

  it('leaves the old token in force where the new one could not be written whole', async () => {
    const secrets = new Map<string, string>();
    let writes = 0;
    let writesMax = Number.POSITIVE_INFINITY;
    const entryOf = (account: string): KeychainEntry => ({
      ...keychain(secrets)(account),
      setPassword: (text) => {
        writes += 1;
        if (writes > writesMax) throw new Error('The keychain was locked.');
        secrets.set(account, text);
      },
    });
    const storage = newKeychainTokenStorage({ entryOf });
    await storage.storeToken('gemini', TOKEN);
    writesMax = writes + 2;
    await assert.rejects(async () => storage.storeToken('gemini', long), refusal('storage_error', /keychain/));
    writesMax = Number.POSITIVE_INFINITY;
    assert.deepEqual(await storage.retrieveToken('gemini'), TOKEN);
  });

  it('stores many at a time, and says what is no token of its own', async () => {
    const secrets = new Map<string, string>();
    const storage = newKeychainTokenStorage({ entryOf: keychain(secrets) });
    const names = Array.from({ length: 20 }, (_, at) => `provider-${at}`);
    await Promise.all(names.map(async (name) => storage.storeToken(name, { accessToken: name })));
    assert.deepEqual((await storage.listTokens()).toSorted(), names.toSorted());
    secrets.set('token:odd', '1:abc:not json');
    await assert.rejects(async () => storage.retrieveToken('odd'), refusal('storage_error'));
  });
});

describe('Token storage problems: token storage fails with permission denied', () => {
  it('keeps the file at mode 600 after it was wider, and works on in folders of mode 755', async () => {
    const file = fresh();
    await mkdir(path.dirname(file), { mode: 0o755 });
    await writeFile(file, JSON.stringify({ gemini: { access_token: 'old', expires_at: '0001-01-01T00:00:00Z' } }));
    await chmod(file, 0o644);
    const storage = newFileTokenStorage(file);
    assert.deepEqual(await storage.retrieveToken('gemini'), { accessToken: 'old' });
    await storage.storeToken('gemini', TOKEN);
    assert.equal(await modeOf(file), '600');
    assert.equal(await modeOf(path.dirname(file)), '755');
  });

  it('says storage_error and what to do where the file may not be read', async () => {
    const file = fresh();
    await newFileTokenStorage(file).storeToken('gemini', TOKEN);
    await chmod(file, 0);
    const asked = `import { newFileTokenStorage } from ${JSON.stringify(path.join(import.meta.dirname, '../../src/kit/auth.ts'))};
      await newFileTokenStorage(${JSON.stringify(file)}).retrieveToken('gemini').catch((error) =>
        console.log(JSON.stringify({ ...error.toJSON(), retryable: error.isRetryable() })));`;
    await chmod(folder, 0o755);
    await chmod(path.dirname(file), 0o755);
    // The administrator may read everything: somebody else asks.
    const child = spawn(process.execPath, [...NODE, '--input-type=module', '-e', asked], {
      ...(process.getuid?.() === 0 && { uid: 65_534, gid: 65_534 }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    await once(child, 'close');
    const said = JSON.parse(text) as Record<string, unknown>;
    assert.equal(said['code'], 'storage_error');
    assert.equal(said['retryable'], true);
    assert.match(String(said['message']), /could not be read \(EACCES\).*chmod 600/);
  });

  it('says storage_error where the file holds something else', async () => {
    for (const text of ['{"gemini": tru', '[]', '"text"', '{"gemini": 7}', '{"gemini": {"access_token": 7}}']) {
      const file = fresh();
      await mkdir(path.dirname(file));
      await writeFile(file, text);
      await assert.rejects(
        async () => newFileTokenStorage(file).retrieveToken('gemini'),
        refusal('storage_error'),
        text,
      );
      assert.equal(await readFile(file, 'utf8'), text);
    }
    const beneath = path.join(fresh(), 'below.json');
    await mkdir(path.dirname(path.dirname(beneath)), { recursive: true });
    await writeFile(path.dirname(beneath), 'a file');
    await assert.rejects(async () => newFileTokenStorage(beneath).storeToken('x', TOKEN), refusal('storage_error'));
  });

  it('refuses what is no token before it touches the file', async () => {
    const storage = newFileTokenStorage(fresh());
    await assert.rejects(
      async () => storage.storeToken('x', undefined as unknown as StoredToken),
      refusal('storage_error'),
    );
    await assert.rejects(
      async () => storage.storeToken('x', { expiresAt: new Date(Number.NaN) }),
      refusal('storage_error', /valid Date/),
    );
    await assert.rejects(async () => storage.storeToken('', TOKEN), refusal('storage_error', /under a name/));
    assert.throws(() => newFileTokenStorage(' '), refusal('invalid_config'));
    assert.deepEqual(await storage.listTokens(), []);
  });
});

describe('a file store', () => {
  it('loses nothing when processes write into one file at once', async () => {
    const file = fresh();
    const own = newFileTokenStorage(file, { lockTimeout: 60_000 });
    await Promise.all([
      ...['a', 'b', 'c'].map((name) => run(process.execPath, [...NODE, IN_TURN, file, name, '8'])),
      ...Array.from({ length: 8 }, (_, at) => own.storeToken(`own-${at}`, TOKEN)),
    ]);
    assert.equal((await own.listTokens()).length, 32);
    assert.deepEqual(await readdir(path.dirname(file)), ['.tokens.json']);
  });

  it('takes over from a process that died while it wrote, and waits for one that lives', async () => {
    const file = fresh();
    const storage = newFileTokenStorage(file, { lockTimeout: 60 });
    await storage.storeToken('gemini', TOKEN);
    const child = spawn(process.execPath, ['-e', '0']);
    const { pid } = child;
    await once(child, 'exit');
    const { hostname } = await import('node:os');
    await writeFile(`${file}.lock`, JSON.stringify({ id: 'gone', pid, host: hostname() }));
    await storage.storeToken('gemini', { accessToken: 'second' });
    assert.deepEqual(await storage.retrieveToken('gemini'), { accessToken: 'second' });
    await writeFile(`${file}.lock`, JSON.stringify({ id: 'alive', pid: process.pid, host: hostname() }));
    await assert.rejects(
      async () => storage.storeToken('gemini', TOKEN),
      refusal('storage_error', new RegExp(`held by process ${process.pid}`)),
    );
    await rm(`${file}.lock`);
  });

  it('leaves a link a link and replaces the file that it names', async () => {
    const file = fresh();
    const link = fresh();
    await newFileTokenStorage(file).storeToken('a', TOKEN);
    await mkdir(path.dirname(link));
    await symlink(file, link);
    await newFileTokenStorage(link).storeToken('b', TOKEN);
    assert.deepEqual(await newFileTokenStorage(file).listTokens(), ['a', 'b']);
  });

  it('keeps copies a day apart, and no more than it is told to', async () => {
    const file = fresh();
    const clock = movingClock(Date.UTC(2026, 10, 21, 12, 34, 56));
    const storage = newFileTokenStorage(file, { clock, backup: { enabled: true, keep: 2 } });
    await storage.storeToken('gemini', { accessToken: 'day 0' });
    for (let day = 1; day <= 4; day += 1) {
      await storage.storeToken('gemini', { accessToken: `day ${day}` });
      await storage.storeToken('gemini', { accessToken: `day ${day}, later` });
      clock.pass(86_400_000);
    }
    const copies = (await readdir(path.dirname(file))).toSorted();
    assert.deepEqual(copies, ['.tokens.json', '.tokens.json.20261123-123456', '.tokens.json.20261124-123456']);
    const newest = path.join(path.dirname(file), copies[2] ?? '');
    assert.match(await readFile(newest, 'utf8'), /day 3, later/);
    assert.equal(await modeOf(newest), '600');
  });

  it('makes no copies unasked', async () => {
    const file = fresh();
    const storage = newFileTokenStorage(file);
    await storage.storeToken('gemini', TOKEN);
    await storage.storeToken('gemini', TOKEN);
    assert.deepEqual(await readdir(path.dirname(file)), ['.tokens.json']);
  });
});

describe('a sealed file store', () => {
  it('shows nothing of the tokens, and opens in another process with the same key', async () => {
    const file = fresh();
    await run(process.execPath, [...NODE, IN_TURN, file, 'other', '1', 'passphrase of tests']);
    const storage = newFileTokenStorage(file, { encryptionKey: 'passphrase of tests' });
    assert.deepEqual(await storage.retrieveToken('other-0'), { accessToken: 'other 0' });
    const text = await readFile(file, 'utf8');
    assert.doesNotMatch(text, /other|access/);
    const { kdf, iterations, salt } = JSON.parse(text) as Record<string, unknown>;
    assert.equal(kdf, 'pbkdf2-sha256');
    assert.ok(Number(iterations) >= 600_000);
    await storage.storeToken('other-0', { accessToken: 'again' });
    const rewritten = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    assert.equal(rewritten['salt'], salt);
    assert.notEqual(rewritten['iv'], (JSON.parse(text) as Record<string, unknown>)['iv']);
    const another = fresh();
    const { encryptionKey } = { encryptionKey: 'passphrase of tests' };
    await newFileTokenStorage(another, { encryptionKey }).storeToken('x', TOKEN);
    assert.notEqual((JSON.parse(await readFile(another, 'utf8')) as Record<string, unknown>)['salt'], salt);
  });

  it('says encryption_error for another key, for none, and for a changed file', async () => {
    const file = fresh();
    await newFileTokenStorage(file, { encryptionKey: 'right' }).storeToken('gemini', TOKEN);
    const ask = (encryptionKey?: string) => async () =>
      newFileTokenStorage(file, encryptionKey === undefined ? {} : { encryptionKey }).retrieveToken('gemini');
    await assert.rejects(ask('wrong'), refusal('encryption_error', /another key/));
    await assert.rejects(ask(), refusal('encryption_error', /Pass the encryption key/));
    await assert.rejects(
      async () => newFileTokenStorage(file, { encryptionKey: 'wrong' }).storeToken('gemini', TOKEN),
      refusal('encryption_error'),
    );
    const sealed = JSON.parse(await readFile(file, 'utf8')) as { data: string };
    const data = `${sealed.data.startsWith('A') ? 'B' : 'A'}${sealed.data.slice(1)}`;
    await writeFile(file, JSON.stringify({ ...sealed, data }));
    await assert.rejects(ask('right'), refusal('encryption_error'));
    assert.throws(() => newFileTokenStorage(file, { encryptionKey: '' }), refusal('invalid_config'));
  });

  it('reads a file that lies in the clear, and seals it with the next change', async () => {
    const file = fresh();
    await newFileTokenStorage(file).storeToken('gemini', TOKEN);
    const storage = newFileTokenStorage(file, { encryptionKey: 'right' });
    assert.deepEqual(await storage.retrieveToken('gemini'), TOKEN);
    await storage.storeToken('qwen', TOKEN);
    assert.doesNotMatch(await readFile(file, 'utf8'), /access-of-tests/);
    assert.deepEqual(await storage.retrieveToken('gemini'), TOKEN);
  });
});

describe('a memory store', () => {
  it('keeps a hundred tokens, and puts out the one used longest ago', async () => {
    const storage = newMemoryTokenStorage();
    for (let at = 0; at < 100; at += 1) await storage.storeToken(`k${at}`, TOKEN);
    await storage.retrieveToken('k0');
    await storage.storeToken('one more', TOKEN);
    const keys = await storage.listTokens();
    assert.equal(keys.length, 100);
    assert.equal(keys.includes('k0'), true);
    assert.equal(keys.includes('k1'), false);
  });

  it('puts out every hour what has ended and cannot be renewed', async () => {
    const clock = movingClock();
    const storage = newMemoryTokenStorage({ clock });
    const expiresAt = new Date(clock.nowMs() + 1000);
    await storage.storeToken('ended', { accessToken: 'a', expiresAt });
    await storage.storeToken('renewable', { accessToken: 'a', refreshToken: 'r', expiresAt });
    await storage.storeToken('endless', { accessToken: 'a' });
    clock.pass(3_599_000);
    assert.equal((await storage.listTokens()).length, 3);
    clock.pass(1000);
    assert.deepEqual(await storage.listTokens(), ['renewable', 'endless']);
  });
});

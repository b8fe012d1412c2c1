import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { loadSettings, SettingsError } from './load-settings.ts';
import type { Settings } from './settings.ts';

const load = (environment: Readonly<Record<string, string>>): Settings =>
  loadSettings({ environment, isTerminal: false }).settings;

describe('DEBUG', () => {
  it('opens and makes talkative where it is a yes', () => {
    for (const yes of ['true', '1', 'on', 'YES']) {
      const { debug, log } = load({ DEBUG: yes });
      assert.deepEqual([debug, log.level], [{ isOpen: true, areas: [] }, 'debug'], yes);
    }
    assert.equal(load({ DEBUG: 'true', LOG_LEVEL: 'warn' }).log.level, 'warn');
  });

  it('does nothing where it is a no', () => {
    for (const no of ['', 'false', '0', 'off']) {
      const { debug, log } = load({ DEBUG: no });
      assert.deepEqual([debug, log.level], [{ isOpen: false, areas: [] }, 'info'], no);
    }
  });

  it('names areas, which open nothing', () => {
    const { debug, log } = load({ DEBUG: 'dynamic-providers:*, patchbay:*,-patchbay:calls' });
    const areas = ['dynamic-providers:*', 'patchbay:*', '-patchbay:calls'];
    assert.deepEqual([debug, log.level], [{ isOpen: false, areas }, 'info']);
    assert.deepEqual(load({ DEBUG: 'true,patchbay:calls' }).debug, { isOpen: true, areas: ['patchbay:calls'] });
  });
});

describe('PostgreSQL in parts', () => {
  const urlOf = (environment: Readonly<Record<string, string>>): string | undefined =>
    load(environment).databaseUrl?.reveal();

  it('is put together, with its defaults, and with what addresses cannot hold', () => {
    assert.equal(urlOf({ DB_HOST: 'db' }), 'postgres://postgres@db:5432/patchbay');
    const all = { DB_HOST: '::1', DB_PORT: '5433', DB_NAME: 'my/db', DB_USER: 'me@x', DB_PASSWORD: 'canary:p@ss/word' };
    assert.equal(urlOf(all), 'postgres://me%40x:canary%3Ap%40ss%2Fword@[::1]:5433/my%2Fdb');
  });

  it('counts only where DATABASE_URL is not set, and a host is', () => {
    assert.equal(urlOf({ DB_HOST: 'db', DATABASE_URL: 'postgres://a@b/c' }), 'postgres://a@b/c');
    assert.equal(urlOf({ DB_NAME: 'x', DB_USER: 'y' }), undefined);
    assert.throws(() => load({ DB_HOST: 'db', DB_PORT: '0' }), SettingsError);
  });
});

it('origins of both names count, profiles have a port only where they are wanted, and a log may have a folder', () => {
  const { corsOrigins } = load({
    CORS_ORIGIN: 'http://a.example',
    ALLOWED_ORIGINS: 'http://a.example,http://localhost:3000',
  }).management;
  assert.deepEqual(corsOrigins, ['http://a.example', 'http://localhost:3000']);
  assert.equal(load({ PROFILING_PORT: '7070' }).debug.profilingPort, undefined);
  assert.equal(load({ PROFILING: 'true' }).debug.profilingPort, 6060);
  assert.equal(load({ LOG_DIR: '/var/log/prompt-library' }).log.folder, '/var/log/prompt-library');
});

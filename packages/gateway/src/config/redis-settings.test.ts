import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { loadSettings } from './load-settings.ts';

const urlOf = (environment: Readonly<Record<string, string>>): string | undefined =>
  loadSettings({ environment, isTerminal: false }).settings.redisUrl?.reveal();

describe('the place of Redis', () => {
  it('is none where nothing is said of it', () => {
    assert.equal(urlOf({}), undefined);
    // Kubernetes says so of a service named `redis`, whether or not we are to use it.
    assert.equal(urlOf({ REDIS_PORT: 'tcp://10.0.0.7:6379', REDIS_SERVICE_HOST: '10.0.0.7' }), undefined);
  });

  it('is its URL', () => {
    assert.equal(
      urlOf({ REDIS_URL: 'rediss://me:canary@cache:6380/2', REDIS_HOST: 'x' }),
      'rediss://me:canary@cache:6380/2',
    );
  });

  it('is put together of its parts', () => {
    assert.equal(urlOf({ REDIS_HOST: 'localhost' }), 'redis://localhost:6379/0');
    assert.equal(
      urlOf({ REDIS_HOST: '::1', REDIS_PORT: 'tcp://10.0.0.7:6380', REDIS_PASSWORD: 'canary@/:', REDIS_DB: '3' }),
      'redis://:canary%40%2F%3A@[::1]:6380/3',
    );
  });
});

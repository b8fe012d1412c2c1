import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { loadSettings } from '../../config/load-settings.ts';
import { examine } from '../examine.ts';
import { settingsPublic } from './settings-public.ts';
import { settingsWeak } from './settings-weak.ts';

const look = async (environment: Record<string, string>) => {
  const { settings } = loadSettings({ environment, isTerminal: false });
  return (await examine({ checks: [settingsWeak], ports: { settings }, clock: systemClock })).findings;
};

describe('settings that leave a door open', () => {
  it('are none of the defaults, nor secrets of a good length', async () => {
    assert.deepEqual(await look({}), []);
    assert.deepEqual(await look({ ENCRYPTION_KEY: 'k'.repeat(64), GATEWAY_API_KEY: 'g'.repeat(32) }), []);
  });

  it('are short secrets, of which only the length is told', async () => {
    const findings = await look({ ENCRYPTION_KEY: 'canary-1', GATEWAY_API_KEY: 'canary-22' });
    assert.deepEqual(
      findings.map(({ code, subject, evidence }) => [code, subject, evidence['characters']]),
      [
        ['settings-short-key', 'setting ENCRYPTION_KEY', 8],
        ['settings-short-key', 'setting GATEWAY_API_KEY', 9],
      ],
    );
    assert.doesNotMatch(JSON.stringify(findings), /canary/);
    assert.match(findings[0]?.remedy ?? '', /openssl rand -hex 32.*the old key/);
  });

  it('are worth knowing on this machine alone, and an error where others reach it', async () => {
    const local = await look({ AUTH_MODE: 'open-loopback' });
    const open = await look({ AUTH_MODE: 'open-loopback', HOST: '0.0.0.0' });
    assert.deepEqual(
      [local, open].map(([first]) => [first?.code, first?.severity]),
      [
        ['settings-open-loopback', 'info'],
        ['settings-open-to-all', 'error'],
      ],
    );
  });
});

describe('settings of a gateway that others reach', () => {
  const lookPublic = async (environment: Record<string, string>) => {
    const { settings } = loadSettings({ environment, isTerminal: false });
    return (await examine({ checks: [settingsPublic], ports: { settings }, clock: systemClock })).findings;
  };

  it('are fine by default, and wherever programs of this machine alone reach them', async () => {
    assert.deepEqual(await lookPublic({}), []);
    assert.deepEqual(await lookPublic({ HOST: '::1' }), []);
  });

  it('are found to serve others without TLS', async () => {
    const findings = await lookPublic({ HOST: '0.0.0.0' });
    assert.deepEqual(
      findings.map(({ code, severity, subject }) => [code, severity, subject]),
      [['settings-plain-http', 'info', 'setting HOST']],
    );
    assert.match(findings[0]?.remedy ?? '', /HOST=127\.0\.0\.1/);
  });

  it('may be talkative on one’s own machine, and are found to be so in production and before others', async () => {
    assert.deepEqual(await lookPublic({ DEBUG: 'true' }), []);
    assert.deepEqual(await lookPublic({ DEBUG: 'patchbay:*', ENVIRONMENT: 'production', HOST: '127.0.0.1' }), []);
    for (const environment of [{ ENVIRONMENT: 'production', HOST: '127.0.0.1' }, { HOST: '10.0.0.7' }]) {
      const findings = await lookPublic({ DEBUG: 'true', ...environment });
      const found = findings.find(({ code }) => code === 'settings-debug-open');
      assert.deepEqual([found?.subject, found?.severity], ['setting DEBUG', 'warning']);
      assert.match(found?.remedy ?? '', /^Remove DEBUG/);
    }
  });
});

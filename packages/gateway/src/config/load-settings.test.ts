import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';

import { secretsOf } from '@patchbay/llm/credentials/credential';

import type { SettingTexts } from './gather.ts';
import { loadSettings, SettingsError } from './load-settings.ts';
import { anyText } from './readers.ts';
import { isPlaceholder, SETTINGS } from './schema.ts';

const load = (texts: Partial<SettingTexts> = {}, isTerminal = false) =>
  loadSettings({ environment: {}, ...texts, isTerminal });

function problemsOf(texts: Partial<SettingTexts>): readonly string[] {
  try {
    load(texts);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    for (const each of error.problems) assert.ok(error.message.includes(`\n  - ${each}`));
    return error.problems;
  }
  return [];
}

describe('settings of nothing', () => {
  it('are the defaults', () => {
    const { settings, sources } = load();
    assert.equal(sources.size, 0);
    assert.equal(settings.host, SETTINGS.HOST.default);
    assert.equal(settings.port, SETTINGS.PORT.default);
    assert.equal(settings.dataDir, SETTINGS.DATA_DIR.default);
    assert.equal(settings.gatewayApiKey, undefined);
    assert.deepEqual(settings.providers, []);
    assert.equal(settings.aliases.size, 0);
    assert.equal(settings.timeouts.totalMs, SETTINGS.TIMEOUT_TOTAL_MS.default);
    assert.equal(settings.bodyLimitBytes, SETTINGS.BODY_LIMIT_BYTES.default);
    assert.deepEqual(settings.egressAllow, []);
    assert.equal(settings.log.level, 'info');
  });

  it('log for people on a terminal and for machines elsewhere, unless told', () => {
    assert.equal(load({}, true).settings.log.format, 'pretty');
    assert.equal(load({}, false).settings.log.format, 'json');
    assert.equal(load({ environment: { LOG_FORMAT: 'json' } }, true).settings.log.format, 'json');
  });
});

describe('settings', () => {
  it('take each value from the environment before .env before config.yaml before the default', () => {
    const { settings, sources } = load({
      environment: { PORT: '3' },
      dotenv: 'PORT=2\nMAX_IN_FLIGHT=20\n',
      yaml: 'port: 1\nmax_in_flight: 10\ndrain_ms: 5\n',
    });
    assert.equal(settings.port, 3);
    assert.equal(settings.maxInFlight, 20);
    assert.equal(settings.drainMs, 5);
    assert.equal(settings.clientStallMs, SETTINGS.CLIENT_STALL_MS.default);
    assert.deepEqual(Object.fromEntries(sources), {
      PORT: 'environment',
      MAX_IN_FLIGHT: '.env',
      DRAIN_MS: 'config.yaml',
    });
  });

  it('put every budget in its place', () => {
    const { timeouts } = load({
      yaml: 'timeout_connect_ms: 1\ntimeout_headers_ms: 2\ntimeout_first_token_ms: 3\ntimeout_idle_ms: 4\ntimeout_total_ms: 5\n',
    }).settings;
    assert.deepEqual(timeouts, { connectMs: 1, headersMs: 2, firstTokenMs: 3, idleMs: 4, totalMs: 5 });
  });

  it('carry aliases, hosts and providers of every place', () => {
    const { settings } = load({
      environment: { OPENAI_API_KEY_2: 'canary-2' },
      dotenv: 'OPENAI_API_KEY_1=canary-1\n',
      yaml: 'openai_api_key: canary-0\nmodel_aliases: { fast: openai/a }\negress_allow: [localhost]\n',
    });
    assert.deepEqual(
      settings.providers.map(({ providerId, accounts }) => [
        providerId,
        accounts.flatMap(secretsOf).map((secret) => secret.reveal()),
      ]),
      [['openai', ['canary-0', 'canary-1', 'canary-2']]],
    );
    assert.deepEqual(settings.aliases.get('fast'), ['openai/a']);
    assert.deepEqual(settings.egressAllow, ['localhost']);
  });

  it('carry the key for secrets and, after commas, the former ones', () => {
    const keys = (text: string) =>
      load({ environment: { ENCRYPTION_KEY: text } }).settings.encryptionKeys.map((key) => key.reveal());
    assert.deepEqual(keys('canary-new,canary-old'), ['canary-new', 'canary-old']);
    assert.deepEqual(load().settings.encryptionKeys, []);
  });

  it('are frozen and do not show their secrets', () => {
    const { settings } = load({ environment: { GATEWAY_API_KEY: 'canary-gateway', GROQ_API_KEY: 'canary-groq' } });
    assert.equal(settings.gatewayApiKey?.reveal(), 'canary-gateway');
    assert.ok(Object.isFrozen(settings));
    assert.ok(Object.isFrozen(settings.providers[0]?.accounts[0]));
    for (const each of Object.values(settings)) assert.ok(Object.isFrozen(each) || each instanceof Map);
    assert.equal(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`.includes('canary'), false);
  });
});

describe('settings that cannot be used', () => {
  it('are refused with every problem at once, each with its place', () => {
    assert.deepEqual(
      problemsOf({
        environment: { PORT: 'eighty', PATCHBAY_HOST: 'x' },
        dotenv: 'LOG_LEVEL=loud\nGROQ_API_KEY=<your key>\n',
        yaml: 'drain_ms: -1\nporrt: 1\n',
      }),
      [
        'porrt in config.yaml is not a setting. Did you mean port?',
        'PATCHBAY_HOST in the environment is not a setting. Did you mean HOST?',
        'PORT (from environment) must be a whole number from 0 to 65535.',
        'GROQ_API_KEY (from .env) must be at least 1 visible ASCII characters without spaces.',
        'DRAIN_MS (from config.yaml) must be a whole number from 0 to 86400000.',
        'LOG_LEVEL (from .env) must be one of trace, debug, info, warn, error, silent.',
      ],
    );
  });

  it('are named once each when everything is wrong, also those of later versions', () => {
    const wrong = '\u0000canary wrong\u0000';
    const free = Object.entries(SETTINGS).flatMap(([name, { read }]) => ((read as unknown) === anyText ? [name] : []));
    const environment = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, wrong]));
    const named = problemsOf({ environment }).map((each) => each.split(' ', 1)[0]);
    assert.equal(new Set(named).size, named.length);
    assert.deepEqual(new Set(named), new Set(Object.keys(SETTINGS).filter((name) => !free.includes(name))));
  });

  it('are places of Redis that are none, of which nothing is repeated', () => {
    assert.deepEqual(problemsOf({ environment: { REDIS_URL: 'http://me:canary@redis', REDIS_PORT: '0' } }), [
      'REDIS_URL (from environment) must be a URL such as redis://user:password@host:6379/0.',
      'REDIS_PORT (from environment) must be a whole number from 1 to 65535.',
    ]);
  });

  it('are databases that are none of PostgreSQL, of which nothing is repeated', () => {
    assert.deepEqual(problemsOf({ environment: { DATABASE_URL: 'mysql://me:canary@db/x' } }), [
      'DATABASE_URL (from environment) must be a URL such as postgres://user:password@host:5432/database.',
    ]);
    assert.deepEqual(problemsOf({ environment: { DATABASE_URL: 'postgres://me:canary@db/x' } }), []);
  });

  it('are placeholders where a secret belongs, in use or reserved', () => {
    assert.deepEqual(problemsOf({ environment: { GATEWAY_API_KEY: 'changeme', ADMIN_PASSWORD: 'password' } }), [
      'GATEWAY_API_KEY (from environment) holds a placeholder. Choose a real secret.',
      'ADMIN_PASSWORD (from environment) holds a placeholder. Choose a real secret.',
    ]);
    assert.deepEqual(problemsOf({ environment: { ADMIN_USERNAME: 'admin' } }), []);
  });

  it('never name a secret, wherever it stands', () => {
    const canary = 'canary secret é';
    const names = ['GATEWAY_API_KEY', 'ADMIN_PASSWORD', 'ENCRYPTION_KEY', 'OPENAI_API_KEY', 'OPENAI_API_KEY_7'];
    const url = 'http://me:canary@host';
    const environment = {
      ...Object.fromEntries(names.map((name) => [name, canary])),
      OPENAI_BASE_URL: url,
      EGRESS_ALLOW: url,
      PORT: 'canary',
    };
    const dotenv = 'OPENAI_API_KEI=canary\ncanaryQ2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5==\nQWEN_API_KEY="canary\n';
    const problems = problemsOf({ environment, dotenv, yaml: 'openai_api_key: "canary\n' });
    assert.ok(problems.length >= 10, problems.join('\n'));
    assert.equal(problems.join('\n').includes('canary'), false, problems.join('\n'));
  });
});

describe('a placeholder', () => {
  it('is what guides write in the place of a secret', () => {
    const texts = [
      'sk-...',
      'sk-xxxx',
      'xxxx',
      'change-me',
      'CHANGEME',
      'your_api_key',
      'your-key',
      '<key>',
      'secret',
      ' todo ',
      'sk-1234',
      'admin-token',
    ];
    for (const text of texts) assert.ok(isPlaceholder(text), text);
  });

  it('is not what merely contains such a word', () => {
    for (const text of ['my-secret-canary', 'adminton', 'sk-canary', 'xx', 'password1', 'test-canary'])
      assert.ok(!isPlaceholder(text), text);
  });
});

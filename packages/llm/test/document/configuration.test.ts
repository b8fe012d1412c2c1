import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import { Secret } from '../../src/credentials/secret.ts';
import { chatAnswer, drain, json, startFake } from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function factoryOf(env: kit.Environment = {}): kit.ProviderFactory {
  const factory = kit.newProviderFactory({ env });
  kit.registerDefaultProviders(factory);
  return factory;
}

/** Every sentence of the error that a config ends in. */
async function refusalOf(yaml: string, env: kit.Environment = {}): Promise<string> {
  try {
    await kit.parseConfig(yaml, { env });
  } catch (error) {
    assert.ok(error instanceof kit.ProviderError);
    assert.equal(error.code, 'invalid_config');
    assert.equal(error.isRetryable(), false);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'The config was taken.' });
}

describe('Configuration Errors', () => {
  it('refuses configs that could never work, and says what to do', () => {
    const factory = factoryOf();
    const cases: readonly (readonly [kit.ProviderConfig, RegExp])[] = [
      [{ type: '' }, /provider type is required/],
      [{ type: 'openai' }, /required field missing: providers\.openai\.api_key\. Set it or export OPENAI_API_KEY\./],
      [{ type: 'openai', apiKey: 'k', timeout: -1 }, /timeout must be positive/],
      [{ type: 'openai', apiKey: 'k', maxRetries: 1.5 }, /maxRetries must be a whole number/],
      [{ type: 'openai', apiKey: 'k', headers: { a: 'b\nc: d' } }, /headers\.a must be text in one line/],
      [{ type: 'openai', apiKey: 'k', rateLimit: { requestsPerMinute: 0 } }, /rateLimit\.requestsPerMinute/],
      [{ type: 'nobody', apiKey: 'k' }, /No provider type is called "nobody"/],
    ];
    for (const [config, message] of cases)
      assert.throws(() => factory.validateProviderConfig(config), {
        name: 'ProviderError',
        code: 'invalid_config',
        message,
      });
    for (const config of [
      { type: 'openai', apiKey: 'k' },
      { type: 'openai', apiKeys: ['k'] },
      { type: 'qwen', oauthCredentials: [{ clientId: 'id', clientSecret: 'secret' }] },
      { type: 'ollama' },
    ])
      factory.validateProviderConfig(config);
    factoryOf({ MY_KEY: 'k' }).validateProviderConfig({ type: 'openai', apiKeyEnv: 'MY_KEY' });
  });

  it('builds a provider of a config with everything in it', async () => {
    const server = await startFake((response) => json(response, 200, chatAnswer('ok')));
    open.push(server);
    const provider = factoryOf({ OPENAI_KEY: 'from-env' }).createProvider('openai', {
      name: 'openai-primary',
      apiKeyEnv: 'OPENAI_KEY',
      baseUrl: server.url,
      defaultModel: 'gpt-4',
      timeout: 30_000,
      maxRetries: 3,
    });
    assert.equal(provider.name(), 'openai-primary');
    assert.equal(provider.getDefaultModel(), 'gpt-4');
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer from-env');
  });

  it('makes a provider of settings as a file has them', async () => {
    const server = await startFake((response) => json(response, 200, chatAnswer('ok')));
    open.push(server);
    const settings = {
      type: 'openai',
      api_key: 'sk-1',
      base_url: server.url,
      default_model: 'gpt-4',
      timeout: 60,
      max_retries: 0,
    };
    const provider = factoryOf().createProviderFromConfig(settings);
    const { timeout, maxRetries } = provider.getConfig();
    assert.deepEqual({ timeout, maxRetries }, { timeout: 60_000, maxRetries: 0 });
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    const wrong = { ...settings, time_out: 3 };
    assert.throws(() => factoryOf().createProviderFromConfig(wrong), {
      message: /config\.time_out is not known.*timeout/,
    });
    assert.throws(() => factoryOf().createProviderFromConfig({}), { message: /required field missing: config\.type/ });
  });
});

const DOCUMENTED = `
providers:
  openai:
    enabled: true
    api_key: \${OPENAI_API_KEY}
    model: gpt-4
    timeout: 60

  anthropic:
    enabled: true
    api_keys:
      - \${ANTHROPIC_API_KEY_1}
      - \${ANTHROPIC_API_KEY_2}
    model: claude-3-opus-20240229

  gemini:
    enabled: true
    auth_type: oauth
    client_id: \${GEMINI_CLIENT_ID}
    client_secret: \${GEMINI_CLIENT_SECRET}
    model: gemini-pro

  qwen:
    enabled: false
    api_key: \${NOBODY_SETS_THIS}
`;

const ENV = {
  OPENAI_API_KEY: 'sk-env',
  ANTHROPIC_API_KEY_1: 'sk-ant-1',
  ANTHROPIC_API_KEY_2: 'sk-ant-2',
  GEMINI_CLIENT_ID: 'gemini-id',
  GEMINI_CLIENT_SECRET: 'gemini-secret',
};

describe('Multi-provider YAML configuration', () => {
  it('reads the documented file', async () => {
    const { providers, disabled, logLevel, tokenStorage } = await kit.parseConfig(DOCUMENTED, { env: ENV });
    assert.deepEqual(providers['openai'], {
      type: 'openai',
      name: 'openai',
      apiKey: 'sk-env',
      defaultModel: 'gpt-4',
      timeout: 60_000,
      maxRetries: 3,
    });
    assert.deepEqual(providers['anthropic']?.apiKeys, ['sk-ant-1', 'sk-ant-2']);
    assert.deepEqual(providers['gemini']?.oauthCredentials, [{ clientId: 'gemini-id', clientSecret: 'gemini-secret' }]);
    assert.deepEqual(disabled, ['qwen']);
    assert.deepEqual({ logLevel, tokenStorage }, { logLevel: 'info', tokenStorage: 'file' });
  });

  it('makes all its providers, which then answer', async () => {
    const server = await startFake((response) => json(response, 200, chatAnswer('ok')));
    open.push(server);
    const yaml = `providers:\n  main:\n    type: openai\n    api_key: k\n    base_url: ${server.url}\n    headers: { x-team: red }\n`;
    const made = kit.createProviders(factoryOf(), await kit.parseConfig(yaml, { env: {} }));
    assert.deepEqual(Object.keys(made), ['main']);
    await drain(await (made['main'] as kit.Provider).generateChatCompletion({ prompt: 'x' }));
    assert.equal(server.requests[0]?.headers['x-team'], 'red');
  });

  it('reads several OAuth accounts of one provider', async () => {
    const yaml = `
providers:
  gemini:
    auth_type: oauth
    oauth_credentials:
      - id: team-account
        client_id: client-id-1
        client_secret: client-secret-1
        access_token: token-1
        refresh_token: refresh-1
      - id: personal-account
        client_id: client-id-2
`;
    const { providers } = await kit.parseConfig(yaml, { env: {} });
    assert.deepEqual(providers['gemini']?.oauthCredentials, [
      {
        id: 'team-account',
        clientId: 'client-id-1',
        clientSecret: 'client-secret-1',
        accessToken: 'token-1',
        refreshToken: 'refresh-1',
      },
      { id: 'personal-account', clientId: 'client-id-2' },
    ]);
  });
});

describe('Environment variable precedence', () => {
  const yaml = 'providers:\n  openai:\n    api_key: ${OPENAI_API_KEY}\n    timeout: 60\n';

  it('puts explicit values first, then variables, then defaults', async () => {
    const env = { OPENAI_API_KEY: 'sk-env' };
    const overrides = { openai: { apiKey: 'explicit-key', timeout: 30_000, maxRetries: 5 } };
    const explicit = await kit.parseConfig(yaml, { env, overrides });
    assert.equal(explicit.providers['openai']?.apiKey, 'explicit-key');
    assert.equal(explicit.providers['openai']?.timeout, 30_000);
    assert.equal(explicit.providers['openai']?.maxRetries, 5);
    const read = await kit.parseConfig(yaml, { env });
    assert.equal(read.providers['openai']?.apiKey, 'sk-env');
    assert.equal(read.providers['openai']?.timeout, 60_000);
    assert.equal(read.providers['openai']?.maxRetries, kit.DEFAULTS.maxRetries);
    const bare = await kit.parseConfig('providers:\n  openai:\n', { env });
    assert.equal(bare.providers['openai']?.apiKey, 'sk-env');
    assert.equal(bare.providers['openai']?.timeout, kit.DEFAULTS.timeout);
    const [provider] = Object.values(kit.createProviders(factoryOf(), bare));
    assert.equal(provider?.getDefaultModel(), 'gpt-4o');
  });

  it('takes an explicit nothing for what it says', async () => {
    const { providers } = await kit.parseConfig('providers:\n  ollama:\n    timeout: 0\n    max_retries: 0\n', {
      env: {},
    });
    assert.equal(providers['ollama']?.timeout, 0);
    assert.equal(providers['ollama']?.maxRetries, 0);
    assert.deepEqual(kit.DEFAULTS, { timeout: 30_000, maxRetries: 3, temperature: 0.7, maxTokens: 1000 });
  });
});

describe('YAML formatting issues', () => {
  it('names the field and the remedy of every slip', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['providers:\nopenai:\n  api_key: sk-1\n', /openai stands outside of providers\. Indent it/],
      [
        'providers:\n  openai:\n    api_key: $OPENAI_API_KEY\n',
        /providers\.openai\.api_key says \$OPENAI_API_KEY\. Write \$\{OPENAI_API_KEY\}/,
      ],
      [
        'providers:\n  openai:\n    api_key: ${OPENAI_API_KEY}\n',
        /required field missing: providers\.openai\.api_key\. Set it or export OPENAI_API_KEY/,
      ],
      [
        'providers:\n  openai:\n    model: gpt-4\n',
        /required field missing: providers\.openai\.api_key\. Set it or export OPENAI_API_KEY/,
      ],
      ['providers:\n  openai:\n    api_key: k\n    timeout: soon\n', /providers\.openai\.timeout must be seconds/],
      ['providers:\n  openai:\n    api_key: [a]\n', /providers\.openai\.api_key must be text/],
      ['providers:\n  openai:\n    api_keys: a\n', /providers\.openai\.api_keys must be a list/],
      ['providers:\n  openai:\n    api_ky: a\n', /providers\.openai\.api_ky is not known\. Use one of: .*api_key/],
      ['providers:\n  openai: 5\n', /providers\.openai must hold members/],
      ['providers: [openai]\n', /providers must hold members/],
      ['providers:\n\topenai: 1\n', /The YAML cannot be read/],
      ['providers:\n  ollama:\n    timeout: -5\n', /providers\.ollama: timeout must be positive/],
      ['log_level: loud\n', /log_level must be one of: debug, info, warn, error/],
      ['- just\n- a list\n', /The YAML must hold members/],
    ];
    for (const [yaml, message] of cases) assert.match(await refusalOf(yaml), message, yaml);
    for (const [yaml] of cases) assert.match(await refusalOf(yaml), /^invalid_config: /);
  });

  it('takes both ways of writing lists, quotes and units', async () => {
    const lists = ['api_keys:\n      - key1\n      - key2', 'api_keys: [key1, key2]'];
    for (const list of lists) {
      const { providers } = await kit.parseConfig(`providers:\n  openai:\n    ${list}\n`, { env: {} });
      assert.deepEqual(providers['openai']?.apiKeys, ['key1', 'key2']);
    }
    const yaml = 'providers:\n  openai:\n    api_key: "p@ss$w0rd!"\n    timeout: 500ms\n';
    const { providers } = await kit.parseConfig(yaml, { env: {} });
    assert.equal(providers['openai']?.apiKey, 'p@ss$w0rd!');
    assert.equal(providers['openai']?.timeout, 500);
  });

  it('names all mistakes at once', async () => {
    const text = await refusalOf('providers:\n  openai:\n    timeout: soon\n  anthropic:\n    model: x\n');
    assert.match(text, /providers\.openai\.timeout/);
    assert.match(text, /providers\.anthropic\.api_key/);
  });
});

describe('Environment Variables', () => {
  const ALL = {
    OPENAI_API_KEY: 'sk-1',
    ANTHROPIC_API_KEY: 'sk-ant-1',
    GEMINI_API_KEY: 'gemini-1',
    CEREBRAS_API_KEY: 'csk-1',
    QWEN_API_KEY: 'qwen-1',
    OPENROUTER_API_KEY: 'sk-or-1',
    GEMINI_PROJECT_ID: 'project-1',
    LOG_LEVEL: 'debug',
    TOKEN_STORAGE: 'memory',
  };

  it('reads every documented variable where no file says which providers count', async () => {
    const { providers, logLevel, tokenStorage } = await kit.parseConfig('', { env: ALL });
    const keys = Object.fromEntries(Object.entries(providers).map(([name, { apiKey }]) => [name, apiKey]));
    assert.deepEqual(keys, {
      openai: 'sk-1',
      anthropic: 'sk-ant-1',
      gemini: 'gemini-1',
      openrouter: 'sk-or-1',
      cerebras: 'csk-1',
      qwen: 'qwen-1',
    });
    assert.deepEqual(providers['gemini']?.headers, { 'x-goog-user-project': 'project-1' });
    assert.deepEqual({ logLevel, tokenStorage }, { logLevel: 'debug', tokenStorage: 'memory' });
    const oauth = { GEMINI_CLIENT_ID: 'id', GEMINI_CLIENT_SECRET: 'secret' };
    const signedIn = await kit.parseConfig('', { env: oauth });
    assert.deepEqual(signedIn.providers['gemini']?.oauthCredentials, [{ clientId: 'id', clientSecret: 'secret' }]);
    const numbered = await kit.parseConfig('', { env: { ANTHROPIC_API_KEY_1: 'a', ANTHROPIC_API_KEY_2: 'b' } });
    assert.deepEqual(numbered.providers['anthropic']?.apiKeys, ['b']);
  });

  it('finds the file by CONFIG_FILE, and says when it is not there', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-config-'));
    open.push({ close: () => rm(folder, { recursive: true }) });
    const file = path.join(folder, 'config.yaml');
    await writeFile(file, DOCUMENTED);
    const found = await kit.loadConfig(undefined, { env: { ...ENV, CONFIG_FILE: file } });
    assert.deepEqual(Object.keys(found.providers), ['openai', 'anthropic', 'gemini']);
    const other = await kit.loadConfig(file, { env: { ...ENV, CONFIG_FILE: 'nowhere.yaml' } });
    assert.equal(other.providers['openai']?.apiKey, 'sk-env');
    const missing = path.join(folder, 'none.yaml');
    await assert.rejects(kit.loadConfig(missing, { env: {} }), {
      code: 'invalid_config',
      message: /none\.yaml does not exist/,
    });
    await assert.rejects(kit.loadConfig(folder, { env: {} }), {
      code: 'invalid_config',
      message: /could not be read \(EISDIR\)/,
    });
  });
});

describe('Secret management', () => {
  it('takes keys as secrets, which nothing prints', async () => {
    const server = await startFake((response) => json(response, 200, chatAnswer('ok')));
    open.push(server);
    const provider = factoryOf().createProvider('openai', { apiKey: new Secret('sk-canary'), baseUrl: server.url });
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer sk-canary');
    assert.ok(!JSON.stringify(provider.getConfig()).includes('canary'));
  });
});

import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it } from 'node:test';

import { gatherSettings, type SettingTexts } from './gather.ts';

const gather = (texts: Partial<SettingTexts>) => gatherSettings({ environment: {}, ...texts });
const problemsOf = (texts: Partial<SettingTexts>): readonly string[] => gather(texts).problems;

describe('where a setting comes from', () => {
  const yaml = 'port: 1\nhost: yaml.test\nlog_level: debug\n';
  const dotenv = 'PORT=2\nHOST=dotenv.test\n';

  it('is the environment before .env before config.yaml', () => {
    const { values, sources, problems } = gather({ environment: { PORT: '3' }, dotenv, yaml });
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.fromEntries(values), {
      PORT: '3',
      HOST: 'dotenv.test',
      LOG_LEVEL: 'debug',
    });
    assert.deepEqual(Object.fromEntries(sources), {
      PORT: 'environment',
      HOST: '.env',
      LOG_LEVEL: 'config.yaml',
    });
  });

  it('is the next place when a value is empty', () => {
    const { values, sources } = gather({ environment: { PORT: '', HOST: undefined }, dotenv: 'PORT=\n', yaml });
    assert.equal(values.get('PORT'), '1');
    assert.equal(sources.get('PORT'), 'config.yaml');
    assert.equal(sources.get('HOST'), 'config.yaml');
    assert.equal(gather({ yaml: 'port:\nhost: ~\nlog_level: ""\n' }).values.size, 0);
  });

  it('is .env also where a byte order mark begins it', () => {
    const { values, problems } = gather({ dotenv: '\uFEFFPORT=2\n' });
    assert.deepEqual(problems, []);
    assert.equal(values.get('PORT'), '2');
  });

  it('covers the variables of providers', () => {
    const { values, problems } = gather({
      environment: { OPENAI_API_KEY_12: 'canary-a' },
      dotenv: 'OPENAI_API_KEY=canary-b\nOPENAI_COMPATIBLE_BASE_URL=http://127.0.0.1:1/v1\n',
      yaml: 'anthropic_api_key_2: canary-c\n',
    });
    assert.deepEqual(problems, []);
    assert.equal(values.size, 4);
    assert.equal(values.get('ANTHROPIC_API_KEY_2'), 'canary-c');
  });
});

describe('config.yaml', () => {
  it('keeps scalars as they are written', () => {
    const { values } = gather({
      yaml: 'openai_api_key: 0012e45\ngroq_api_key: 12345678901234567890123\nrate_limit_enabled: true\nport: 8080\n',
    });
    assert.equal(values.get('OPENAI_API_KEY'), '0012e45');
    assert.equal(values.get('GROQ_API_KEY'), '12345678901234567890123');
    assert.equal(values.get('RATE_LIMIT_ENABLED'), 'true');
    assert.equal(values.get('PORT'), '8080');
  });

  it('spells lists and maps as one line does', () => {
    const { values } = gather({
      yaml: 'egress_allow: [localhost, 10.0.0.0/8]\nmodel_aliases:\n  fast: [openai/a, groq/b]\n  smart: openai/c\n',
    });
    assert.equal(values.get('EGRESS_ALLOW'), 'localhost,10.0.0.0/8');
    assert.equal(values.get('MODEL_ALIASES'), 'fast=openai/a|groq/b,smart=openai/c');
  });

  it('refuses what no setting can hold', () => {
    const [list, map, ...more] = problemsOf({
      yaml: 'egress_allow: [[canary]]\nmodel_aliases: { fast: { a: canary } }\n',
    });
    assert.match(list ?? '', /^egress_allow in config\.yaml must be a text/);
    assert.match(map ?? '', /^model_aliases in config\.yaml must be a text/);
    assert.deepEqual(more, []);
    assert.match(problemsOf({ yaml: '- a\n- b\n' })[0] ?? '', /must be a map such as `port: 8080`/);
  });

  it('is refused by its line, not by its text, when it is not YAML', () => {
    const problems = problemsOf({ yaml: 'port: 1\nopenai_api_key: "canary-unclosed\n' });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^config\.yaml is not valid YAML \(line \d\)\.$/);
  });

  it('is read without a warning that quotes its lines', (context) => {
    const warn = context.mock.method(process, 'emitWarning', () => {});
    assert.equal(
      gather({ yaml: 'openai_api_key: !vault canary-tagged\n' }).values.get('OPENAI_API_KEY'),
      'canary-tagged',
    );
    assert.equal(warn.mock.callCount(), 0);
  });
});

describe('a name that is no setting', () => {
  it('is refused in every place, with the nearest name in the spelling of that place', () => {
    assert.deepEqual(
      problemsOf({ environment: { PATCHBAY_PORT: '1' }, dotenv: 'OPENAI_APIKEY=canary', yaml: 'porrt: 1' }),
      [
        'porrt in config.yaml is not a setting. Did you mean port?',
        'OPENAI_APIKEY in .env is not a setting. Did you mean OPENAI_API_KEY?',
        'PATCHBAY_PORT in the environment is not a setting. Did you mean PORT?',
      ],
    );
  });

  it('is refused in the environment when it nearly is one of ours, without its value', () => {
    assert.deepEqual(problemsOf({ environment: { OPENAI_APIKEY: 'canary-a', GATEWAY_API_KY: 'canary-b' } }), [
      'OPENAI_APIKEY in the environment is not a setting. Did you mean OPENAI_API_KEY?',
      'GATEWAY_API_KY in the environment is not a setting. Did you mean GATEWAY_API_KEY?',
    ]);
  });

  it('is refused in upper case in config.yaml', () => {
    assert.deepEqual(problemsOf({ yaml: 'PORT: 1' }), ['PORT in config.yaml is not a setting. Did you mean port?']);
  });

  it('is refused with a place to look when nothing is near', () => {
    assert.deepEqual(problemsOf({ dotenv: 'QQQQQQQQ=canary' }), [
      'QQQQQQQQ in .env is not a setting. See .env.example for all settings.',
    ]);
  });

  it('passes in the environment when it belongs to others', () => {
    const environment = {
      HOME: '/root',
      OPENAI_ORGANIZATION: 'canary',
      PATCHBAY_URL: 'http://127.0.0.1:8000',
      PATCHBAY_API_KEY: 'canary',
      OPENAI_APIKEY: '',
      GROK_API_KEY: 'canary',
      HOSTNAME: 'canary',
      PATCHBAY_SERVICE_HOST: '10.0.0.1',
      PATCHBAY_SERVICE_PORT_HTTP: '8000',
      PATCHBAY_PORT: 'tcp://10.0.0.1:8000',
      PATCHBAY_PORT_8000_TCP: 'tcp://10.0.0.1:8000',
      PATCHBAY_PORT_8000_TCP_ADDR: '10.0.0.1',
    };
    assert.deepEqual(problemsOf({ environment }), []);
    assert.deepEqual(problemsOf({ dotenv: 'PATCHBAY_URL=http://127.0.0.1:8000\n' }), []);
  });

  it('is not shown when it looks like a secret that lost its name', () => {
    const lost = 'canaryQ2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5';
    const problems = problemsOf({ dotenv: `${lost}==\n`, yaml: `${lost}: 1\n"a\\u001b[2J": 1\n` });
    assert.equal(problems.length, 3);
    for (const each of problems)
      assert.match(each, /^A line in \S+ does not begin with a setting's name; it is not shown/);
  });
});

describe('providers of config.yaml', () => {
  const FILE = `
port: 8080
providers:
  openai: { enabled: true, api_key: '\${OPENAI_API_KEY}', model: gpt-4, timeout: 30, max_retries: 3 }
  anthropic:
    api_keys:
      - \${CLAUDE_ONE}
      - canary-written-out
    model: claude-3-opus-20240229
  gemini: { enabled: false, api_key: $NOBODY }
  local: { type: ollama, base_url: http://models.example:11434/v1 }
  safe: { type: fallback, provider_config: { providers: [openai, anthropic] } }
`;
  const environment = { OPENAI_API_KEY: 'canary-openai', CLAUDE_ONE: 'canary-claude' };

  it('stand for the variables of keys and addresses, as files of the library have them', () => {
    const { values, sources, problems } = gather({ yaml: FILE, environment });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [...values],
      [
        ['OPENAI_API_KEY', 'canary-openai'],
        ['ANTHROPIC_API_KEY_1', 'canary-claude'],
        ['ANTHROPIC_API_KEY_2', 'canary-written-out'],
        ['OLLAMA_BASE_URL', 'http://models.example:11434/v1'],
        ['PORT', '8080'],
      ],
    );
    assert.equal(sources.get('ANTHROPIC_API_KEY_1'), 'config.yaml');
    const dotenv = gather({ yaml: 'providers: { groq: { api_key: "${PORT}" } }', dotenv: 'PORT=1' });
    assert.equal(dotenv.values.get('GROQ_API_KEY'), '1');
  });

  it('name clients of OAuth where accounts are signed in to', () => {
    const { values } = gather({ yaml: 'providers: { openai: { auth_type: oauth, client_id: canary-id } }' });
    assert.deepEqual([...values], [['OPENAI_OAUTH_CLIENT_ID', 'canary-id']]);
  });

  it('are told what is wrong with them, and never a value', () => {
    const said = problemsOf({
      yaml: `
providers:
  nobody: { api_key: canary-a }
  openai: { api_key: $OPENAI_API_KEY }
  groq: { api_key: '\${CANARY_UNSET}' }
  mistral: { speed: canary-b, api_keys: canary-c }
  cerebras: canary-d
  second: { type: openai, api_key: canary-e }
`,
    });
    const wanted = [/nobody in config.yaml is no provider/, /Write \$\{OPENAI_API_KEY\}/, /export CANARY_UNSET/];
    for (const each of [
      ...wanted,
      /^speed of providers.mistral/,
      /^api_keys of/,
      /cerebras in config.yaml must hold/,
      /second .* is the provider of openai, too/,
    ])
      assert.ok(
        said.some((problem) => each.test(problem)),
        String(each),
      );
    assert.equal(said.length, 7, said.join('\n'));
    assert.doesNotMatch(said.join(' '), /canary-/);
    assert.match(problemsOf({ yaml: 'providers: openai' }).join(), /must hold members/);
  });
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { parseEnv } from 'node:util';

import { OAUTH_DEFINITIONS } from '@patchbay/llm/credentials/oauth/definitions/registry';

import { loadSettings } from './load-settings.ts';
import { oauthDefault, oauthVariables } from './oauth-settings.ts';
import { NAMED_PROVIDERS, providerVariables } from './provider-settings.ts';
import { SETTINGS, type SettingName } from './schema.ts';

const ASSIGNMENT = /^# ([A-Z][A-Z0-9_]*)=(.*)$/;

describe('.env.example', () => {
  let text = '';
  /** What it shows, by name. */
  let shown: ReadonlyMap<string, string>;
  let lines: readonly string[] = [];

  before(async () => {
    text = await readFile(new URL('../../../../.env.example', import.meta.url), 'utf8');
    lines = text.split('\n');
    shown = new Map(lines.flatMap(assignmentIn));
  });

  it('names every setting and every provider once, and nothing else', () => {
    const names = [
      ...Object.keys(SETTINGS),
      ...NAMED_PROVIDERS.flatMap((record) => {
        const [key = '', ...more] = providerVariables(record);
        return [key, `${key}_1`, ...more];
      }),
      ...OAUTH_DEFINITIONS.flatMap(oauthVariables),
    ];
    assert.deepEqual([...shown.keys()], names);
    assert.equal(lines.filter((line) => ASSIGNMENT.test(line)).length, names.length);
  });

  it('sets nothing as it is', () => {
    assert.deepEqual({ ...parseEnv(text) }, {});
    assert.equal(loadSettings({ environment: {}, dotenv: text, isTerminal: false }).sources.size, 0);
    for (const line of lines) assert.match(line, /^(?:#.*)?$/);
  });

  it('says above every assignment what it means', () => {
    for (const [index, line] of lines.entries())
      if (ASSIGNMENT.test(line)) assert.match(lines[index - 1] ?? '', /^# (?![A-Z0-9_]+=).+/, line);
  });

  it('ends with a newline', () => assert.ok(text.endsWith('\n') && !text.endsWith('\n\n')));

  it('shows the default of every setting', () => {
    for (const name of Object.keys(SETTINGS) as SettingName[]) {
      const value = shown.get(name) ?? '';
      const { read, default: byDefault } = SETTINGS[name];
      if (value === '') assert.ok(isNothing(byDefault), name);
      else assert.deepEqual(read(value), { value: byDefault }, name);
    }
  });

  it('shows where every provider is', () => {
    for (const { envPrefix, baseUrl, variables } of NAMED_PROVIDERS)
      assert.equal(shown.get(`${envPrefix}_BASE_URL`), variables === undefined ? baseUrl : '');
  });

  it('shows what stands for the variables of addresses that are not set', () => {
    for (const { variables = {} } of NAMED_PROVIDERS)
      for (const variable of Object.values(variables)) assert.equal(shown.get(variable.env), variable.default ?? '');
  });

  it('shows where accounts are signed in to', () => {
    for (const definition of OAUTH_DEFINITIONS)
      for (const name of oauthVariables(definition))
        assert.equal(shown.get(name), oauthDefault(definition, name), name);
  });

  it('changes no setting when every line of it is put to use', () => {
    const dotenv = text.replaceAll(/^# (?=[A-Z][A-Z0-9_]*=)/gm, '');
    const { providers, addresses, ...used } = loadSettings({ environment: {}, dotenv, isTerminal: false }).settings;
    const {
      providers: none,
      addresses: nowhere,
      ...defaults
    } = loadSettings({ environment: {}, isTerminal: false }).settings;
    assert.deepEqual(used, defaults);
    assert.deepEqual([none, nowhere], [[], new Map()]);
    // The addresses shown are the providers' own.
    for (const { id, baseUrl } of NAMED_PROVIDERS)
      if (baseUrl !== '' && addresses?.has(id)) assert.equal(addresses.get(id), baseUrl);
    const keyless = NAMED_PROVIDERS.filter(({ auth, baseUrl }) => baseUrl !== '' && auth.some(isNone));
    assert.deepEqual(
      providers.map(({ providerId }) => providerId),
      keyless.map(({ id }) => id),
    );
  });
});

function assignmentIn(line: string): readonly (readonly [string, string])[] {
  const [, name, value] = ASSIGNMENT.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}

const isNone = ({ kind }: { readonly kind: string }): boolean => kind === 'none';

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (value instanceof Map && value.size === 0);

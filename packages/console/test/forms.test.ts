import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Page } from 'playwright-core';

import { askAs } from './support/ask-gateway.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';
import { furnish, NAMED, type Furniture } from './support/furnish.ts';
import { open, openersOf } from './support/openers.ts';

/** A form with what is wrong in it. */
interface Case {
  readonly what: string;
  /** Name of an opener, or the path of the page whose form it is. */
  readonly at: string;
  readonly choose?: Readonly<Record<string, string>>;
  readonly tick?: readonly string[];
  /** What is written, by the names of the fields. */
  readonly write?: Readonly<Record<string, string>>;
  readonly send: string;
  /** Names of the fields that say what is wrong, and of no other. */
  readonly wrong: readonly string[];
}

const LONG = 'x'.repeat(5000);

const CASES: readonly Case[] = [
  {
    what: 'a user',
    at: 'user-make',
    write: { 'User name': 'x', 'E-mail address': 'nowhere', Password: 'short' },
    send: 'Make the user',
    wrong: ['User name', 'E-mail address', 'Password'],
  },
  {
    what: 'a user of a name that is taken',
    at: 'user-make',
    write: { 'User name': NAMED.user, 'E-mail address': 'other@example.com', Password: 'long enough it is' },
    send: 'Make the user',
    wrong: ['User name'],
  },
  {
    what: 'a user of an address that is taken',
    at: 'user-make',
    write: { 'User name': 'other', 'E-mail address': 'ada@example.com', Password: 'long enough it is' },
    send: 'Make the user',
    wrong: ['E-mail address'],
  },
  {
    what: 'a provider by hand',
    at: 'provider-by-hand',
    write: { Identifier: 'acme-two', Description: LONG },
    send: 'Add and test',
    wrong: ['Name', 'Description'],
  },
  {
    what: 'a provider at no address',
    at: 'provider-by-hand',
    write: { Identifier: 'acme-two', Name: 'A', Address: 'nowhere' },
    send: 'Add and test',
    wrong: ['Address'],
  },
  {
    what: 'a provider without a key',
    at: 'provider-by-hand',
    write: { Identifier: 'acme-two', Name: 'A', Address: 'https://a.example.com/v1' },
    send: 'Add and test',
    wrong: ['API key'],
  },
  {
    what: 'a provider of no good identifier',
    at: 'provider-by-hand',
    write: { Identifier: 'Not Good', Name: 'A', Address: 'https://a.example.com/v1', 'API key': 'canary-0123456789' },
    send: 'Add and test',
    wrong: ['Identifier'],
  },
  {
    what: 'a provider of an identifier that is taken',
    at: 'provider-by-hand',
    write: {
      Identifier: NAMED.provider,
      Name: 'A',
      Address: 'https://a.example.com/v1',
      'API key': 'canary-0123456789',
    },
    send: 'Add and test',
    wrong: ['Identifier'],
  },
  {
    what: 'a provider from a template',
    at: 'provider-from-template',
    write: { Identifier: 'Not Good' },
    send: 'Add and test',
    wrong: ['Identifier'],
  },
  {
    what: 'a provider from a template, of too long a name and without a key',
    at: 'provider-from-template',
    write: { Name: LONG },
    send: 'Add and test',
    wrong: ['Name'],
  },
  {
    what: 'a provider from a template, without a key',
    at: 'provider-from-template',
    send: 'Add and test',
    wrong: ['API key'],
  },
  {
    what: 'a provider from a template, at no address',
    at: 'provider-from-template',
    write: { Address: 'nowhere', 'API key': 'canary-0123456789' },
    send: 'Add and test',
    wrong: ['Address'],
  },
  {
    what: 'a change of a provider',
    at: 'provider-change',
    write: { Name: '', Description: LONG },
    send: 'Save',
    wrong: ['Name', 'Description'],
  },
  {
    what: 'a provider that moves nowhere',
    at: 'provider-change',
    write: { Address: 'nowhere' },
    send: 'Save',
    wrong: ['Address'],
  },
  { what: 'a model of nobody', at: 'model-add', send: 'Add', wrong: ['Provider'] },
  {
    what: 'a model',
    at: 'model-add',
    choose: { Provider: NAMED.provider },
    write: { Identifier: '', Name: '', Context: 'many', 'Price of input': 'dear', 'Price of output': '-1' },
    send: 'Add',
    wrong: ['Identifier', 'Name', 'Context', 'Price of input', 'Price of output'],
  },
  {
    what: 'a model that is there already',
    at: 'model-add',
    choose: { Provider: NAMED.provider },
    write: { Identifier: NAMED.model, Name: 'A', Context: '1000' },
    send: 'Add',
    wrong: ['Identifier'],
  },
  {
    what: 'a change of a model',
    at: 'model-change',
    write: { Name: '', Context: '0', 'Price of input': '1' },
    send: 'Save',
    wrong: ['Name', 'Context', 'Price of output'],
  },
  {
    what: 'a template',
    at: 'template-make',
    write: { Description: LONG, Category: LONG },
    send: 'Make',
    wrong: ['Name', 'Category', 'Description', 'Name of the provider', 'Identifier', 'Name', 'Context'],
  },
  {
    what: 'a template of a provider at no address',
    at: 'template-change',
    write: { Address: 'nowhere' },
    send: 'Save',
    wrong: ['Address'],
  },
  {
    what: 'a copy of a template',
    at: 'template-copy',
    write: { Name: '' },
    send: 'Copy',
    wrong: ['Name'],
  },
  {
    what: 'a copy of a template under a name that is taken',
    at: 'template-copy',
    write: { Name: NAMED.template },
    send: 'Copy',
    wrong: ['Name'],
  },
  {
    what: 'a mapping',
    at: 'mapping-add',
    write: { Name: '', Model: '', Priority: 'first', Description: LONG },
    send: 'Add',
    wrong: ['Name', 'Provider', 'Model', 'Priority', 'Description'],
  },
  {
    what: 'a mapping of a name that is taken',
    at: 'mapping-add',
    choose: { Provider: 'simulator' },
    tick: ['For everybody'],
    write: { Name: NAMED.mapping, Model: 'echo' },
    send: 'Add',
    wrong: ['Name'],
  },
  {
    what: 'a change of a mapping',
    at: 'mapping-change',
    write: { Model: '', Priority: '1.5' },
    send: 'Save',
    wrong: ['Model', 'Priority'],
  },
  { what: 'an account of nobody', at: 'account-add', send: 'Add the account', wrong: ['Provider'] },
  {
    what: 'an account',
    at: 'account-add',
    choose: { Provider: 'groq' },
    write: { Name: LONG, 'Requests a minute': 'many' },
    send: 'Add the account',
    wrong: ['Name', 'Requests a minute'],
  },
  {
    what: 'an account without a credential',
    at: 'account-add',
    choose: { Provider: 'groq' },
    send: 'Add the account',
    wrong: ['API key'],
  },
  {
    what: 'a change of an account',
    at: 'account-change',
    write: { Name: LONG, 'Tokens a day': '-1' },
    send: 'Save',
    wrong: ['Name', 'Tokens a day'],
  },
  {
    what: 'the share of an account',
    at: 'account-change',
    write: { Weight: 'heavy' },
    send: 'Save',
    wrong: ['Weight'],
  },
  {
    what: 'a proxy',
    at: 'proxy-add',
    write: { 'Accounts at most': 'many', Weight: '-1', Name: LONG },
    send: 'Add the proxy',
    wrong: ['Name', 'Accounts at most', 'Weight'],
  },
  {
    what: 'a proxy of another kind',
    at: 'proxy-add',
    write: { Address: 'gopher://nowhere' },
    send: 'Add the proxy',
    wrong: ['Address'],
  },
  {
    what: 'a change of a proxy',
    at: 'proxy-change',
    write: { Priority: '1.5', 'Down after failures': '0' },
    send: 'Save',
    wrong: ['Priority', 'Down after failures'],
  },
  {
    what: 'a proxy that moves nowhere',
    at: 'proxy-change',
    write: { Address: '' },
    send: 'Save',
    wrong: ['Address'],
  },
  {
    what: 'a key',
    at: 'key-make',
    write: {
      Name: LONG,
      'Requests a minute': 'many',
      'Budget in US dollars': '-1',
    },
    send: 'Make the key',
    wrong: ['Name', 'Requests a minute', 'Budget in US dollars'],
  },
  {
    what: 'a key that has ended already',
    at: 'key-make',
    write: { Ends: '2001-01-01T00:00' },
    send: 'Make the key',
    wrong: ['Ends'],
  },
  {
    what: 'a change of a key',
    at: 'key-change',
    write: { 'Calls at a time': '0', 'Tell me from, in US dollars': 'soon' },
    send: 'Save',
    wrong: ['Calls at a time', 'Tell me from, in US dollars'],
  },
  {
    what: 'a backup',
    at: 'backup-make',
    tick: ['Secrets, sealed'],
    write: { Passphrase: 'short' },
    send: 'Make the backup',
    wrong: ['Passphrase'],
  },
  {
    what: 'an export',
    at: '/transfer',
    tick: ['Secrets, sealed'],
    write: { Passphrase: 'short' },
    send: 'Download',
    wrong: ['Passphrase'],
  },
  {
    what: 'how providers are watched',
    at: '/settings?view=running',
    write: {
      'Check every': '1',
      'Wait for an answer': 'long',
      'Slow from': '-1',
      'Failing from': '101',
      'Uptime at least': 'always',
    },
    send: 'Save',
    wrong: ['Check every', 'Wait for an answer', 'Slow from', 'Failing from', 'Uptime at least'],
  },
  {
    what: 'a brief for a deck',
    at: '/generation',
    write: { Topic: '', Slides: 'many', Language: 'no language', Document: 'nowhere' },
    send: 'Make the outline',
    wrong: ['Topic', 'Slides', 'Language', 'Document'],
  },
  {
    what: 'the key of the first steps',
    at: '/first-run?step=key',
    write: { Name: LONG },
    send: 'Make the key',
    wrong: ['Name'],
  },
];

/** What each field says is wrong with it, by its name. */
const saidBeside = (page: Page): Promise<readonly (readonly [label: string, note: string])[]> =>
  page.locator('[aria-invalid=true]').evaluateAll((controls) =>
    controls.map((control) => {
      const label = document.querySelector(`label[for="${control.id}"]`)?.firstChild?.textContent ?? '';
      const note = document.getElementById(control.getAttribute('aria-describedby') ?? '')?.textContent ?? '';
      return [label, note] as const;
    }),
  );

describe('what is wrong in a form', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let window: Window;
  let furniture: Furniture;
  before(async () => {
    stage = await startConsole({ OPENROUTER_API_KEY: 'sk-or-canary', OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1' });
    furniture = await furnish(stage);
    window = await stage.open();
    window.page.setDefaultTimeout(5000);
    await window.signIn();
  });
  after(async () => {
    await window.close();
    await stage.close();
  });

  const fill = async ({ choose = {}, tick = [], write = {} }: Case): Promise<void> => {
    const { page } = window;
    for (const [label, choice] of Object.entries(choose)) {
      await page.getByRole('combobox', { name: label, exact: true }).last().click();
      await page.getByPlaceholder('Search…').fill(choice);
      await page.locator('[cmdk-item]').first().click();
    }
    for (const label of tick) await page.getByLabel(label, { exact: true }).click();
    for (const [label, text] of Object.entries(write))
      await page
        .locator('label', { hasText: new RegExp(`^${label}(?:optional)?$`) })
        .last()
        .evaluate((found: HTMLLabelElement) => found.htmlFor)
        .then((id) => page.locator(`[id="${id}"]`).fill(text));
  };

  /** Sends the form, and looks where its refusal is told. */
  const assertBeside = async (send: string, wrong: readonly string[]): Promise<void> => {
    const { page } = window;
    const refused = page.waitForResponse((answer) => answer.status() >= 400);
    await page.getByRole('button', { name: send, exact: true }).click();
    const answer = await (await refused).text();
    await page.getByRole('alert').first().waitFor();
    const said = await saidBeside(page);
    assert.deepEqual(said.map(([label]) => label).toSorted(), wrong.toSorted(), answer);
    for (const [label, note] of said)
      assert.ok(note !== '' && answer.includes(JSON.stringify(note).slice(1, -1)), `${label}: ${note}\n${answer}`);
    // Nothing of it is said a second time elsewhere.
    const alerts = await page.getByRole('alert').allTextContents();
    assert.deepEqual(alerts.toSorted(), said.map(([, note]) => note).toSorted());
  };

  for (const each of CASES)
    it(`stands beside its field in the API’s own words: ${each.what}`, async () => {
      const opener = openersOf(furniture).find(({ name }) => name === each.at);
      await window.visit(opener?.path ?? each.at);
      if (opener !== undefined) await open(window.page, opener);
      await fill(each);
      await assertBeside(each.send, each.wrong);
    });

  it('can be put right and sent again, also where a name is taken by another', async () => {
    const ask = await askAs(stage);
    const rows = (await ask('GET', '/api/admin/provider-templates?isSystem=false'))['data'] as readonly object[];
    const { name, providerConfig, defaultModels } = rows[0] as Readonly<Record<string, unknown>>;
    await ask('POST', '/api/admin/provider-templates', { name: 'Taken', providerConfig, defaultModels });
    const opener = openersOf(furniture).find((each) => each.name === 'template-change') ?? assert.fail();
    await window.visit(opener.path);
    await open(window.page, opener);
    const named = window.page.getByLabel('Name', { exact: true }).first();
    await named.fill('Taken');
    await assertBeside('Save', ['Name']);
    await named.fill(String(name));
    await window.page.getByRole('button', { name: 'Save', exact: true }).click();
    await window.page.getByText('was changed').waitFor();
  });

  it('stands beside the passphrase that does not open a backup', async () => {
    const ask = await askAs(stage);
    const sealed = { includeCredentials: true, encryptionKey: 'canary passphrase' };
    const { id } = await ask('POST', '/api/admin/providers/backup', sealed);
    const opener = openersOf({ ...furniture, backup: String(id).slice(0, 8) });
    await window.visit('/transfer?tab=backups');
    await open(window.page, opener.find(({ name }) => name === 'backup-restore') ?? assert.fail());
    await assertBeside('Preview the changes', ['Passphrase']);
    await window.page.getByLabel('Passphrase').fill('canary another one');
    await assertBeside('Preview the changes', ['Passphrase']);
  });

  it('stands beside the passphrase that does not open a file', async () => {
    const ask = await askAs(stage);
    const sealed = await ask('POST', '/api/admin/providers/export', {
      includeCredentials: true,
      passphrase: 'canary passphrase',
    });
    await window.visit('/transfer?tab=import');
    const file = { name: 'sealed.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(sealed)) };
    await window.page.locator('input[type=file]').setInputFiles(file);
    await assertBeside('Preview the changes', ['Passphrase']);
    await window.page.getByLabel('Passphrase').fill('canary another one');
    await assertBeside('Preview the changes', ['Passphrase']);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { askAs, type AskGateway } from './support/ask-gateway.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';
import { furnish, NAMED, type Furniture } from './support/furnish.ts';
import { open, openersOf } from './support/openers.ts';

/** Something that destroys, and what becomes of what it destroyed. */
interface Act {
  readonly what: string;
  readonly opener: string;
  /** What has to be written. */
  readonly name: (furniture: Furniture) => string;
  /** The button that does it. */
  readonly confirm: string;
  /** Whether it is there, as the API tells. */
  readonly isThere: (ask: AskGateway, furniture: Furniture) => Promise<boolean>;
  /** What the dialog says of taking it back. */
  readonly says: RegExp;
  readonly canUndo: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/** Whether a list of the API has a row of the id. */
const inList =
  (path: string, thing: keyof Furniture, isIt: (row: Row) => boolean = () => true): Act['isThere'] =>
  async (ask, furniture) => {
    const answer = await ask('GET', path);
    const rows = (answer['data'] ?? answer['users'] ?? answer['backups']) as readonly Row[];
    return rows.some((row) => String(row['id']).startsWith(furniture[thing]) && isIt(row));
  };

const CAN = /It can be undone for a moment/;

const ACTS: readonly Act[] = [
  {
    what: 'a user',
    opener: 'user-delete',
    name: () => NAMED.user,
    confirm: 'Delete user',
    isThere: async (ask) =>
      ((await ask('GET', '/api/admin/users?search=ada'))['data'] as readonly Row[]).some(
        ({ username }) => username === NAMED.user,
      ),
    says: /cannot be undone: the password is known to nobody else/,
    canUndo: false,
  },
  {
    what: 'a model',
    opener: 'model-delete',
    name: () => NAMED.model,
    confirm: 'Delete model',
    isThere: async (ask) =>
      ((await ask('GET', '/api/admin/models?search=acme'))['data'] as readonly Row[]).some(
        ({ identifier }) => identifier === NAMED.model,
      ),
    says: CAN,
    canUndo: true,
  },
  {
    what: 'a provider',
    opener: 'provider-delete',
    name: () => NAMED.provider,
    confirm: 'Delete provider',
    isThere: async (ask) =>
      ((await ask('GET', '/api/admin/providers?search=acme'))['data'] as readonly Row[]).some(
        ({ identifier }) => identifier === NAMED.provider,
      ),
    says: CAN,
    canUndo: true,
  },
  {
    what: 'a template',
    opener: 'template-delete',
    name: () => NAMED.template,
    confirm: 'Delete template',
    isThere: async (ask) =>
      ((await ask('GET', '/api/admin/provider-templates?isSystem=false'))['data'] as readonly Row[]).some(
        ({ name }) => name === NAMED.template,
      ),
    says: CAN,
    canUndo: true,
  },
  {
    what: 'a mapping',
    opener: 'mapping-delete',
    name: () => NAMED.mapping,
    confirm: 'Delete name',
    isThere: async (ask) =>
      ((await ask('GET', '/api/v1/model-mappings'))['data'] as readonly Row[]).some(
        ({ alias }) => alias === NAMED.mapping,
      ),
    says: CAN,
    canUndo: true,
  },
  {
    what: 'an account',
    opener: 'account-delete',
    name: () => NAMED.account,
    confirm: 'Delete account',
    isThere: inList('/api/v1/accounts', 'account'),
    says: /credential goes with it and cannot be brought back/,
    canUndo: false,
  },
  {
    what: 'a proxy',
    opener: 'proxy-delete',
    name: () => NAMED.proxy,
    confirm: 'Delete proxy',
    isThere: inList('/api/v1/proxies', 'proxy'),
    says: /cannot be undone: its password goes with it/,
    canUndo: false,
  },
  {
    what: 'a key',
    opener: 'key-revoke',
    name: () => NAMED.key,
    confirm: 'Revoke key',
    isThere: inList('/api/v1/api-keys', 'key', ({ is_active: isActive }) => isActive === true),
    says: /can be switched on again/,
    canUndo: true,
  },
  {
    what: 'a backup',
    opener: 'backup-delete',
    name: ({ backup }) => backup,
    confirm: 'Delete backup',
    isThere: inList('/api/admin/providers/backups', 'backup'),
    says: /cannot be undone: download it first/,
    canUndo: false,
  },
];

describe('what destroys', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let furniture: Furniture;
  let window: Window;
  let ask: AskGateway;
  before(async () => {
    stage = await startConsole();
    furniture = await furnish(stage);
    ask = await askAs(stage);
    window = await stage.open();
    await window.signIn();
  });
  after(async () => {
    await window.close();
    await stage.close();
  });

  const openBy = async (name: string): Promise<void> => {
    const opener = openersOf(furniture).find((each) => each.name === name) ?? assert.fail(name);
    await window.visit(opener.path);
    await open(window.page, opener);
  };

  /** Tries by every way that a form is sent, and says whether anything was asked of the gateway. */
  const isHeld = async (confirm: string): Promise<boolean> => {
    const { page } = window;
    const asked: string[] = [];
    const note = (request: { method(): string; url(): string }): void => {
      if (request.method() !== 'GET') asked.push(request.url());
    };
    page.on('request', note);
    await page.getByLabel(/to confirm$/).press('Enter');
    await page.getByRole('button', { name: confirm, exact: true }).click({ force: true });
    // Sent by a script as by a browser that knows no disabled buttons.
    await page.getByLabel(/to confirm$/).evaluate((input: HTMLInputElement) => input.form?.requestSubmit());
    await page.waitForLoadState('networkidle');
    page.off('request', note);
    return asked.length === 0;
  };

  for (const { what, opener, name, confirm, isThere, says, canUndo } of ACTS)
    it(`asks for the name first, and says whether it can be undone: ${what}`, async () => {
      const { page } = window;
      await openBy(opener);
      const dialog = page.getByRole('dialog');
      await dialog.getByText(says).waitFor();
      const written = page.getByLabel(/to confirm$/);
      for (const wrong of ['', 'x', `${name(furniture)}x`, name(furniture).slice(0, -1)]) {
        await written.fill(wrong);
        assert.ok(await isHeld(confirm), `“${wrong}” was taken`);
      }
      assert.equal(await isThere(ask, furniture), true);
      await written.fill(name(furniture));
      await written.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      assert.equal(await isThere(ask, furniture), false);
      const undo = page.getByRole('button', { name: 'Undo' });
      await page
        .getByRole('listitem')
        .filter({ hasText: /deleted|removed|opens nothing|gone/i })
        .first()
        .waitFor();
      assert.equal(await undo.count(), canUndo ? 1 : 0);
      if (canUndo) {
        await undo.click();
        await page
          .getByText(/as it was/)
          .first()
          .waitFor();
        assert.equal(await isThere(ask, furniture), true);
      }
      window.assertSound();
    });

  it('asks for the name of a backup before it is restored, and keeps one of before', async () => {
    const { id } = await ask('POST', '/api/admin/providers/backup', {});
    furniture = { ...furniture, backup: String(id).slice(0, 8) };
    await ask('PUT', '/api/admin/providers/acme', { name: 'Changed since' });
    const backups = async (): Promise<number> => Number((await ask('GET', '/api/admin/providers/backups'))['total']);
    const before = await backups();
    await openBy('backup-restore');
    const { page } = window;
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    const written = page.getByLabel(/to confirm$/);
    await written.waitFor();
    for (const wrong of ['', 'x', furniture.backup.slice(0, -1)]) {
      await written.fill(wrong);
      assert.ok(await isHeld('Restore'), `“${wrong}” was taken`);
    }
    assert.equal((await ask('GET', '/api/admin/providers/acme'))['name'], 'Changed since');
    await written.fill(furniture.backup);
    await written.press('Enter');
    await page.getByRole('dialog', { name: `Backup ${furniture.backup} was restored` }).waitFor();
    assert.equal((await ask('GET', '/api/admin/providers/acme'))['name'], NAMED.provider);
    assert.equal(await backups(), before + 1);
    window.assertSound();
  });

  it('asks before what is old is removed, and says that it is nowhere else', async () => {
    await openBy('clean-up');
    const { page } = window;
    await page.getByText('This cannot be undone: it is nowhere else.').waitFor();
    await page.getByText('kept for 90 days').waitFor();
    const written = page.getByLabel(/to confirm$/);
    for (const wrong of ['', 'clean']) {
      await written.fill(wrong);
      assert.ok(await isHeld('Clean up'), `“${wrong}” was taken`);
    }
    await written.fill('clean up');
    await written.press('Enter');
    await page.getByRole('dialog', { name: 'Cleaned up' }).waitFor();
    window.assertSound();
  });
});

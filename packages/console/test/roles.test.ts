import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Locator, Page } from 'playwright-core';

import { askAs } from './support/ask-gateway.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';
import { furnish, NAMED, type Furniture } from './support/furnish.ts';
import { makeTraffic } from './support/make-traffic.ts';

const ROLES = ['admin', 'developer', 'user', 'provider', 'viewer'] as const;
type Role = (typeof ROLES)[number];

/** Who sees a page at all; of every act on it, these and no others are asked. */
const EVERYBODY: readonly Role[] = ROLES;
const CALLERS: readonly Role[] = ['admin', 'developer', 'user'];
const KEEPERS: readonly Role[] = [...CALLERS, 'provider'];
const ADMIN: readonly Role[] = ['admin'];

/** Something that can be done on a page, and by whom. */
interface Act {
  readonly what: string;
  readonly by: readonly Role[];
  readonly find: (page: Page) => Locator;
}

const button = (name: string | RegExp, by: readonly Role[]): Act => ({
  what: String(name),
  by,
  find: (page) => page.getByRole('button', { name, exact: typeof name === 'string' }),
});
const within = (what: string, by: readonly Role[], find: Act['find']): Act => ({ what, by, find });

/** A place with all that is done there. */
interface Place {
  readonly path: string;
  readonly seenBy: readonly Role[];
  readonly acts: readonly Act[];
}

const menuOf = (name: string) => `What to do with ${name}`;

const placesOf = ({ template }: Furniture): readonly Place[] => [
  {
    path: '/users',
    seenBy: ADMIN,
    acts: [button('Make a user', ADMIN), button(menuOf(NAMED.user), ADMIN)],
  },
  {
    path: '/providers?search=acme',
    seenBy: ADMIN,
    acts: [button('Add a provider', ADMIN), button(menuOf(NAMED.provider), ADMIN)],
  },
  {
    path: '/models?search=acme',
    seenBy: EVERYBODY,
    acts: [
      button('Add a model', ADMIN),
      button('Discover', ADMIN),
      button(menuOf(NAMED.model), ADMIN),
      within('mark', ADMIN, (page) => page.getByRole('checkbox', { name: `Mark ${NAMED.model}` })),
    ],
  },
  {
    path: `/templates?template=${template}`,
    seenBy: ['admin', 'developer', 'user', 'viewer'],
    acts: [
      within('make', ADMIN, (page) => page.locator('button', { hasText: 'Make a template' })),
      button('Change', ADMIN),
      button('Add a provider', ADMIN),
    ],
  },
  {
    path: '/mappings',
    seenBy: CALLERS,
    acts: [
      button('Add a name', CALLERS),
      button('Try a name', CALLERS),
      button(menuOf(NAMED.mapping), ADMIN),
      button(menuOf('name-of-the-user'), ['admin', 'user']),
    ],
  },
  {
    path: '/accounts',
    seenBy: KEEPERS,
    acts: [
      button('Add an account', KEEPERS),
      button('Sign in…', KEEPERS), // Users keep their own; whoever keeps accounts alive reaches all of them.
      button(menuOf(NAMED.account), ['admin', 'provider']),
      button(/: change that$/, ADMIN),
      button(menuOf('Account of the-user'), ['admin', 'user', 'provider']),
    ],
  },
  {
    path: '/proxies',
    seenBy: ADMIN,
    acts: [button('Add a proxy', ADMIN), button('Recalculate…', ADMIN), button(menuOf(NAMED.proxy), ADMIN)],
  },
  {
    path: '/keys',
    seenBy: CALLERS,
    // A key is its maker's: others do not see it.
    acts: [
      button('Make a key', CALLERS),
      button(menuOf(NAMED.key), ADMIN),
      button(menuOf('Key of the-user'), ['admin', 'user']),
    ],
  },
  {
    path: '/system',
    seenBy: EVERYBODY,
    acts: [button('Check now', ADMIN), button('Clean up…', ADMIN), button('Outlines', ADMIN)],
  },
  {
    path: '/registry',
    seenBy: EVERYBODY,
    acts: [
      button('Read again', ADMIN),
      within('watching', ADMIN, (page) => page.getByRole('link', { name: 'Change' })),
    ],
  },
  {
    path: '/transfer?tab=backups',
    seenBy: ADMIN,
    acts: [button('Make a backup', ADMIN), button(/^What to do with backup/, ADMIN)],
  },
  {
    path: '/generation',
    seenBy: CALLERS,
    acts: [button('Make the outline', CALLERS)],
  },
  {
    path: '/playground',
    seenBy: CALLERS,
    acts: [within('say', CALLERS, (page) => page.getByRole('textbox', { name: 'Message' }))],
  },
  {
    path: '/settings?view=running',
    seenBy: ADMIN,
    acts: [button('Save', ADMIN)],
  },
  {
    path: '/doctor',
    seenBy: ADMIN,
    acts: [button('Look again', ADMIN), button('Support bundle', ADMIN)],
  },
];

/** Entries of a menu that not everybody has who has the menu. */
const ENTRIES: readonly { readonly entry: string; readonly by: readonly Role[] }[] = [
  { entry: 'Change…', by: ['admin', 'user', 'provider'] },
  { entry: 'Delete…', by: ['admin', 'user'] },
];

/** Addresses of what is somebody else's, and what is said there to a user. */
const ELSEWHERE = (furniture: Furniture): readonly { readonly path: string; readonly says: RegExp | undefined }[] => [
  { path: '/traffic/of-the-stage-3', says: /is not in the log|no request|no call/i },
  { path: `/keys?key=${furniture.key}`, says: undefined },
  { path: `/accounts?account=${furniture.account}`, says: undefined },
  { path: `/providers?provider=${furniture.provider}`, says: /does not include providers \(providers:read\)/ },
  { path: '/users?user=1', says: /does not include users \(users:read\)/ },
];

describe('what a role can do inside the pages', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let furniture: Furniture;
  const windows = new Map<Role, Window>();
  before(async () => {
    stage = await startConsole();
    furniture = await furnish(stage);
    await makeTraffic(stage);
    for (const role of ROLES) {
      if (role !== 'admin') await stage.addUser(`the-${role}`, role);
      const window = await stage.open();
      await window.signIn(role === 'admin' ? 'admin' : `the-${role}`);
      windows.set(role, window);
    }
    const own = await askAs(stage, 'the-user');
    await own('POST', '/api/v1/accounts', {
      provider_id: 'groq',
      label: 'Account of the-user',
      auth_data: { api_key: 'canary-account-0123456789' },
    });
    await own('POST', '/v1/api-keys', { label: 'Key of the-user' });
    await own('POST', '/api/v1/model-mappings', {
      alias: 'name-of-the-user',
      provider_id: 'simulator',
      model_name: 'echo',
    });
  });
  after(() => stage.close());

  const windowOf = (role: Role): Window => windows.get(role) ?? assert.fail(role);

  for (const role of ROLES)
    it(`is what docs/permissions.md says: ${role}`, async () => {
      const window = windowOf(role);
      const { page } = window;
      for (const { path, seenBy, acts } of placesOf(furniture)) {
        await window.visit(path);
        const isSeen = (await page.getByText('Not for this account').count()) === 0;
        assert.equal(isSeen, seenBy.includes(role), path);
        const offered: string[] = [];
        for (const { what, find } of acts) if ((await find(page).count()) > 0) offered.push(what);
        assert.deepEqual(
          offered,
          acts.filter(({ by }) => by.includes(role)).map(({ what }) => what),
          path,
        );
        await window.assertAccessible();
      }
      window.assertSound();
    });

  for (const { entry, by } of ENTRIES)
    it(`has in the menu of an account: ${entry}`, async () => {
      for (const role of ['admin', 'user', 'provider'] as const) {
        const { page, visit } = windowOf(role);
        await visit('/accounts');
        await page.getByRole('button', { name: menuOf('Account of the-user') }).click();
        await page.getByRole('menu').waitFor();
        assert.equal(await page.getByRole('menuitem', { name: entry }).count(), by.includes(role) ? 1 : 0, role);
        await page.keyboard.press('Escape');
      }
    });

  it('does not reach what is somebody else’s by its address', async () => {
    const window = windowOf('user');
    for (const { path, says } of ELSEWHERE(furniture)) {
      await window.visit(path);
      if (says !== undefined) await window.page.getByText(says).first().waitFor();
      assert.equal(await window.page.getByRole('dialog').count(), 0, path);
    }
    window.assertSound();
  });

  it('is what another role may do as soon as one is given it, in a form that is open, too', async () => {
    await stage.addUser('turned', 'user');
    const window = await stage.open();
    await window.signIn('turned');
    await window.visit('/keys');
    const { page } = window;
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('too late');
    const admin = await askAs(stage);
    const { data } = (await admin('GET', '/api/admin/users?search=turned')) as { data: readonly { id: string }[] };
    await admin('PUT', `/api/admin/users/${data[0]?.id}/role`, { role: 'viewer' });
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('The role viewer does not include keys (api-keys:own). Ask an administrator.').waitFor();
    await page
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('link', { name: 'Keys' })
      .waitFor({ state: 'detached' });
    window.assertSound();
    await window.close();
  });
});

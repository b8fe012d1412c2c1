import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { ALL_PATHS } from './support/all-paths.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type WindowOptions } from './support/console-browser.ts';
import { makeTraffic } from './support/make-traffic.ts';

const VIEWS: readonly Required<Pick<WindowOptions, 'width' | 'theme'>>[] = [
  { width: 1440, theme: 'light' },
  { width: 360, theme: 'dark' },
];

/** What the gateway is and offers. */
const OF_ALL = ['/models', '/system', '/registry'];
const OF_USERS = [
  ...OF_ALL,
  '/',
  '/traffic',
  '/playground',
  '/templates',
  '/mappings',
  '/accounts',
  '/keys',
  '/generation',
];

/** Pages that each role sees; every other page says that it does not. */
const SEEN = {
  admin: ALL_PATHS,
  developer: OF_USERS,
  user: OF_USERS,
  provider: [...OF_ALL, '/accounts'],
  viewer: [...OF_ALL, '/templates'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const ROLES = Object.keys(SEEN) as (keyof typeof SEEN)[];

const BUILT = new URL('../../gateway/assets/console/', import.meta.url);
const FIRST_LOAD_BYTES = 200_000;

describe('every page', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    for (const role of ROLES) if (role !== 'admin') await stage.addUser(`the-${role}`, role);
  });
  after(() => stage.close());

  for (const view of VIEWS)
    it(`is sound and accessible, ${view.theme} and ${view.width} pixels wide`, async () => {
      const window = await stage.open(view);
      await window.visit('/sign-in');
      await window.assertAccessible();
      await window.signIn();
      for (const path of ALL_PATHS) {
        await window.visit(path);
        window.assertSound();
        await window.assertAccessible();
        const overflow = await window.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, `${path} is wider than its window`);
      }
      await window.close();
    });

  it('is the overview with less than 200 kB of gzipped script, all that it loads by itself', async () => {
    // Without calls there is nothing to draw, and what draws is not loaded.
    await makeTraffic(stage);
    const window = await stage.open();
    await window.signIn();
    await window.visit('/');
    await window.page.locator('canvas').first().waitFor();
    const scripts = await window.page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).pathname)
        .filter((path) => path.endsWith('.js')),
    );
    const files = [...new Set(scripts)].map((path) => new URL(`.${path}.gz`, BUILT));
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    const total = sizes.reduce((sum, each) => sum + each, 0);
    // The framework alone is half of it: less would mean that nothing was looked at.
    assert.ok(total > FIRST_LOAD_BYTES / 2 && total < FIRST_LOAD_BYTES, `${total} bytes in ${scripts.join(', ')}`);
    await window.close();
  });

  for (const role of ROLES)
    it(`is shown to the role ${role} where that may see it, and says otherwise that it may not`, async () => {
      const window = await stage.open();
      await window.signIn(role === 'admin' ? 'admin' : `the-${role}`);
      const { page } = window;
      const refusal = page.getByText('Not for this account');
      const seen: string[] = [];
      for (const path of ALL_PATHS) {
        await page.goto(path, { waitUntil: 'commit' });
        await page.locator('h1').waitFor();
        // What a page may show, it begins with: nothing that is refused is asked for.
        const shown = page.locator('[role=grid], [aria-busy], form, section, main ul, main button').first();
        await refusal.or(shown).first().waitFor();
        if ((await refusal.count()) === 0) seen.push(path);
      }
      assert.deepEqual(seen.toSorted(), [...SEEN[role]].toSorted());
      await window.settle();
      const links = page.getByRole('navigation', { name: 'Sections' }).getByRole('link');
      const led = await links.evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''));
      const expected = SEEN[role].filter((path) => path !== '/first-run');
      assert.deepEqual(led.toSorted(), [...new Set([...expected, '/', '/docs'])].toSorted());
      window.assertSound();
      await window.close();
    });

  it('of the management is refused by the gateway itself, not by the page alone', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    const asked = ['/api/admin/users', '/api/admin/providers', '/api/v1/accounts', '/api/system/audit', '/api/v1/logs'];
    const answers = await window.page.evaluate(
      (paths) => Promise.all(paths.map(async (path) => (await fetch(path)).status)),
      asked,
    );
    assert.deepEqual(answers, [403, 403, 403, 403, 403]);
    await window.close();
  });
});

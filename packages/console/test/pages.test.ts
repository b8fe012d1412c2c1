import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ALL_PATHS } from './support/all-paths.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type WindowOptions } from './support/console-browser.ts';

const VIEWS: readonly Required<Pick<WindowOptions, 'width' | 'theme'>>[] = [
  { width: 1440, theme: 'light' },
  { width: 360, theme: 'dark' },
];

const ROLES = ['admin', 'developer', 'user', 'provider', 'viewer'] as const;

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

  for (const role of ROLES)
    it(`is shown to the role ${role}, or kept from it in words`, async () => {
      const window = await stage.open();
      await window.signIn(role === 'admin' ? 'admin' : `the-${role}`);
      const links = await window.page.getByRole('navigation', { name: 'Sections' }).getByRole('link').allInnerTexts();
      assert.equal(links.includes('Users'), role === 'admin');
      assert.ok(links.includes('Overview'));
      for (const path of ['/users', '/audit', '/']) {
        await window.visit(path);
        window.assertSound();
      }
      await window.visit('/users');
      const refusals = await window.page.getByText('Not for this account').count();
      assert.equal(refusals, role === 'admin' ? 0 : 1);
      await window.close();
    });
});

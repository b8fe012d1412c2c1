import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';
import { furnish, NAMED } from './support/furnish.ts';

/** A change that takes its row out of the list, as it is filtered. */
interface Change {
  readonly path: string;
  readonly thing: string;
  readonly item: string;
  /** The request that makes the change. */
  readonly request: string;
  readonly told: string;
}

const CHANGES: readonly Change[] = [
  {
    path: '/users?role=user',
    thing: NAMED.user,
    item: 'Role viewer',
    request: '**/api/admin/users/*/role',
    told: 'ada is viewer now.',
  },
  {
    path: '/providers?status=active&search=acme',
    thing: NAMED.provider,
    item: 'Switch off',
    request: '**/api/admin/providers/*/status',
    told: 'acme is switched off.',
  },
  {
    path: '/models?status=active&search=acme',
    thing: NAMED.model,
    item: 'Switch off',
    request: '**/api/admin/models/*/status',
    told: 'acme-large is switched off.',
  },
];

describe('a change whose row has left the list', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let window: Window;
  before(async () => {
    stage = await startConsole();
    await furnish(stage);
    window = await stage.open();
    await window.signIn();
  });
  after(() => stage.close());

  for (const { path, thing, item, request, told } of CHANGES)
    it(`is told all the same, and may be taken back: ${item} at ${path}`, async () => {
      await window.visit(path);
      const { page } = window;
      const row = page.getByRole('row').filter({ hasText: thing });
      const left = Promise.withResolvers<void>();
      // The answer is on its way for as long as the row is there: what was told of the change takes it out first.
      await page.route(request, async (route) => {
        const response = await route.fetch();
        await left.promise;
        await route.fulfill({ response });
      });
      await page.getByRole('button', { name: `What to do with ${thing}` }).click();
      await page.getByRole('menuitem', { name: item }).click();
      await row.waitFor({ state: 'detached' });
      left.resolve();
      await page.getByText(told).waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('It is as it was before.').waitFor();
      await row.waitFor();
      window.assertSound();
    });
});

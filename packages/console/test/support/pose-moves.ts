import type { Page } from 'playwright-core';

import type { Window } from './console-browser.ts';

/** Goes to a page and presses buttons, one after the other. */
export const press =
  (path: string, ...buttons: readonly (string | RegExp)[]) =>
  async ({ page, visit }: Window): Promise<void> => {
    await visit(path);
    for (const name of buttons)
      // One opens what the next stands in.
      // oxlint-disable-next-line no-await-in-loop
      await page.getByRole('button', { name }).or(page.getByRole('menuitem', { name })).first().click();
    await atRest(page);
  };

/** Goes to a page and opens the row with a text. */
export const openRow =
  (path: string, text: string | RegExp) =>
  async ({ page, visit }: Window): Promise<void> => {
    await visit(path);
    await page.getByRole('row').filter({ hasText: text }).first().click();
    await page.getByRole('dialog').waitFor();
    await atRest(page);
  };

/** Goes to a page and to one of its tabs. */
export const openTab =
  (path: string, name: string) =>
  async ({ page, visit }: Window): Promise<void> => {
    await visit(path);
    await page.getByRole('tab', { name }).or(page.getByRole('radio', { name })).first().click();
    await atRest(page);
  };

/** Answers whatever the page asks of the management in one way. */
export const withAnswers =
  (path: string, answer: { readonly status?: number; readonly isMissing?: boolean; readonly isSlow?: boolean }) =>
  async ({ page }: Window): Promise<void> => {
    await page.route(/\/api\/(?!auth|session)/, (route) => {
      if (answer.isSlow === true) return undefined;
      if (answer.isMissing === true) return route.abort();
      const error = { message: 'The store did not answer within 5 seconds.', code: 'INTERNAL_ERROR' };
      return route.fulfill({ status: answer.status ?? 500, json: { success: false, error } });
    });
    await page.goto(path);
    await page.locator('h1').first().waitFor();
    // Two more tries, with pauses that grow.
    if (answer.isSlow !== true) await page.getByRole('alert').first().waitFor();
    await page.evaluate(() => document.fonts.ready);
  };

/** Nothing is on its way any more, and nothing stands for what is to come. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator('.animate-breathe.bg-hover').first().waitFor({ state: 'detached' });
}

/** Two models beside one another, both with an answer. */
export async function askTwo({ page, visit }: Window): Promise<void> {
  await visit('/playground?model=simulator/reasoning&model2=simulator/echo');
  await page.getByLabel('Message').fill('Say **what** rain is:\n\n- water\n- wind\n\n```ts\nconst rain = true;\n```');
  await page.getByLabel('Message').press('Control+Enter');
  await page.locator('article footer').nth(1).waitFor({ state: 'attached' });
  // Marks are read once their reader has come.
  await page.locator('article ul').first().waitFor({ state: 'attached' });
}

/** A deck from its topic to its pictures. */
export async function makeDeck({ page, visit }: Window): Promise<void> {
  await visit('/generation');
  await page.getByLabel('Topic').fill('Solar energy');
  await page.getByLabel('Slides', { exact: true }).fill('3');
  await page.getByRole('button', { name: 'Make the outline' }).click();
  await page.getByRole('button', { name: 'Make the slides' }).click();
  await page.getByRole('button', { name: 'Draw the pictures' }).click();
  await page.getByRole('img').first().waitFor();
  await atRest(page);
}

/** The keyboard stands on the menu of a row. */
export async function focusMenu({ page, visit }: Window): Promise<void> {
  await visit('/users');
  await page
    .getByRole('button', { name: /^What to do with/ })
    .first()
    .focus();
  // Rings are for keys.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
}

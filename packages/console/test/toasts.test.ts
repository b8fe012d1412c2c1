import { after, before, describe, it } from 'node:test';

import { askAs } from './support/ask-gateway.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

const NAME = 'fast';

describe('the way back that a toast offers', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    const ask = await askAs(stage);
    await ask('POST', '/api/v1/model-mappings', { alias: NAME, provider_id: 'simulator', model_name: 'echo' });
  });
  after(() => stage.close());

  const deleteName = async ({ page }: Window): Promise<void> => {
    await page.getByRole('button', { name: `What to do with ${NAME}` }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByLabel(/to confirm/).fill(NAME);
    await page.getByRole('button', { name: 'Delete name' }).click();
    await page.getByText('No names yet').waitFor();
  };

  it('is clicked beside an open sheet, and the sheet stays', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/mappings');
    const { page } = window;
    await deleteName(window);
    await page.getByRole('button', { name: 'Try a name' }).click();
    await page.getByRole('dialog').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It is as it was before.').waitFor();
    await page.getByRole('dialog').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('row').filter({ hasText: NAME }).waitFor();
    await page.getByText('It is as it was before.').waitFor();
    window.assertSound();
    await window.close();
  });

  it('is reached by keys from an open form', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/mappings');
    const { page } = window;
    await deleteName(window);
    await page.getByRole('button', { name: 'Add a name' }).click();
    await page.getByLabel('Name', { exact: true }).focus();
    const undo = page.getByRole('button', { name: 'Undo' });
    await page.keyboard.press('Alt+T');
    for (let step = 0; step < 3 && !(await undo.evaluate((each) => each === document.activeElement)); step += 1)
      // One key after the other.
      // oxlint-disable-next-line no-await-in-loop
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('It is as it was before.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('row').filter({ hasText: NAME }).waitFor();
    await window.assertAccessible();
    window.assertSound();
    await window.close();
  });
});

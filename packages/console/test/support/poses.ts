import type { Window } from './console-browser.ts';
import type { Picture } from './pictures.ts';
import { BUDGETED, LONG_LABEL, LONG_MODEL } from './picture-stage.ts';
import { askTwo, focusMenu, makeDeck, openRow, openTab, press, withAnswers } from './pose-moves.ts';

/** What is long, answers of models, and what goes wrong. Sheets, dialogs and menus of all pages: `openers.ts`. */
export const POSES: readonly Picture[] = [
  { name: 'open-user-menu', pose: openUserMenu },
  { name: 'focus-row-menu', pose: focusMenu },
  { name: 'open-provider-form', pose: press('/providers', 'Add a provider', /^OpenAI/) },
  { name: 'long-provider', pose: openRow('/providers', 'Rocket'), views: 'extreme' },
  { name: 'long-model', pose: openRow('/models?search=organisation', LONG_MODEL.slice(0, 20)), views: 'extreme' },
  { name: 'open-template', pose: openRow('/templates', 'AWS Bedrock') },
  { name: 'long-account', pose: openRow('/accounts', LONG_LABEL.slice(0, 30)), views: 'extreme' },
  { name: 'long-key', pose: openRow('/keys', BUDGETED), views: 'extreme' },
  { name: 'open-toast-beside-key', pose: turnKey },
  { name: 'open-settings-running', pose: openTab('/settings', 'While it runs') },
  { name: 'open-import', pose: openTab('/transfer', 'Import') },
  { name: 'open-backups', pose: openTab('/transfer', 'Backups') },
  { name: 'open-mend', pose: press('/doctor?reach=here', 'Mend') },
  { name: 'open-call', pose: openRow('/traffic?live=off&outcome=5xx', /simulator/), views: 'extreme' },
  { name: 'open-call-wires', pose: openTab('/traffic/moved-on', 'Wires') },
  { name: 'open-call-replay', pose: openTab('/traffic/moved-on', 'Replay') },
  { name: 'playground-two', pose: askTwo, views: 'extreme' },
  { name: 'generation-deck', pose: makeDeck, views: 'extreme' },
  { name: 'not-found', pose: ({ visit }) => visit('/nowhere') },
  ...['/', '/users', '/traffic', '/system', '/doctor'].flatMap((path): readonly Picture[] => {
    const name = path === '/' ? 'overview' : path.slice(1);
    return [
      { name: `error-${name}`, pose: withAnswers(path, {}) },
      { name: `waiting-${name}`, pose: withAnswers(path, { isSlow: true }) },
    ];
  }),
  { name: 'waiting-call', pose: withAnswers('/traffic/moved-on', { isSlow: true }) },
  { name: 'unreachable', pose: withAnswers('/keys', { isMissing: true }) },
  { name: 'forbidden', pose: ({ visit }) => visit('/users'), user: 'viewer-of-the-stage' },
  { name: 'viewer-overview', pose: ({ visit }) => visit('/'), user: 'viewer-of-the-stage' },
];

async function openUserMenu({ page, visit }: Window): Promise<void> {
  await visit('/users');
  const drawer = page.getByRole('button', { name: 'Open the navigation' });
  if (await drawer.isVisible()) await drawer.click();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem').first().waitFor();
}

/** A toast with a way back, in front of which a sheet is opened. */
async function turnKey(window: Window): Promise<void> {
  await press('/keys', `What to do with ${BUDGETED}`, /^Switch o(?:n|ff)$/)(window);
  await window.page.getByRole('row').filter({ hasText: BUDGETED }).click();
  await window.page.getByRole('dialog').waitFor();
}

import type { Window } from './console-browser.ts';
import { BUDGETED, LONG_LABEL, LONG_MODEL } from './picture-stage.ts';
import { askTwo, focusMenu, makeDeck, openRow, openTab, press, pressKeys, withAnswers } from './pose-moves.ts';

/** Something that one opens, does or meets on a page. */
export interface Pose {
  readonly name: string;
  readonly pose: (window: Window) => Promise<void>;
  /** Who looks. Default `admin`. */
  readonly user?: string;
  /** True: at the narrowest and the widest window, too. */
  readonly isExtreme?: boolean;
}

/** Sheets and dialogs, answers of models, and what goes wrong. */
export const POSES: readonly Pose[] = [
  { name: 'open-palette', pose: pressKeys('/users', 'Control+k') },
  { name: 'open-shortcuts', pose: pressKeys('/users', '?') },
  { name: 'open-user-menu', pose: openUserMenu },
  { name: 'open-row-menu', pose: press('/users', /^What to do with/) },
  { name: 'focus-row-menu', pose: focusMenu },
  { name: 'open-provider-choice', pose: press('/providers', 'Add a provider') },
  { name: 'open-provider-form', pose: press('/providers', 'Add a provider', /^OpenAI/) },
  { name: 'open-provider', pose: openRow('/providers', 'Rocket'), isExtreme: true },
  { name: 'open-model-form', pose: press('/models', 'Add a model') },
  { name: 'open-model', pose: openRow('/models?search=organisation', LONG_MODEL.slice(0, 20)), isExtreme: true },
  { name: 'open-discover', pose: press('/models', 'Discover') },
  { name: 'open-template', pose: openRow('/templates', 'AWS Bedrock') },
  { name: 'open-template-form', pose: press('/templates', 'Make a template') },
  { name: 'open-account-form', pose: press('/accounts', 'Add an account') },
  { name: 'open-account-sign-in', pose: press('/accounts', 'Sign in…') },
  { name: 'open-account', pose: openRow('/accounts', LONG_LABEL.slice(0, 30)), isExtreme: true },
  { name: 'open-mapping-form', pose: press('/mappings', 'Add a name') },
  { name: 'open-mapping', pose: openRow('/mappings', 'fast') },
  { name: 'open-proxy-form', pose: press('/proxies', 'Add a proxy') },
  { name: 'open-proxy', pose: openRow('/proxies', 'Data centre') },
  { name: 'open-key-form', pose: press('/keys', 'Make a key') },
  { name: 'open-key', pose: openRow('/keys', BUDGETED), isExtreme: true },
  { name: 'open-toast-beside-key', pose: turnKey },
  { name: 'open-user-form', pose: press('/users', 'Make a user') },
  { name: 'open-user', pose: openRow('/users', 'admin@') },
  { name: 'open-confirm', pose: press('/users', /^What to do with developer/, 'Delete…') },
  { name: 'open-audit-entry', pose: openRow('/audit', 'providers.create') },
  { name: 'open-setting', pose: openRow('/settings', 'ACCOUNT_POLICIES') },
  { name: 'open-settings-running', pose: openTab('/settings', 'While it runs') },
  { name: 'open-import', pose: openTab('/transfer', 'Import') },
  { name: 'open-backups', pose: openTab('/transfer', 'Backups') },
  { name: 'open-clean-up', pose: press('/system', 'Clean up…') },
  { name: 'open-mend', pose: press('/doctor?reach=here', 'Mend') },
  { name: 'open-support-bundle', pose: press('/doctor', 'Support bundle') },
  { name: 'open-filters', pose: press('/traffic', 'More filters') },
  { name: 'open-columns', pose: press('/traffic', 'View: columns and density') },
  { name: 'open-call', pose: openRow('/traffic?live=off&outcome=5xx', /simulator/), isExtreme: true },
  { name: 'open-call-wires', pose: openTab('/traffic/moved-on', 'Wires') },
  { name: 'open-call-replay', pose: openTab('/traffic/moved-on', 'Replay') },
  { name: 'playground-two', pose: askTwo, isExtreme: true },
  { name: 'generation-deck', pose: makeDeck, isExtreme: true },
  { name: 'not-found', pose: ({ visit }) => visit('/nowhere') },
  ...['/', '/users', '/traffic', '/system', '/doctor'].flatMap((path): readonly Pose[] => {
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

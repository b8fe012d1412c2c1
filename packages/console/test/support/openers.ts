import type { Page } from 'playwright-core';

import { NAMED, type Furniture } from './furnish.ts';

/** What is clicked, by its role and its name, or a key that is pressed. A row goes by what stands in it. */
type Step = readonly [role: 'button' | 'menuitem' | 'row' | 'tab' | 'combobox' | 'key', name: string | RegExp];

/** Something that opens in front of a page of a furnished gateway. */
export interface Opener {
  /** As a file may be called. */
  readonly name: string;
  readonly path: string;
  readonly steps: readonly Step[];
}

const menuOf = (name: string): Step => ['button', `What to do with ${name}`];
/** A menu that is opened, and what its entries open. */
const menuAndItems = (
  name: string,
  path: string,
  thing: string,
  items: Readonly<Record<string, string>>,
): readonly Opener[] => [
  { name: `${name}-menu`, path, steps: [menuOf(thing)] },
  ...Object.entries(items).map(([item, label]) => ({
    name: `${name}-${item}`,
    path,
    steps: [menuOf(thing), ['menuitem', label]] satisfies readonly Step[],
  })),
];

/** Every menu, sheet, dialog and form of the console, and how one comes to it. */
export const openersOf = ({ provider, backup }: Furniture): readonly Opener[] => [
  { name: 'palette', path: '/users', steps: [['key', 'Control+k']] },
  { name: 'shortcuts', path: '/', steps: [['key', '?']] },
  { name: 'own-menu', path: '/', steps: [['button', /^Account of/]] },

  { name: 'user-make', path: '/users', steps: [['button', 'Make a user']] },
  { name: 'user-sheet', path: '/users', steps: [['row', NAMED.user]] },
  ...menuAndItems('user', '/users', NAMED.user, { password: 'New password…', delete: 'Delete…' }),

  { name: 'provider-templates', path: '/providers', steps: [['button', 'Add a provider']] },
  {
    name: 'provider-by-hand',
    path: '/providers',
    steps: [
      ['button', 'Add a provider'],
      ['button', 'Write it by hand'],
    ],
  },
  {
    name: 'provider-from-template',
    path: '/providers',
    steps: [
      ['button', 'Add a provider'],
      ['button', /^Acme pattern/],
    ],
  },
  { name: 'provider-sheet', path: `/providers?provider=${provider}`, steps: [] },
  ...menuAndItems('provider', '/providers?search=acme', NAMED.provider, { change: 'Change…', delete: 'Delete…' }),

  { name: 'model-add', path: '/models', steps: [['button', 'Add a model']] },
  {
    name: 'model-add-provider',
    path: '/models',
    steps: [
      ['button', 'Add a model'],
      ['combobox', 'Provider'],
    ],
  },
  { name: 'model-discover', path: '/models', steps: [['button', 'Discover']] },
  { name: 'model-sheet', path: '/models?search=acme', steps: [['row', NAMED.model]] },
  { name: 'model-filter', path: '/models', steps: [['combobox', 'Models of']] },
  ...menuAndItems('model', '/models?search=acme', NAMED.model, { change: 'Change…', delete: 'Delete…' }),

  { name: 'template-make', path: '/templates', steps: [['button', 'Make a template']] },
  { name: 'template-sheet', path: '/templates?whose=own', steps: [['row', NAMED.template]] },
  ...menuAndItems('template', '/templates?whose=own', NAMED.template, {
    use: 'Add a provider from it…',
    change: 'Change…',
    copy: 'Copy…',
    delete: 'Delete…',
  }),

  { name: 'mapping-add', path: '/mappings', steps: [['button', 'Add a name']] },
  { name: 'mapping-try', path: '/mappings?try=fast', steps: [] },
  { name: 'mapping-sheet', path: '/mappings', steps: [['row', NAMED.mapping]] },
  ...menuAndItems('mapping', '/mappings', NAMED.mapping, { change: 'Change…', delete: 'Delete…' }),

  { name: 'account-add', path: '/accounts', steps: [['button', 'Add an account']] },
  { name: 'account-sign-in', path: '/accounts', steps: [['button', 'Sign in…']] },
  { name: 'account-policy', path: '/accounts', steps: [['button', /: change that$/]] },
  { name: 'account-sheet', path: '/accounts', steps: [['row', NAMED.account]] },
  ...menuAndItems('account', '/accounts', NAMED.account, { change: 'Change…', delete: 'Delete…' }),

  { name: 'proxy-add', path: '/proxies', steps: [['button', 'Add a proxy']] },
  { name: 'proxy-recalculate', path: '/proxies', steps: [['button', 'Recalculate…']] },
  { name: 'proxy-sheet', path: '/proxies', steps: [['row', NAMED.proxy]] },
  ...menuAndItems('proxy', '/proxies', NAMED.proxy, { change: 'Change…', delete: 'Delete…' }),

  { name: 'key-make', path: '/keys', steps: [['button', 'Make a key']] },
  { name: 'key-sheet', path: '/keys', steps: [['row', NAMED.key]] },
  ...menuAndItems('key', '/keys', NAMED.key, { change: 'Change…', revoke: 'Revoke…' }),

  { name: 'traffic-filters', path: '/traffic', steps: [['button', 'More filters']] },
  { name: 'traffic-view', path: '/traffic', steps: [['button', 'View: columns and density']] },
  { name: 'traffic-call', path: '/traffic?live=off', steps: [['row', 'simulator/echo']] },
  {
    name: 'traffic-replay',
    path: '/traffic?live=off',
    steps: [
      ['row', 'simulator/echo'],
      ['tab', 'Replay'],
    ],
  },

  { name: 'playground-model', path: '/playground', steps: [['combobox', /Model/]] },
  {
    name: 'playground-tool',
    path: '/playground',
    steps: [
      ['tab', 'Tools'],
      ['button', 'Add a tool'],
    ],
  },
  { name: 'playground-code', path: '/playground', steps: [['button', 'Code']] },
  {
    name: 'playground-saved',
    path: '/playground',
    steps: [
      ['button', 'Saved'],
      ['menuitem', 'Saved chats…'],
    ],
  },

  { name: 'backup-make', path: '/transfer?tab=backups', steps: [['button', 'Make a backup']] },
  ...menuAndItems('backup', '/transfer?tab=backups', `backup ${backup}`, { restore: 'Restore…', delete: 'Delete…' }),

  { name: 'audit-entry', path: '/audit', steps: [['row', 'users.create']] },
  { name: 'setting', path: '/settings?search=PORT', steps: [['row', /^PORT/]] },
  { name: 'clean-up', path: '/system', steps: [['button', 'Clean up…']] },
  { name: 'support-bundle', path: '/doctor', steps: [['button', 'Support bundle']] },
];

/** What stands in front of a page: a dialog, a sheet, a menu, or a list to choose from. */
const IN_FRONT = '[role=dialog], [role=menu], [role=listbox]';

/** Closes whatever stands in front of the page. */
export async function closeAll(page: Page): Promise<void> {
  while ((await page.locator(IN_FRONT).count()) > 0) {
    // Each closes what is in front of all others.
    // oxlint-disable-next-line no-await-in-loop
    await page.keyboard.press('Escape');
    // oxlint-disable-next-line no-await-in-loop
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  }
}

/** Does what opens it, on its page, and waits until it is there. */
export async function open(page: Page, { steps }: Pick<Opener, 'steps'>): Promise<void> {
  for (const [role, name] of steps)
    // One after the other, as people do.
    // oxlint-disable-next-line no-await-in-loop
    await take(page, role, name);
  await page.locator(IN_FRONT).last().waitFor();
}

async function take(page: Page, role: Step[0], name: Step[1]): Promise<void> {
  if (role === 'key') return page.keyboard.press(String(name));
  if (role === 'row') return page.getByRole('row').filter({ hasText: name }).first().click();
  return page.getByRole(role, { name, exact: true }).first().click();
}

import { ALL_PATHS } from './all-paths.ts';
import type { Window } from './console-browser.ts';
import type { Furniture } from './furnish.ts';
import { CALL_PATHS } from './make-traffic.ts';
import { open, openersOf } from './openers.ts';
import { atRest } from './pose-moves.ts';
import { POSES } from './poses.ts';

/** What is photographed: a page as it opens, or what one does there. */
export interface Picture {
  /** Part of the file's name. */
  readonly name: string;
  /** Who looks. Default `admin`. */
  readonly user?: string;
  /** `extreme`: also at the narrowest and the widest window; `wide`: only where there is room. */
  readonly views?: 'extreme' | 'wide';
  readonly pose: (window: Window) => Promise<void>;
}

const CALLS = [...CALL_PATHS, '/traffic/moved-on', '/traffic/hostile-words'];
const EXTREME = /^\/($|traffic|models|keys|accounts|playground|users|settings|registry|doctor|system|providers)/;
/** On phones they stand behind something else. */
const WIDE = new Set(['own-menu', 'playground-tool']);
/** Pages that say something of their own while there is nothing. */
const EMPTY = ['/', '/traffic', '/mappings', '/accounts', '/proxies', '/keys', '/doctor', '/audit'];

const nameOf = (path: string): string => (path === '/' ? 'overview' : path.slice(1).replaceAll('/', '-'));
const pageAt = (path: string, name = nameOf(path)): Picture => ({ name, pose: ({ visit }) => visit(path) });

/** Every page of the navigation and single calls, what opens in front of them, and what one does and meets there. */
export const picturesOf = (furniture: Furniture): readonly Picture[] => [
  ...['/sign-in', ...ALL_PATHS, ...CALLS].map((path): Picture => ({
    ...pageAt(path),
    ...(EXTREME.test(path) && { views: 'extreme' }),
  })),
  ...openersOf(furniture).map((opener): Picture => ({
    name: `open-${opener.name}`,
    ...(WIDE.has(opener.name) && { views: 'wide' }),
    pose: async ({ page, visit }) => {
      await visit(opener.path);
      await open(page, opener);
      await atRest(page);
    },
  })),
  ...POSES,
];

/** Pages of a gateway that has nothing yet. */
export const emptyPictures = (): readonly Picture[] => EMPTY.map((path) => pageAt(path, `empty-${nameOf(path)}`));

import { ALL_PATHS } from './all-paths.ts';
import type { Window } from './console-browser.ts';
import { CALL_PATHS } from './make-traffic.ts';
import { POSES } from './poses.ts';

/** What is photographed: a page as it opens, or what one does there. */
export interface Picture {
  /** Part of the file's name. */
  readonly name: string;
  /** `fresh`: a gateway that has nothing yet. */
  readonly stage: 'full' | 'fresh';
  /** Who looks. */
  readonly user: string;
  /** True: at the narrowest and the widest window, too. */
  readonly isExtreme: boolean;
  readonly pose: (window: Window) => Promise<void>;
}

const EXTREME = /^\/($|traffic|models|keys|accounts|playground|users|settings)/;
/** Pages that say something of their own while there is nothing. */
const EMPTY = ['/', '/traffic', '/mappings', '/accounts', '/proxies', '/keys', '/doctor', '/audit'];

const nameOf = (each: string): string => (each === '/' ? 'overview' : each.slice(1).replaceAll('/', '-'));

/** Every page of the navigation and single calls, then what one opens, then what one sees when there is nothing. */
export const PICTURES: readonly Picture[] = [
  ...['/sign-in', ...ALL_PATHS, ...CALL_PATHS, '/traffic/moved-on', '/traffic/hostile-words'].map((each): Picture => ({
    name: nameOf(each),
    stage: 'full',
    user: 'admin',
    isExtreme: EXTREME.test(each),
    pose: ({ visit }) => visit(each),
  })),
  ...POSES.map(({ name, pose, user = 'admin', isExtreme = false }): Picture => ({
    name,
    stage: 'full',
    user,
    isExtreme,
    pose,
  })),
  ...EMPTY.map((each): Picture => ({
    name: `empty-${nameOf(each)}`,
    stage: 'fresh',
    user: 'admin',
    isExtreme: false,
    pose: ({ visit }) => visit(each),
  })),
];

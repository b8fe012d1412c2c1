import type { Permission } from '@patchbay/contract/permissions';
import {
  Activity,
  ArrowRightLeft,
  Boxes,
  BookOpen,
  Cable,
  FileClock,
  Gauge,
  KeyRound,
  LayoutTemplate,
  LibraryBig,
  MessageSquareText,
  Network,
  Presentation,
  Rocket,
  Route,
  Server,
  Settings,
  Stethoscope,
  UserRoundCog,
  UsersRound,
  type LucideIcon,
} from 'lucide-react';
import type { ComponentType } from 'react';

/** A module with a page. */
export type PageModule = () => Promise<{ readonly Page: ComponentType }>;

/** A page with its address, and pages beneath it. */
export interface Place {
  /** The address, and the id of everything else. */
  readonly path: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Without it the entry is hidden and the page says so. Absent: for whoever is signed in. */
  readonly permission?: Permission;
  /** Absent: another page of the gateway, or one that the API alone has so far. */
  readonly load?: PageModule;
  /** Pages beneath, such as `/providers/$id`. */
  readonly pages?: readonly { readonly path: string; readonly load: PageModule }[];
}

/** One entry of the navigation. */
export interface Section extends Place {
  /** The letter after `g`. */
  readonly key: string;
  /** Served by the gateway beside the console. */
  readonly isOutside?: boolean;
}

/** The whole navigation, in groups. */
export const SECTIONS: readonly { readonly label: string; readonly sections: readonly Section[] }[] = [
  {
    label: 'Observe',
    sections: [
      { path: '/', label: 'Overview', icon: Gauge, key: 'o', load: () => import('../features/overview/page.tsx') },
      {
        path: '/traffic',
        label: 'Traffic',
        icon: Activity,
        key: 't',
        permission: 'logs:read',
        load: () => import('../features/traffic/page.tsx'),
        pages: [{ path: '/traffic/$id', load: () => import('../features/traffic/call-page.tsx') }],
      },
      {
        path: '/playground',
        label: 'Playground',
        icon: MessageSquareText,
        key: 'p',
        permission: 'models:call',
        load: () => import('../features/playground/page.tsx'),
      },
    ],
  },
  {
    label: 'Upstream',
    sections: [
      {
        path: '/providers',
        label: 'Providers',
        icon: Cable,
        key: 'v',
        permission: 'providers:read',
        load: () => import('../features/providers/page.tsx'),
      },
      {
        path: '/models',
        label: 'Models',
        icon: Boxes,
        key: 'm',
        permission: 'models:read',
        load: () => import('../features/models/page.tsx'),
      },
      {
        path: '/templates',
        label: 'Templates',
        icon: LayoutTemplate,
        key: 'b',
        permission: 'templates:read',
        load: () => import('../features/providers/templates-page.tsx'),
      },
      {
        path: '/mappings',
        label: 'Mappings',
        icon: Route,
        key: 'w',
        permission: 'mappings:own',
        load: () => import('../features/mappings/page.tsx'),
      },
      {
        path: '/accounts',
        label: 'Accounts',
        icon: UserRoundCog,
        key: 'a',
        permission: 'accounts:read',
        load: () => import('../features/accounts/page.tsx'),
      },
      {
        path: '/proxies',
        label: 'Egress proxies',
        icon: Network,
        key: 'e',
        permission: 'proxies:read',
        load: () => import('../features/proxies/page.tsx'),
      },
    ],
  },
  {
    label: 'Access',
    sections: [
      {
        path: '/keys',
        label: 'Keys',
        icon: KeyRound,
        key: 'k',
        permission: 'api-keys:own',
        load: () => import('../features/keys/page.tsx'),
      },
      {
        path: '/users',
        label: 'Users',
        icon: UsersRound,
        key: 'u',
        permission: 'users:read',
        load: () => import('../features/users/page.tsx'),
      },
    ],
  },
  {
    label: 'Make',
    sections: [
      {
        path: '/generation',
        label: 'Generation',
        icon: Presentation,
        key: 'n',
        permission: 'outline:generate',
        load: () => import('../features/generation/page.tsx'),
      },
    ],
  },
  {
    label: 'System',
    sections: [
      {
        path: '/doctor',
        label: 'Doctor',
        icon: Stethoscope,
        key: 'd',
        permission: 'system:config',
        load: () => import('../features/doctor/page.tsx'),
      },
      {
        path: '/system',
        label: 'System',
        icon: Server,
        key: 'y',
        permission: 'system:view',
        load: () => import('../features/system/page.tsx'),
      },
      {
        path: '/registry',
        label: 'Registry',
        icon: LibraryBig,
        key: 'r',
        permission: 'system:view',
        load: () => import('../features/registry/page.tsx'),
      },
      {
        path: '/transfer',
        label: 'Import and export',
        icon: ArrowRightLeft,
        key: 'x',
        permission: 'configuration:export',
        load: () => import('../features/transfer/page.tsx'),
      },
      {
        path: '/audit',
        label: 'Audit',
        icon: FileClock,
        key: 'l',
        permission: 'audit:read',
        load: () => import('../features/audit/page.tsx'),
      },
      {
        path: '/settings',
        label: 'Settings',
        icon: Settings,
        key: 's',
        permission: 'system:config',
        load: () => import('../features/settings/page.tsx'),
      },
      { path: '/docs', label: 'API docs', icon: BookOpen, key: 'i', isOutside: true },
    ],
  },
];

/** Every section, without its group. */
export const ALL_SECTIONS: readonly Section[] = SECTIONS.flatMap(({ sections }) => sections);

/** The guide of the first run: no part of the navigation, which leads nobody to where one has been. */
export const FIRST_RUN: Place = {
  path: '/first-run',
  label: 'First steps',
  icon: Rocket,
  permission: 'providers:write',
  load: () => import('./first-run/page.tsx'),
};

/** The section that an address belongs to. */
export const sectionAt = (path: string): Place | undefined =>
  [...ALL_SECTIONS, FIRST_RUN].find(
    (each) => path === each.path || (each.path !== '/' && path.startsWith(`${each.path}/`)),
  );

/** What somebody may see of the navigation. */
export const visible = (sections: readonly Section[], permissions: readonly string[]): readonly Section[] =>
  sections.filter(({ permission }) => permission === undefined || permissions.includes(permission));

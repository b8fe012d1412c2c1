/** Modules of packages, by the names that they are imported by. */
const ofPackages = (...names) => new RegExp(`/node_modules/(?:${names.join('|')})/`);

/** What every page stands on, and what changes with our releases least: browsers keep it the longest. */
const FRAMEWORK = ofPackages(
  'react',
  'react-dom',
  'scheduler',
  'use-sync-external-store',
  '@tanstack/(?:react-router|router-core|history|react-store|store|react-query|query-core)',
);

/** Menus, dialogs and what else stands in front of a page. */
const OVERLAYS = ofPackages(
  'radix-ui',
  '@radix-ui/[^/]+',
  '@floating-ui/[^/]+',
  'aria-hidden',
  'react-remove-scroll',
  'react-remove-scroll-bar',
  'use-sidecar',
  'use-callback-ref',
);

const TABLES =
  /\/(?:@tanstack\/(?:react-table|table-core|react-virtual|virtual-core)|ui\/(?:data-table|table-rows|table-header|use-row-keys))[/.]/;

/** What pages show data with, and none of it an overlay: a page that only shows loads nothing else. */
const SHOWN =
  /\/node_modules\/lucide-react\/|\/console\/src\/(?:lib\/(?!style-singleton|tell)|components\/ui\/(?:badge|card|field|key-value|page|prose|segments|sparkline|values)\.)/;

const CONTROLS = new RegExp(`${OVERLAYS.source}|/console/src/components/`);

/** Pages that have to want a module for it to leave their own files. */
const PAGES_MIN = 2;

/**
 * Which modules share a file. Left alone, the builder makes one for each set of pages that share something: thirty files
 * of half a kilobyte for a page, which a browser fetches six at a time.
 */
export const CHUNKS = {
  groups: [
    { name: 'framework', test: FRAMEWORK, priority: 6 },
    { name: 'base', tags: ['$initial'], priority: 5 },
    { name: 'shown', test: SHOWN, minShareCount: PAGES_MIN, priority: 4 },
    { name: 'toast', test: ofPackages('sonner'), priority: 3 },
    { name: 'table', test: TABLES, minShareCount: PAGES_MIN, priority: 2 },
    { name: 'controls', test: CONTROLS, minShareCount: PAGES_MIN, priority: 1 },
  ],
};

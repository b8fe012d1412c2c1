import { readFile } from 'node:fs/promises';

const SECTIONS = await readFile(new URL('../../src/app/sections.ts', import.meta.url), 'utf8');

/** Every page of the navigation, read from its table: a page that is added is walked and photographed, too. */
export const ALL_PATHS: readonly string[] = [...SECTIONS.matchAll(/\bpath: '(\/[^'$]*)',\s+label: /g)]
  .map(([, path = '']) => path)
  .filter((path) => path !== '/docs');

import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import tailwind from '@tailwindcss/vite';

import { CHUNKS } from './console-chunks.mjs';
import { pagesWithFiles } from './console-pages.mjs';

/**
 * How the console is built and, during work on it, served. A strict content security policy holds on its pages: two
 * libraries that write style elements are made to do without.
 */
export function consoleConfig(root) {
  const home = path.join(root, 'packages/console');
  return {
    configFile: false,
    root: home,
    logLevel: 'warn',
    resolve: {
      conditions: ['patchbay-src', 'module', 'browser', 'development|production'],
      alias: { 'react-style-singleton': path.join(home, 'src/lib/style-singleton.ts') },
    },
    plugins: [tailwind(), withoutInjectedStyles(), operationsWithoutShapes(root), pagesWithFiles(home)],
    build: {
      manifest: true,
      emptyOutDir: true,
      reportCompressedSize: false,
      // Fonts and images come from our own origin, never as `data:`.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: { codeSplitting: CHUNKS },
        // Marks for servers that render; this program is the browser's alone.
        onLog: (level, log, print) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : print(level, log)),
      },
    },
  };
}

/** The toasts' styles are imported as a file; the script must not write them into the page as well. */
function withoutInjectedStyles() {
  return {
    name: 'without-injected-styles',
    enforce: 'pre',
    transform(code, id) {
      if (!/node_modules\/sonner\/dist\/index\.mjs/.test(id)) return undefined;
      const without = code.replace(/^__insertCSS\(.*\);$/m, '');
      if (without === code)
        throw new Error('The toasts no longer write their styles as they did; look at this plugin.');
      return { code: without, map: null };
    },
  };
}

/**
 * The client needs the method and the path of each operation; its shapes are read by the compiler alone and by the
 * gateway at run time. They would be a sixth of what a browser loads first.
 */
function operationsWithoutShapes(root) {
  const file = path.join(root, 'packages/contract/src/operations.ts');
  return {
    name: 'operations-without-shapes',
    enforce: 'pre',
    async load(id) {
      if (path.normalize(id.split('?')[0]) !== file) return undefined;
      const { OPERATIONS } = await import(pathToFileURL(file).href);
      const table = Object.entries(OPERATIONS).map(([name, { method, path: at }]) => [name, { method, path: at }]);
      return `export const OPERATIONS = ${JSON.stringify(Object.fromEntries(table))};`;
    },
  };
}

/** A folder beside the one that is built, so that the result can be moved into place in one step. */
export const folderBeside = (target) => mkdtemp(`${target}-`);

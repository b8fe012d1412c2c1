import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the gateway reads to name a page's files together with the page. */
const LIST = 'pages.json';
/** The font of nearly all that is written; the others are asked for where their letters stand. */
const FONT = /\/inter-latin-wght-normal-[^/]+\.woff2$/;
const IMPORTED = /import\(\s*['"](.+?)['"]\s*\)/;

/**
 * Lists which files each page begins with, besides those that `index.html` names itself. A browser that is told at once
 * has them by the time the program asks for them; otherwise it learns of them when the program runs.
 */
export function pagesWithFiles(home) {
  return {
    name: 'pages-with-files',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const named = withImports(
        bundle,
        chunks.find(({ isEntry }) => isEntry),
      );
      const pages = (await modulesOfPages(home)).map(([address, module]) => {
        const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId === module);
        if (chunk === undefined) throw new Error(`The page at ${address} has no file of its own: ${module}`);
        return [address, [...withImports(bundle, chunk)].filter((file) => !named.has(file)).map(urlOf)];
      });
      const everywhere = Object.keys(bundle).filter((file) => FONT.test(file));
      const source = JSON.stringify({ everywhere: everywhere.map(urlOf), pages: Object.fromEntries(pages) });
      this.emitFile({ type: 'asset', fileName: LIST, source });
    },
  };
}

/** Files of a chunk and of all that it imports at once. */
function withImports(bundle, { fileName, imports }, seen = new Set()) {
  if (seen.has(fileName)) return seen;
  seen.add(fileName);
  for (const each of imports) withImports(bundle, bundle[each], seen);
  return seen;
}

/** Each address with the module of its page, from the table of the navigation. */
async function modulesOfPages(home) {
  const table = path.join(home, 'src/app/sections.ts');
  const { ALL_SECTIONS, FIRST_RUN } = await import(pathToFileURL(table).href);
  const places = [...ALL_SECTIONS, FIRST_RUN].flatMap((place) => [place, ...(place.pages ?? [])]);
  return places
    .filter(({ load }) => load !== undefined)
    .map(({ path: address, load }) => [address, path.resolve(path.dirname(table), IMPORTED.exec(String(load))[1])]);
}

const urlOf = (file) => `/${file}`;

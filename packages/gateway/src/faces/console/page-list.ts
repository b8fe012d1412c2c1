import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What the console's builder tells of its pages. */
export interface PageList {
  /** Files that every page wants. */
  readonly everywhere: readonly string[];
  /** Files of each page, by its address; a part of it that begins with `$` stands for anything. */
  readonly pages: Readonly<Record<string, readonly string[]>>;
}

const NO_PAGES: PageList = { everywhere: [], pages: {} };

/** Reads the list of a built console; empty where there is none, which costs the browser a moment and nothing else. */
export const readPageList = (folder: string): Promise<PageList> =>
  readFile(path.join(folder, 'pages.json'), 'utf8').then(
    (text) => JSON.parse(text) as PageList,
    () => NO_PAGES,
  );

/** The files with which the page at an address begins. */
export function beginningsIn({ everywhere, pages }: PageList, urlPath: string): readonly string[] {
  const [, files = []] = Object.entries(pages).find(([pattern]) => isAt(pattern, urlPath)) ?? [];
  return [...everywhere, ...files];
}

function isAt(pattern: string, urlPath: string): boolean {
  const [wanted, parts] = [pattern.split('/'), urlPath.split('/')];
  return wanted.length === parts.length && wanted.every((each, at) => each.startsWith('$') || each === parts[at]);
}

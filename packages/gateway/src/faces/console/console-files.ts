import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { beginningsIn, readPageList, type PageList } from './page-list.ts';

/** One file as it can be sent. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly etag: string;
  /** True where the name changes with the content: browsers need never ask again. */
  readonly isImmutable: boolean;
  /** By content coding; `identity` is always there. */
  readonly bytes: { readonly identity: Buffer } & Partial<Readonly<Record<Coding, Buffer>>>;
}

/** Codings in which files lie beside their originals, the best first. */
export const CODINGS = ['br', 'gzip'] as const;

/** A content coding that files are kept in. */
export type Coding = (typeof CODINGS)[number];

/** The built console. Files are read when they are first asked for and stay in memory: about two megabytes. */
export interface ConsoleFiles {
  /** The file at a path such as `/assets/app-1a2b.js`; `undefined` when there is none. */
  find(urlPath: string): Promise<ConsoleFile | undefined>;
  /** What the page at an address begins with besides what `index.html` names: paths such as `/assets/page-3c4d.js`. */
  beginningsOf(urlPath: string): Promise<readonly string[]>;
}

const BUILT = fileURLToPath(new URL('../../../assets/console/', import.meta.url));
const SUFFIXES: Readonly<Record<Coding, string>> = { br: '.br', gzip: '.gz' };

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Serves what a folder holds at the first request, and nothing else: paths are looked up, never joined. */
export function openConsoleFiles(folder = BUILT): ConsoleFiles {
  let listed: Promise<ReadonlyMap<string, string>> | undefined;
  const read = new Map<string, Promise<ConsoleFile>>();
  let begun: Promise<PageList> | undefined;
  return {
    async beginningsOf(urlPath) {
      begun ??= readPageList(folder);
      return beginningsIn(await begun, urlPath);
    },
    async find(urlPath) {
      listed ??= listFolder(folder);
      const paths = await listed;
      const file = paths.get(urlPath);
      const contentType = TYPES[path.extname(urlPath)];
      if (file === undefined || contentType === undefined) return undefined;
      const found = read.get(urlPath) ?? readConsoleFile(file, urlPath, contentType, paths);
      read.set(urlPath, found);
      return found;
    },
  };
}

async function listFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return new Map(entries.map((entry) => [`/${entry.split(path.sep).join('/')}`, path.join(folder, entry)]));
}

async function readConsoleFile(
  file: string,
  urlPath: string,
  contentType: string,
  paths: ReadonlyMap<string, string>,
): Promise<ConsoleFile> {
  const identity = await readFile(file);
  const coded = await Promise.all(
    CODINGS.filter((coding) => paths.has(urlPath + SUFFIXES[coding])).map(
      async (coding) => [coding, await readFile(file + SUFFIXES[coding])] as const,
    ),
  );
  const digest = createHash('sha256').update(identity).digest('base64url');
  return {
    contentType,
    etag: `"${digest.slice(0, 22)}"`,
    isImmutable: urlPath.startsWith('/assets/'),
    bytes: { identity, ...Object.fromEntries(coded) },
  };
}

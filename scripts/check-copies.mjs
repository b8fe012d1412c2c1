import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './lib/source-files.mjs';

const WINDOW_LINES = 6;
/** Below this many windows a percentage says nothing. */
const FEWEST_WINDOWS = 100;

export const remedy =
  'Say it once: give the repeated lines a name in the place that owns them, or make them rows of one table.';

/** Rooms in which more windows of six lines repeat than sizes.json allows. */
export async function problems(root) {
  const { repeatedWindowsPercent } = JSON.parse(await readFile(path.join(root, 'sizes.json'), 'utf8'));
  const files = (await sourceFiles(root)).filter((each) => !each.isTest);
  const rooms = Object.groupBy(files, (each) =>
    each.path
      .split('/')
      .slice(0, 4)
      .join('/')
      .replace(/\/[^/]+\.tsx?$/, ''),
  );
  return Object.entries(rooms).flatMap(([room, members]) => {
    const { total, repeated, example } = repeatedWindows(members);
    const percent = (100 * repeated) / Math.max(total, 1);
    if (total < FEWEST_WINDOWS || percent <= repeatedWindowsPercent) return [];
    return [
      `${room}: ${percent.toFixed(1)} % of its windows repeat; the limit is ${repeatedWindowsPercent} %; for example ${example}`,
    ];
  });
}

/** Counts windows of six consecutive lines of code, imports apart, that occur more than once in `files`. */
export function repeatedWindows(files) {
  const places = new Map();
  for (const { path: file, code } of files) {
    const lines = meaningfulLines(code);
    for (let index = 0; index + WINDOW_LINES <= lines.length; index += 1) {
      const window = lines.slice(index, index + WINDOW_LINES);
      const key = window.map((each) => each.text).join('\n');
      places.set(key, [...(places.get(key) ?? []), `${file}:${window[0].line}`]);
    }
  }
  const all = [...places.values()];
  const repeats = all.filter((each) => each.length > 1);
  return {
    total: all.reduce((sum, each) => sum + each.length, 0),
    repeated: repeats.reduce((sum, each) => sum + each.length, 0),
    example: repeats[0]?.slice(0, 2).join(' and '),
  };
}

function meaningfulLines(code) {
  const withoutImports = code.replace(/(^|\n)import\s[^;]*;/g, (match) => match.replace(/[^\n]/g, ' '));
  return withoutImports
    .split('\n')
    .map((line, index) => ({ text: line.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '' && !/^[\])};,]+$/.test(text));
}

/** Takes every page of the console in both themes and two widths: `npm run screenshots -- folder [part of a name]`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { ALL_PATHS } from '../packages/console/test/support/all-paths.ts';
import { NO_BROWSER, startConsole } from '../packages/console/test/support/console-browser.ts';
import { CALL_PATHS, makeTraffic } from '../packages/console/test/support/make-traffic.ts';

const WIDTHS = [390, 1440];
const PATHS = [...ALL_PATHS, ...CALL_PATHS];
const THEMES = ['light', 'dark'];

/** Resolves to the exit code. */
export async function main([folder, part = '']) {
  if (folder === undefined) return refuse('Say where to put them: npm run screenshots -- <folder>');
  if (NO_BROWSER) return refuse(NO_BROWSER);
  await mkdir(folder, { recursive: true });
  const stage = await startConsole();
  try {
    await makeTraffic(stage);
    for (const theme of THEMES)
      for (const width of WIDTHS)
        await take(stage, { theme, width, folder, paths: PATHS.filter((each) => nameOf(each).includes(part)) });
  } finally {
    await stage.close();
  }
  return 0;
}

async function take(stage, { theme, width, folder, paths }) {
  const window = await stage.open({ theme, width, height: width < 600 ? 844 : 900 });
  const shoot = async (each) => {
    await window.visit(each);
    await window.page.screenshot({ path: path.join(folder, `${nameOf(each)}-${width}-${theme}.png`) });
  };
  await shoot('/sign-in');
  await window.signIn();
  for (const each of paths) await shoot(each);
  for (const trouble of window.troubles) process.stdout.write(`${width} ${theme}: ${trouble}\n`);
  await window.close();
}

/** What a page's files are called. */
const nameOf = (each) => (each === '/' ? 'overview' : each.slice(1).replaceAll('/', '-'));

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  return 1;
}

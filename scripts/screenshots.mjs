/** Takes every page of the console, and what one opens on it, in both themes and several widths: `npm run screenshots -- folder [part of a name]`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { NO_BROWSER, startConsole } from '../packages/console/test/support/console-browser.ts';
import { startPictures } from '../packages/console/test/support/picture-stage.ts';
import { PICTURES } from '../packages/console/test/support/pictures.ts';

const VIEWS = [
  { theme: 'light', width: 390, height: 844 },
  { theme: 'dark', width: 390, height: 844 },
  { theme: 'light', width: 1440, height: 900 },
  { theme: 'dark', width: 1440, height: 900 },
  { theme: 'light', width: 360, height: 780, isExtreme: true },
  { theme: 'dark', width: 2560, height: 1300, isExtreme: true },
];

/** Resolves to the exit code. */
export async function main([folder, part = '']) {
  if (folder === undefined) return refuse('Say where to put them: npm run screenshots -- <folder>');
  if (NO_BROWSER) return refuse(NO_BROWSER);
  const wanted = PICTURES.filter(({ name }) => name.includes(part));
  if (wanted.length === 0) return refuse(`No picture has ${part} in its name.`);
  await mkdir(folder, { recursive: true });
  for (const [name, start] of [
    ['full', startPictures],
    ['fresh', startConsole],
  ]) {
    const pictures = wanted.filter(({ stage }) => stage === name);
    if (pictures.length > 0) await takeAll(await start(), pictures, folder);
  }
  return 0;
}

async function takeAll(stage, pictures, folder) {
  try {
    for (const view of VIEWS)
      for (const [user, shown] of Object.entries(Object.groupBy(pictures, ({ user }) => user)))
        await take(stage, { view, user, folder, pictures: shown.filter((each) => !view.isExtreme || each.isExtreme) });
  } finally {
    await stage.close();
  }
}

async function take(stage, { view, user, folder, pictures }) {
  const window = await stage.open(view);
  const tell = (sentence) => process.stdout.write(`${view.width} ${view.theme}: ${sentence}\n`);
  // The sign-in sends on whoever is known.
  if (pictures[0]?.name !== 'sign-in') await window.signIn(user);
  for (const { name, pose } of pictures) {
    await pose(window).catch((error) => tell(`${name}: ${error.message}`));
    await window.page.screenshot({ path: path.join(folder, `${name}-${view.width}-${view.theme}.png`) });
    await window.page.unrouteAll({ behavior: 'ignoreErrors' });
    if (name === 'sign-in') await window.signIn(user);
  }
  for (const trouble of new Set(window.troubles)) tell(trouble);
  await window.close();
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  return 1;
}

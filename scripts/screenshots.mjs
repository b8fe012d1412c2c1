/** Takes every page of the console, and what one opens on it, in both themes and several widths: `npm run screenshots -- folder [part of a name]`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { NO_BROWSER, startConsole } from '../packages/console/test/support/console-browser.ts';
import { startPictures } from '../packages/console/test/support/picture-stage.ts';
import { emptyPictures, picturesOf } from '../packages/console/test/support/pictures.ts';

const VIEWS = [
  { theme: 'light', width: 390, height: 844, kind: 'narrow' },
  { theme: 'dark', width: 390, height: 844, kind: 'narrow' },
  { theme: 'light', width: 1440, height: 900, kind: 'usual' },
  { theme: 'dark', width: 1440, height: 900, kind: 'usual' },
  { theme: 'light', width: 360, height: 780, kind: 'extreme' },
  { theme: 'dark', width: 2560, height: 1300, kind: 'extreme' },
];

/** Which pictures are taken at a window of each kind. */
const VIEWED = {
  narrow: ({ views }) => views !== 'wide',
  usual: () => true,
  extreme: ({ views }) => views === 'extreme',
};

/** Resolves to the exit code. */
export async function main([folder, part = '']) {
  if (folder === undefined) return refuse('Say where to put them: npm run screenshots -- <folder>');
  if (NO_BROWSER) return refuse(NO_BROWSER);
  await mkdir(folder, { recursive: true });
  for (const [start, offered] of [
    [startPictures, picturesOf],
    [startConsole, emptyPictures],
  ]) {
    const stage = await start();
    try {
      const pictures = offered(stage.furniture).filter(({ name }) => name.includes(part));
      for (const view of VIEWS) await takeAll(stage, view, folder, pictures.filter(VIEWED[view.kind]));
    } finally {
      await stage.close();
    }
  }
  return 0;
}

/** Windows of one size, one for each who looks. */
async function takeAll(stage, view, folder, pictures) {
  for (const [user, shown] of Object.entries(Object.groupBy(pictures, ({ user = 'admin' }) => user)))
    await take(stage, { view, user, folder, pictures: shown });
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

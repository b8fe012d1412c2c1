/**
 * The console in a real Chromium: how soon pages can be used when nothing of them is in the browser yet, and how smoothly a
 * log of a hundred thousand calls scrolls. `--write` writes docs/benchmarks-console.md.
 */
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { askAs } from '../packages/console/test/support/ask-gateway.ts';
import { NO_BROWSER } from '../packages/console/test/support/console-browser.ts';
import { makeCalls, startTraffic } from '../packages/console/test/support/traffic-stage.ts';
import { median, percentile } from './statistics.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = path.join(ROOT, 'docs/benchmarks-console.md');

const ROWS = 100_000;
/** As high as the table draws a row, in pixels. */
const ROW_PIXELS = 40;
const ROUNDS = 5;
/** Frames that are scrolled, ten seconds of them at 60 a second. */
const FRAMES = 600;
/** A frame of 60 a second, in milliseconds, and what is counted as one that came late. */
const FRAME_MS = 1000 / 60;
const LATE_MS = FRAME_MS * 1.5;

/** What says that a page shows its data, by its address. */
const USABLE = {
  '/sign-in': 'form input[name=username]',
  '/': '[aria-label="Latest calls"] a',
  '/traffic': '[role=row][aria-selected]',
  '/providers': '[role=row][aria-selected]',
  '/models': '[role=row][aria-selected]',
  '/keys': '[role=row][aria-selected]',
};

/** Speeds of scrolling, in pixels a frame: reading along, and looking for something. */
const SPEEDS = { slowly: 24, quickly: 400 };

/** Measures, prints and, when asked to, writes the page; resolves to the exit code. */
export async function main(args) {
  if (NO_BROWSER) {
    process.stderr.write(`${NO_BROWSER}\n`);
    return 1;
  }
  const stage = await startTraffic();
  try {
    stage.seed(ROWS);
    await makeCalls(stage);
    const ask = await askAs(stage);
    await ask('POST', '/v1/api-keys', { label: 'of the bench' });
    const opened = await measureOpening(stage);
    const scrolled = await measureScrolling(stage);
    const page = render(opened, scrolled);
    process.stdout.write(page);
    if (args.includes('--write')) await writeFile(PAGE, page);
  } finally {
    await stage.close();
  }
  return 0;
}

/** Opens each page with nothing kept by the browser; the medians, in milliseconds since the address was entered. */
async function measureOpening(stage) {
  const rows = [];
  for (const [address, selector] of Object.entries(USABLE)) {
    const samples = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const sample = await openOnce(stage, address, selector);
      // The first warms the gateway up.
      if (round > 0) samples.push(sample);
    }
    rows.push({
      address,
      ...Object.fromEntries(
        ['painted', 'usable', 'work', 'bytes'].map((name) => [name, median(samples.map((each) => each[name]))]),
      ),
      best: Math.min(...samples.map(({ usable }) => usable)),
      worst: Math.max(...samples.map(({ usable }) => usable)),
    });
  }
  return rows;
}

async function openOnce(stage, address, selector) {
  const window = await stage.open();
  if (address !== '/sign-in') await window.signIn();
  // What the page after the sign-in asks for would be waited for by the page that is measured.
  await window.page.waitForLoadState('networkidle');
  // What the sign-in has loaded is forgotten, so that everything comes anew.
  const session = await window.context.newCDPSession(window.page);
  await session.send('Network.clearBrowserCache');
  const worked = await meterOf(session);
  await window.page.addInitScript(watchFor, selector);
  await window.page.goto(address, { waitUntil: 'commit' });
  await window.page.waitForFunction(() => globalThis.usableAtMs !== undefined);
  const sample = { ...(await window.page.evaluate(readOpening)), work: await worked() };
  await window.close();
  return sample;
}

/**
 * Processor time of the page's own thread from now on, in milliseconds: what a page costs however much else the machine
 * has to do.
 */
async function meterOf(session) {
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const before = await read();
  return async () => (await read()) - before;
}

/** In the page, before anything else: notes when it shows its data. */
function watchFor(selector) {
  const look = () => {
    if (document.querySelector(selector) === null) return requestAnimationFrame(look);
    // A frame later it is on the screen and takes the keys.
    return requestAnimationFrame(() => {
      const answered = new MessageChannel();
      answered.port1.onmessage = () => (globalThis.usableAtMs = performance.now());
      answered.port2.postMessage('');
    });
  };
  requestAnimationFrame(look);
}

function readOpening() {
  const [painted] = performance.getEntriesByName('first-contentful-paint');
  const bytes = performance.getEntriesByType('resource').reduce((sum, { transferSize }) => sum + transferSize, 0);
  return {
    painted: painted?.startTime ?? 0,
    usable: globalThis.usableAtMs,
    bytes: bytes + performance.getEntriesByType('navigation')[0].transferSize,
  };
}

/** Reads all calls into the page and scrolls through them, down and up again. */
async function measureScrolling(stage) {
  const window = await stage.open();
  await window.signIn();
  await window.visit('/traffic?live=off');
  const { page } = window;
  const grid = page.getByRole('grid', { name: 'Calls' });
  await grid.focus();
  const heightOf = () =>
    grid
      .locator('[role=rowgroup]')
      .last()
      .evaluate((rows) => rows.clientHeight);
  const readingMs = performance.now();
  for (let height = await heightOf(); height < ROWS * ROW_PIXELS;) {
    await page.keyboard.press('End');
    await page.waitForFunction(
      (before) => [...document.querySelectorAll('[role=rowgroup]')].some((each) => each.clientHeight > before),
      height,
    );
    height = await heightOf();
  }
  const rows = { count: Math.round((await heightOf()) / ROW_PIXELS), readMs: performance.now() - readingMs };
  await page.keyboard.press('Home');
  const session = await window.context.newCDPSession(page);
  const speeds = [];
  for (const [name, pixels] of Object.entries(SPEEDS)) {
    const worked = await meterOf(session);
    const frames = await grid.evaluate(scroll, { frames: FRAMES, pixels });
    speeds.push({ name, pixels, frames, work: (await worked()) / FRAMES });
  }
  const jumps = await grid.evaluate(jump, 100);
  await window.close();
  return { rows, speeds, jumps };
}

/** In the page: moves by so many pixels in each frame, and gives how long each frame took. */
function scroll(grid, { frames, pixels }) {
  return new Promise((resolve) => {
    const took = [];
    let before;
    const step = (nowMs) => {
      if (before !== undefined) took.push(nowMs - before);
      before = nowMs;
      if (took.length === frames) return resolve(took);
      grid.scrollTop += took.length < frames / 2 ? pixels : -pixels;
      return requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** In the page: goes somewhere else in the list and gives how long it took until the rows there were drawn. */
async function jump(grid, times) {
  const took = [];
  for (let time = 0; time < times; time += 1) {
    const begunMs = performance.now();
    grid.scrollTop = (((time * 7919) % times) / times) * (grid.scrollHeight - grid.clientHeight);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    took.push(performance.now() - begunMs);
  }
  return took;
}

function render(opened, { rows, speeds, jumps }) {
  const ms = (value) => `${value.toFixed(0)} ms`;
  const opening = opened.map(
    ({ address, painted, usable, best, worst, work, bytes }) =>
      `| \`${address}\` | ${ms(painted)} | ${ms(usable)} | ${ms(best)} | ${ms(worst)} | ${ms(work)} | ${(bytes / 1000).toFixed(0)} kB |`,
  );
  const scrolling = speeds.map(({ name, pixels, frames, work }) => {
    const total = frames.reduce((sum, each) => sum + each, 0);
    const late = frames.filter((each) => each > LATE_MS).length;
    const rate = ((frames.length / total) * 1000).toFixed(1);
    return `| ${name}, ${pixels} pixels a frame | ${rate} | ${percentile(frames, 0.5).toFixed(1)} ms | ${percentile(frames, 0.99).toFixed(1)} ms | ${late} of ${frames.length} | ${work.toFixed(1)} ms |`;
  });
  return `# Benchmarks of the console

Written by \`npm run bench:console -- --write\`; do not edit. Chromium without a display or a graphics card, on the machine of
the gateway, which both share: ${os.availableParallelism()} processors (${os.cpus()[0]?.model ?? 'unknown'}), on which ${os.loadavg()[0].toFixed(1)} programs wanted to run at a time
meanwhile. Times of the clock grow with that number; "processor time" is what the page's own thread worked, and does not.
Goals: usable below a second, 60 frames a second through a hundred thousand calls, which is 16.7 ms a frame.

## Until a page can be used

Nothing of the page is in the browser's cache. "Usable" is when the page shows its data and takes a key. Medians of ${ROUNDS}.

| Page | first paint | usable | best | worst | processor time | loaded |
|---|---|---|---|---|---|---|
${opening.join('\n')}

## Scrolling the log of calls

${rows.count.toLocaleString('en')} calls in the page, read from the gateway in ${(rows.readMs / 1000).toFixed(1)} s. ${FRAMES} frames each.

| Scrolled | frames a second | frame, median | frame, p99 | late | processor time a frame |
|---|---|---|---|---|---|
${scrolling.join('\n')}

Going anywhere in the list, until its rows are drawn: median ${ms(percentile(jumps, 0.5))}, p99 ${ms(percentile(jumps, 0.99))}.
`;
}

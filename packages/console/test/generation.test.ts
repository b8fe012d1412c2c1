import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, it } from 'node:test';

import { DOT, saidTo, sendChat, writeOutline } from '../../gateway/test/generation/deck-gateway.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

const HOSTILE = '<script>alert(1)</script>';
const TOPIC = 'Solar energy';
const REFUSAL = `This prompt is not allowed. ${HOSTILE}`;

/** Slides as a model would write them: the first a list, the second in columns. */
const SLIDES = JSON.stringify({
  slides: [
    {
      title: 'x',
      template: 'titleAndBullets',
      content: ['Solar panels', 'Energy of the sun'],
      notes: 'Solar, slowly.',
    },
    {
      title: 'x',
      template: 'twoColumn',
      content: { leftColumn: 'Solar costs', rightColumn: 'Energy gains' },
      notes: '',
    },
  ],
});

describe('the making of decks', { skip: NO_BROWSER }, () => {
  let openrouter: ScriptedUpstream;
  let together: ScriptedUpstream;
  let stage: ConsoleStage;
  let allowsSecond = false;

  const writes: ScriptedUpstream['answer'] = (request, response) => {
    // The gateway also asks which models there are.
    if (request.method !== 'POST') return sendJson(response, 200, { data: [] });
    const said = saidTo(request);
    if (/exactly \d+ slide titles/.test(said)) return sendChat(request, response, writeOutline(request));
    if (said.includes('Write the slides')) return sendChat(request, response, SLIDES);
    return sendChat(request, response, said.includes('Costs') ? 'Coins in the sun.' : 'Panels at dawn.');
  };

  before(async () => {
    openrouter = await startUpstream(writes);
    together = await startUpstream((request, response) =>
      request.body.includes('Coins') && !allowsSecond
        ? sendJson(response, 400, { error: { message: REFUSAL } })
        : sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] }),
    );
    stage = await startConsole({
      OPENROUTER_API_KEY: 'sk-or-canary',
      OPENROUTER_BASE_URL: `${openrouter.url}/api/v1`,
      TOGETHER_API_KEY: 'together-canary',
      TOGETHER_BASE_URL: `${together.url}/v1`,
    });
    await stage.addUser('the-viewer', 'viewer');
    await stage.addUser('the-user', 'user');
  });
  beforeEach(() => {
    openrouter.answer = writes;
  });
  after(async () => {
    await stage.close();
    await openrouter.close();
    await together.close();
  });

  it('goes from a topic over an outline that is changed to slides and pictures, one of which is drawn again', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/generation');
    const { page } = window;
    await page.getByLabel('Topic').fill(TOPIC);
    await page.getByLabel('Slides', { exact: true }).fill('many');
    await page.getByRole('button', { name: 'Make the outline' }).click();
    const invalid = page.locator('[aria-invalid=true]');
    await invalid.waitFor();
    assert.equal(await invalid.inputValue(), 'many');
    await page.getByLabel('Slides', { exact: true }).fill('3');
    await page.getByLabel('Language').fill('en-GB');
    await page.getByRole('button', { name: 'Make the outline' }).click();
    await page.getByLabel('Title 3', { exact: true }).waitFor();
    assert.match(page.url(), /topic=Solar/);
    assert.equal(await page.getByLabel('Title 1', { exact: true }).inputValue(), 'Solar energy, view 1');
    await page.getByLabel('Title 2', { exact: true }).fill(`Costs ${HOSTILE}`);
    await page.getByRole('button', { name: 'Take title 1 away' }).click();
    await page.getByRole('button', { name: 'Move title 2 up' }).click();
    assert.equal(await page.getByLabel('Title 1', { exact: true }).inputValue(), 'Solar energy, view 3');
    await page.getByRole('button', { name: 'Make the slides' }).click();
    await page.getByRole('heading', { name: `Costs ${HOSTILE}` }).waitFor();
    await page.getByText('Energy gains').waitFor();
    await page.getByRole('button', { name: 'Draw the pictures' }).click();
    await page.getByText('Not drawn').waitFor();
    await page.getByText(REFUSAL).waitFor();
    const picture = page.getByRole('img', { name: 'Panels at dawn.' });
    await picture.waitFor();
    assert.equal(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)), 1);
    await window.assertAccessible();
    allowsSecond = true;
    const drawn = together.seen.length;
    await page.getByRole('button', { name: 'Draw the picture of slide 2 again' }).click();
    await page.getByRole('img', { name: 'Coins in the sun.' }).waitFor();
    assert.equal(together.seen.length, drawn + 1);
    assert.equal(await page.getByText('Not drawn').count(), 0);
    const [presentation] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'PowerPoint' }).click(),
    ]);
    assert.match(presentation.suggestedFilename(), /[.]pptx$/);
    const archive = (await readFile(await presentation.path())).toString('latin1');
    for (const name of ['ppt/slides/slide2.xml', 'ppt/media/']) assert.ok(archive.includes(name), name);
    window.assertSound();
    await window.close();
  });

  it('is made in one go, slide by slide and picture by picture, shown and saved', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/generation?topic=Tidal+energy&slides=2');
    const { page } = window;
    const held = Promise.withResolvers<void>();
    // The slides are held back until the page has been looked at.
    openrouter.answer = async (request, response, number) => {
      if (request.method === 'POST' && saidTo(request).includes('Write the slides')) await held.promise;
      return writes(request, response, number);
    };
    await page.getByLabel('With pictures').click();
    await page.getByRole('button', { name: 'Make the whole deck' }).click();
    const steps = page.getByRole('list', { name: 'Steps of the deck' });
    await steps.getByText('2 of 2').waitFor();
    assert.equal(await page.getByLabel('Title 2', { exact: true }).isDisabled(), true);
    assert.match(page.url(), /pictures=true/);
    await window.assertAccessible();
    held.resolve();
    await page.getByRole('link', { name: /[.]pptx$/ }).waitFor();
    openrouter.answer = writes;
    assert.equal(await steps.getByText('done').count(), 4);
    await page.getByText('Energy gains').waitFor();
    assert.equal(await page.getByText('Drawn', { exact: true }).count(), 2);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /[.]pptx$/ }).click(),
    ]);
    assert.match((await readFile(await file.path())).toString('latin1'), /^PK/);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('dialog', { name: 'Slide 1 of 2' }).waitFor();
    await window.assertAccessible();
    await page.getByRole('group', { name: 'The slide' }).press('ArrowRight');
    await page.getByRole('dialog', { name: 'Slide 2 of 2' }).getByText('Energy gains').waitFor();
    await page.keyboard.press('Escape');
    const [pageFile] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Web page' }).click(),
    ]);
    assert.match(pageFile.suggestedFilename(), /[.]html$/);
    await page.getByRole('button', { name: 'Make the outline' }).click();
    await page.getByText('The deck before was put away.').waitFor();
    await page.getByText('Energy gains').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Energy gains').waitFor();
    assert.equal(await page.getByText('Drawn', { exact: true }).count(), 2);
    window.assertSound();
    await window.close();
  });

  it('can be stopped, keeps what came, and goes on from there', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn('the-user');
    await window.visit('/generation?topic=Wave+energy&slides=2');
    const { page } = window;
    const held = Promise.withResolvers<void>();
    openrouter.answer = async (request, response, number) => {
      if (request.method === 'POST' && saidTo(request).includes('Write the slides')) await held.promise;
      return writes(request, response, number);
    };
    await page.getByRole('button', { name: 'Make the whole deck' }).click();
    await page.getByRole('list', { name: 'Steps of the deck' }).getByText('2 of 2').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.').waitFor();
    const steps = page.getByRole('list', { name: 'Steps of the deck' });
    assert.deepEqual([await steps.getByText('done').count(), await steps.getByText('not made').count()], [1, 2]);
    await window.assertAccessible();
    assert.equal(await page.getByLabel('Title 2', { exact: true }).isDisabled(), false);
    held.resolve();
    openrouter.answer = writes;
    const outlines = openrouter.seen.filter((each) => each.method === 'POST' && saidTo(each).includes('Wave energy'));
    await page.getByRole('button', { name: 'Make the slides' }).click();
    await page.getByText('Energy gains').waitFor();
    assert.ok(outlines.length > 0);
    window.assertSound();
    await window.close();
  });

  it('says what ended a whole deck, and beside the field what is wrong with its brief', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/generation?topic=Coal+energy&slides=many');
    const { page } = window;
    await page.getByRole('button', { name: 'Make the whole deck' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    assert.equal(await page.getByLabel('Slides', { exact: true }).getAttribute('aria-invalid'), 'true');
    await page.getByLabel('Slides', { exact: true }).fill('2');
    openrouter.answer = (request, response) => sendChat(request, response, 'no');
    await page.getByRole('button', { name: 'Make the whole deck' }).click();
    await page.getByText('The deck could not be made').waitFor();
    openrouter.answer = writes;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: /[.]pptx$/ }).waitFor();
    window.assertSound();
    await window.close();
  });

  it('makes an outline of a document of one’s own, and says from where', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn('the-user');
    await window.visit('/generation?topic=Tides&slides=2');
    const { page } = window;
    assert.equal(await page.getByLabel('Topic').inputValue(), 'Tides');
    const buffer = Buffer.from('The Moon pulls at the sea and the water follows it twice each day.');
    await page.getByLabel('Choose a document').setInputFiles({ name: 'tides.txt', mimeType: 'text/plain', buffer });
    await page.getByText('tides.txt').waitFor();
    await page.getByRole('button', { name: 'Make the outline' }).click();
    await page.getByLabel('Title 2', { exact: true }).waitFor();
    assert.match(await page.getByLabel('Title 1', { exact: true }).inputValue(), /^The Moon pulls/);
    await page.getByText('of the document').waitFor();
    assert.ok(saidTo(openrouter.seen.at(-1) ?? assert.fail()).includes('The Moon pulls at the sea'));
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('says what the provider said against a step, and does it again', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/generation?topic=Wind&slides=2');
    const { page } = window;
    openrouter.answer = (_, response) => sendJson(response, 400, { error: { message: `No ${HOSTILE}` } });
    await page.getByRole('button', { name: 'Make the outline' }).click();
    await page.getByText('The outline could not be made').waitFor();
    assert.equal((await page.getByText('Choose another model', { exact: false }).count()) > 0, true);
    openrouter.answer = writes;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Title 2', { exact: true }).waitFor();
    assert.deepEqual(
      window.troubles.filter((each) => !/status of 502/.test(each)),
      [],
    );
    await window.close();
  });

  it('is kept from whoever may not, in words', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/generation');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});

describe('a gateway without providers', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
  });
  after(() => stage.close());

  it('names the variables that let decks be made', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/generation?topic=Wind');
    const { page } = window;
    await page.getByRole('button', { name: 'Make the outline' }).click();
    await page.getByText('The outline could not be made').waitFor();
    const variables = (await page.getByRole('region', { name: 'Variables' }).textContent()) ?? '';
    assert.match(variables, /^OPENROUTER_API_KEY=$/m);
    await window.assertAccessible();
    await page.getByRole('link', { name: 'Look at the settings' }).click();
    await page.waitForURL(/settings\?search=OPENROUTER_API_KEY/);
    assert.deepEqual(
      window.troubles.filter((each) => !/status of 503/.test(each)),
      [],
    );
    await window.close();
  });

  it('gives a support bundle to whoever asks at the doctor', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/doctor');
    const { page } = window;
    await page.getByRole('button', { name: 'Support bundle' }).click();
    await window.assertAccessible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^support-bundle-\d+\.zip$/);
    // Names stand in an archive as they are.
    const archive = (await readFile(await download.path())).toString('latin1');
    assert.match(archive, /^PK/);
    for (const name of ['about.json', 'doctor.json', 'calls.json']) assert.ok(archive.includes(name), name);
    await page.getByText('was downloaded').waitFor();
    window.assertSound();
    await window.close();
  });
});

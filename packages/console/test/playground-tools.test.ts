import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';
import {
  CALLS_NONE,
  READS,
  SEEDLESS,
  SEES,
  startTalking,
  talksTo,
  type TalkingUpstream,
} from './support/talking-upstream.ts';

const HOSTILE = '<script>alert(1)</script>';
/** One dot, as small as an image can be. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const IMAGE = { name: 'dot.png', mimeType: 'image/png', buffer: DOT };

interface Sent {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

describe('the playground with a provider', { skip: NO_BROWSER }, () => {
  let upstream: TalkingUpstream;
  let stage: ConsoleStage;
  const lastSent = (): Sent => (upstream.bodies().at(-1) ?? assert.fail()) as unknown as Sent;
  before(async () => {
    upstream = await startTalking();
    stage = await startConsole(talksTo(upstream));
    await stage.addUser('the-user', 'user');
  });
  after(async () => {
    await stage.close();
    await upstream.close();
  });

  it('lets tools be described, called several at once, and answered by hand', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit(`/playground?model=${READS}`);
    const { page } = window;
    await page.getByRole('tab', { name: 'Tools' }).click();
    await page.getByRole('button', { name: 'Add a tool' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('get weather');
    await dialog.getByLabel('Arguments').fill('{"type":"object","properties":{"city":{"type":"text"}}}');
    await dialog.getByText('properties.city.type: "text" is no type.').waitFor();
    await dialog.getByRole('button', { name: 'Add tool' }).click();
    await dialog.getByText('A letter first').waitFor();
    await window.assertAccessible();
    await dialog.getByLabel('Name').fill('get_weather');
    await dialog.getByLabel('Description').fill('The weather of now.');
    await dialog.getByLabel('Arguments').fill('{"type":"object","properties":{"city":{"type":"string"}}}');
    await dialog.getByRole('button', { name: 'Add tool' }).click();
    await page.getByLabel('Several at once').selectOption('yes');
    const piece = (index: number, more: object): object => ({ tool_calls: [{ index, ...more }] });
    const called = (index: number, id: string): object =>
      piece(index, { id, type: 'function', function: { name: 'get_weather', arguments: '' } });
    upstream.deltas = [
      { content: 'Let me see.' },
      called(0, 'call_a'),
      piece(0, { function: { arguments: '{"city":"Lis' } }),
      piece(0, { function: { arguments: 'bon"}' } }),
      called(1, 'call_b'),
      piece(1, { function: { arguments: `{"city":"${HOSTILE}"}` } }),
    ];
    await page.getByLabel('Message').fill('How is the weather?');
    await page.getByRole('button', { name: 'Send' }).click();
    const asked = page.getByRole('article').first();
    await asked.getByText('"city": "Lisbon"').waitFor();
    await asked.getByText(HOSTILE).waitFor();
    const give = asked.getByRole('button', { name: 'Give 2 answers' });
    assert.equal(await give.isDisabled(), true);
    await asked.getByLabel('What get_weather answers').first().fill('21 °C');
    assert.equal(await give.isDisabled(), true);
    await asked.getByLabel('What get_weather answers').last().fill('{"celsius":19}');
    await window.assertAccessible();
    upstream.deltas = [{ content: 'Mild, then.' }];
    await give.click();
    await page.getByRole('article').last().getByText('Mild, then.').waitFor();
    const { messages, tools, parallel_tool_calls: parallel } = lastSent();
    assert.deepEqual(
      messages.map(({ role, content, tool_call_id: of }) => [role, content, of]),
      [
        ['user', 'How is the weather?', undefined],
        ['assistant', 'Let me see.', undefined],
        ['tool', '21 °C', 'call_a'],
        ['tool', '{"celsius":19}', 'call_b'],
      ],
    );
    assert.deepEqual([parallel, (tools as readonly object[]).length], [true, 1]);
    assert.equal(await page.getByRole('button', { name: /^Give/ }).count(), 0);
    await page.getByRole('button', { name: 'Remove get_weather' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Remove get_weather' }).waitFor();
    await page.getByRole('combobox', { name: 'Model' }).click();
    await page.getByPlaceholder('Search…').fill('compound');
    await page.getByRole('option', { name: CALLS_NONE }).click();
    await page.getByText(`${CALLS_NONE} calls no tools.`).waitFor();
    window.assertSound();
    await window.close();
  });

  it('sends images and files that are chosen, pasted or dropped to models that read them, and to no others', async () => {
    const window = await stage.open({ theme: 'dark' });
    await window.signIn('the-user');
    await window.visit(`/playground?model=${SEES}`);
    const { page } = window;
    upstream.deltas = [{ content: 'A dot.' }];
    const chooser = page.getByLabel('Choose files');
    await chooser.setInputFiles([IMAGE, { name: 'note.md', mimeType: 'text/markdown', buffer: Buffer.from('# Rain') }]);
    await page.getByRole('img', { name: 'dot.png' }).waitFor();
    await page.getByLabel('Message').evaluate(
      (box, data) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(data)], 'pasted.png', { type: 'image/png' }));
        box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
      },
      [...DOT],
    );
    await page.getByRole('img', { name: 'pasted.png' }).waitFor();
    await page.getByRole('form', { name: 'Question' }).evaluate(
      (form, data) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(data)], 'dropped.png', { type: 'image/png' }));
        form.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
      },
      [...DOT],
    );
    await page.getByRole('img', { name: 'dropped.png' }).waitFor();
    await page.getByRole('button', { name: 'Remove pasted.png' }).click();
    await page.getByLabel('Message').fill('What is it?');
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('article').getByText('A dot.').waitFor();
    const url = `data:image/png;base64,${DOT.toString('base64')}`;
    assert.deepEqual(lastSent().messages.at(-1)?.['content'], [
      { type: 'image_url', image_url: { url } },
      { type: 'text', text: 'note.md:\n\n# Rain' },
      { type: 'image_url', image_url: { url } },
      { type: 'text', text: 'What is it?' },
    ]);
    assert.equal(await page.getByRole('form').getByRole('img').count(), 0);
    await chooser.setInputFiles([
      { name: 'song.mp3', mimeType: 'audio/mpeg', buffer: DOT },
      { name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(5_000_001) },
    ]);
    await page.getByText('“song.mp3” is neither an image').waitFor();
    await page.getByText('“large.png” is too large.').waitFor();
    await window.visit(`/playground?model=${READS}`);
    await chooser.setInputFiles(IMAGE);
    await page.getByText(`${READS} takes no images.`).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Remove dot.png' }).click();
    await page.getByText(`${READS} takes no images.`).waitFor({ state: 'detached' });
    window.assertSound();
    await window.close();
  });

  it('shows Markdown as what it means and as it was written, with code to copy and nothing that acts', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit(`/playground?model=${READS}`);
    const { page } = window;
    const text = [
      '# Rain',
      `It is **wet** ${HOSTILE} [here](https://a.example/b) and [there](javascript:alert(1)).`,
      '![a cat](https://evil.example/cat.png)',
      '| a | b |\n|---|--:|\n| 1 | 2 |',
      '```ts\nconst a = 1;\n```',
      '- [x] done',
    ].join('\n\n');
    upstream.deltas = [{ content: text }];
    await page.getByLabel('Seed').fill('7');
    await page.getByLabel('Form of the answer').selectOption('json');
    await page.getByLabel('Message').fill('Tell me');
    await page.getByRole('button', { name: 'Send' }).click();
    const answer = page.getByRole('article');
    await answer.getByRole('heading', { name: 'Rain' }).waitFor();
    assert.equal(await answer.locator('strong').textContent(), 'wet');
    await answer.getByText(HOSTILE).waitFor();
    assert.deepEqual(
      await answer
        .locator('a[target]')
        .evaluateAll((all) => all.map((each) => [each.getAttribute('href'), each.getAttribute('rel')])),
      [['https://a.example/b', 'noopener noreferrer nofollow']],
    );
    assert.equal(await answer.getByRole('img').count(), 0);
    await answer.getByText('(https://evil.example/cat.png)').waitFor();
    assert.equal(await answer.getByRole('cell').count(), 2);
    await answer.getByRole('button', { name: 'Copy code in ts' }).waitFor();
    await window.assertAccessible();
    await answer.getByRole('button', { name: 'Show as written' }).click();
    await answer.getByText('# Rain').waitFor();
    assert.equal(await answer.getByRole('heading').count(), 0);
    const sent = lastSent();
    assert.deepEqual(
      [sent['seed'], sent['response_format'], 'temperature' in sent],
      [7, { type: 'json_object' }, false],
    );
    await answer.getByRole('link', { name: 'In the log' }).click();
    await page.waitForURL(/\/traffic\//);
    window.assertSound();
    await window.close();
  });

  it('names what the provider could not be told', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit(`/playground?model=${SEEDLESS}`);
    const { page } = window;
    await page.getByLabel('Seed').fill('7');
    await page.getByLabel('Message').fill('Rain');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('One thing was not carried to this model').click();
    await page.getByText('seed', { exact: true }).waitFor();
    await page.getByText('It ended at the longest answer that is allowed.').waitFor();
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });
});

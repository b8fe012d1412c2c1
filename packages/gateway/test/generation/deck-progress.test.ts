import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { DeckLink } from '@patchbay/contract/resources/generation';
import { systemClock } from '@patchbay/llm/model/clock';
import { unzipSync } from 'fflate';

import { memoryBlobs } from '../../src/blobs/memory.ts';
import { deckName, DECKS, DECK_START, endOfDeck } from '../../src/blobs/deck-names.ts';
import { openDeckShelf } from '../../src/generation/deck/keep-decks.ts';
import { slidesOf } from '../../src/generation/documents/extract-pptx.ts';
import { sendJson } from '../support/scripted-upstream.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import { DOT, sendChat, startDecks, writeDeck, type DeckGateway } from './deck-gateway.ts';

const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
const ASKED = { topic: 'Solar energy', n_slides: 3, images: true, format: 'pptx' };

interface Told {
  readonly event: string;
  // What events say is looked at by hand in tests.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
}

async function askFor(body: object, of: DeckGateway): Promise<{ readonly response: Response; readonly told: Told[] }> {
  const response = await fetch(`${of.url}/v1/generate/deck`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TEST_KEY}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify(body),
  });
  const told = (await response.text()).split('\n\n').flatMap((frame) => {
    const [, event, data] = /^event: (\S+)\ndata: (.*)$/s.exec(frame) ?? [];
    return event === undefined || data === undefined ? [] : [{ event, data: JSON.parse(data) }];
  });
  return { response, told };
}

describe('a deck whose making is told event by event', () => {
  let gateway: DeckGateway;
  before(async () => {
    gateway = await startDecks();
  });
  after(() => gateway.close());
  beforeEach(() => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, writeDeck(request));
    gateway.together.answer = (_, response) =>
      sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] });
  });

  it('goes through its steps one after the other, tells each slide and picture, and ends with a link', async () => {
    const { response, told } = await askFor(ASKED, gateway);
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    const begun = told.filter(({ event }) => event === 'started').map(({ data }) => data.step);
    assert.deepEqual(begun, ['outline', 'slides', 'images', 'rendering']);
    const over = told.filter(({ data }) => data.stage === 'done').map(({ data }) => data.step);
    assert.deepEqual(over, begun);
    const items = (step: string) => told.filter(({ event, data }) => event === 'item' && data.step === step);
    assert.deepEqual(
      items('images')
        .map(({ data }) => [data.index, data.item.image_status])
        .toSorted(([one], [other]) => one - other),
      [
        [0, 'generated'],
        [1, 'generated'],
        [2, 'generated'],
      ],
    );
    assert.ok(items('slides').length > 0 && items('outline').length > 0);
    const ended = (step: string) => told.find(({ data }) => data.step === step && data.stage === 'done')?.data;
    assert.deepEqual(ended('outline').outlines, [
      'Solar energy, view 1',
      'Solar energy, view 2',
      'Solar energy, view 3',
    ]);
    assert.deepEqual(
      ended('slides').slides.map(({ title }: { readonly title: string }) => title),
      ended('outline').outlines,
    );
    assert.deepEqual(
      ended('images').slides.map(({ image_status: status }: { readonly image_status: string }) => status),
      ['generated', 'generated', 'generated'],
    );
    const last = told.at(-1);
    assert.equal(last?.event, 'done');
    const link = DeckLink.parse(last.data);
    assert.deepEqual([link.file_name, link.content_type, link.missing_pictures], ['Solar-energy.pptx', PPTX, []]);
    assert.match(link.url, new RegExp(`^${gateway.url}/static/decks/deck_\\d{13}_[0-9a-f]{32}\\.pptx$`));
    const keptMs = Date.parse(link.expires_at) - systemClock.nowMs();
    assert.ok(keptMs > 86_000_000 && keptMs <= 86_400_000, String(keptMs));

    const got = await fetch(link.url);
    assert.deepEqual(
      ['content-type', 'content-disposition', 'cache-control', 'x-content-type-options'].map((each) =>
        got.headers.get(each),
      ),
      [PPTX, 'attachment; filename="deck.pptx"', 'private, no-store', 'nosniff'],
    );
    const bytes = Buffer.from(await got.arrayBuffer());
    assert.equal(bytes.length, link.bytes);
    assert.deepEqual(
      slidesOf(bytes).map(({ title }) => title),
      ['Solar energy, view 1', 'Solar energy, view 2', 'Solar energy, view 3'],
    );
    assert.ok(Object.keys(unzipSync(bytes)).some((name) => name.startsWith('ppt/media/')));
  });

  it('is a page at a link too, also of slides that there are already, without any model', async () => {
    gateway.openrouter.seen.length = 0;
    const { told } = await askFor({ slides: [{ title: 'One' }, { title: 'Two' }], format: 'html' }, gateway);
    assert.deepEqual(
      told.map(({ event, data }) => [event, data.step, data.stage ?? data.format]),
      [
        ['started', 'rendering', 'html'],
        ['progress', 'rendering', 'done'],
        ['done', undefined, undefined],
      ],
    );
    assert.equal(gateway.openrouter.seen.length, 0);
    const got = await fetch(told.at(-1)?.data.url);
    assert.equal(got.headers.get('content-security-policy'), "default-src 'none'; sandbox");
    assert.equal((await got.text()).match(/<article /g)?.length, 2);
  });

  it('names the pictures that it lacks', async () => {
    gateway.together.seen.length = 0;
    gateway.together.answer = (_, response, number) =>
      number === 0
        ? sendJson(response, 400, { error: { message: 'This is not allowed.' } })
        : sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] });
    const { told } = await askFor({ ...ASKED, topic: 'Solar energy at home' }, gateway);
    const pictures = told.filter(({ event, data }) => event === 'item' && data.step === 'images');
    const failed = pictures.filter(({ data }) => data.item.image_status === 'error').map(({ data }) => data.index + 1);
    assert.deepEqual([pictures.length, failed.length], [3, 1]);
    assert.deepEqual(told.at(-1)?.data.missing_pictures, failed);
  });

  it('ends with an error, and with no link, when the writer fails after it has begun', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, 'no');
    const { response, told } = await askFor({ ...ASKED, topic: 'Coal' }, gateway);
    assert.equal(response.status, 200);
    assert.deepEqual([told.at(-1)?.event, told.at(-1)?.data.status_code], ['error', 502]);
    assert.ok(told.every(({ event }) => event !== 'done'));
  });

  it('is not there under a name that was guessed', async () => {
    for (const name of [deckName('pptx', 1_900_000_000_000, '0'.repeat(32)), '..%2f..%2fgateway-key', 'slide_1.png'])
      assert.equal((await fetch(`${gateway.url}/static/decks/${name}`)).status, 404, name);
  });
});

describe('the link to a deck', () => {
  it('leads to nothing once its time is over, and the file is then removed', async () => {
    let nowMs = 1_800_000_000_000;
    const blobs = memoryBlobs(DECKS);
    const shelf = openDeckShelf({
      blobs,
      keptMs: 60_000,
      newName: (format, endsAtMs) => deckName(format, endsAtMs, 'f'.repeat(32)),
      nameStart: DECK_START,
      endOf: endOfDeck,
      clock: { ...systemClock, nowMs: () => nowMs, every: () => () => undefined },
      onError: assert.ifError,
    });
    const deck = { bytes: Buffer.from('a deck'), contentType: PPTX, fileName: 'a.pptx', unpictured: [] };
    const kept = await shelf.keep(deck, 'pptx');
    assert.ok(kept.ok);
    assert.equal(kept.value.endsAtMs, nowMs + 60_000);
    const name = kept.value.url.slice('/static/decks/'.length);
    const isThere = async () => {
      const found = await shelf.get(name);
      return found.ok && found.value !== undefined;
    };
    nowMs += 59_999;
    assert.ok(await isThere());
    assert.deepEqual(await shelf.sweep(), { ok: true, value: 0 });
    nowMs += 1;
    assert.ok(!(await isThere()));
    assert.ok((await blobs.get(name)).ok);
    assert.deepEqual(await shelf.sweep(), { ok: true, value: 1 });
    assert.deepEqual(await blobs.names(DECK_START), { ok: true, value: [] });
    shelf.close();
  });
});

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { unzipSync } from 'fflate';

import { slidesOf } from '../../src/generation/documents/extract-pptx.ts';
import { dispositionOf } from '../../src/serving/serve-operation.ts';
import { VIEWER_KEY } from '../management/management-gateway.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import { DOT, sendChat, startDecks, writeDeck, type DeckGateway } from './deck-gateway.ts';

const TOPIC = 'Solar energy';
const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
/** As long as a picture in WebP must be to have a size. */
const WEBP = Buffer.from('RIFF....WEBPVP8X'.padEnd(30, '\0'), 'latin1');

let gateway: DeckGateway;
/** Somebody else's server. */
let web: ScriptedUpstream;

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  // What an interface answers is looked at by hand in tests.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

async function ask(body: object | FormData, path = '/v1/generate/deck', of = gateway, token = TEST_KEY): Promise<Got> {
  const isForm = body instanceof FormData;
  const { status, headers, ...answer } = await fetch(of.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(!isForm && { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  }).then(async (response) => ({
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }));
  const isJson = headers.get('content-type')?.startsWith('application/json') === true;
  return { status, headers, ...answer, json: isJson ? JSON.parse(answer.bytes.toString()) : undefined };
}

/** Pictures in a presentation. */
const picturesIn = (pptx: Buffer): readonly Buffer[] =>
  Object.entries(unzipSync(pptx))
    .filter(([name]) => name.startsWith('ppt/media/'))
    .map(([, bytes]) => Buffer.from(bytes));

before(async () => {
  gateway = await startDecks();
  web = await startUpstream((_, response) => void response.writeHead(404).end());
});
after(async () => {
  await gateway.close();
  await web.close();
});
beforeEach(() => {
  for (const { seen } of [gateway.openrouter, gateway.together, web]) seen.length = 0;
  gateway.openrouter.answer = (request, response) => sendChat(request, response, writeDeck(request));
  gateway.together.answer = (_, response) => sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] });
  web.answer = (_, response) => void response.writeHead(404).end();
  gateway.gateway.records.length = 0;
});

describe('a deck about a topic', () => {
  it('is a presentation of as many slides as were asked for, with their pictures', async () => {
    const { status, headers, bytes } = await ask({ topic: TOPIC, n_slides: 3, images: true, format: 'pptx' });
    assert.equal(status, 200, bytes.toString().slice(0, 500));
    assert.equal(headers.get('content-type'), PPTX);
    assert.equal(headers.get('content-disposition'), 'attachment; filename="Solar-energy.pptx"');
    assert.equal(headers.get('x-patchbay-missing-pictures'), null);
    const slides = slidesOf(bytes);
    assert.deepEqual(
      slides.map(({ title }) => title),
      ['Solar energy, view 1', 'Solar energy, view 2', 'Solar energy, view 3'],
    );
    assert.deepEqual([slides[0]?.notes, slides[1]?.lines], [['Hello.'], ['Solar energy, point 1']]);
    const pictures = picturesIn(bytes);
    assert.ok(pictures.length > 0 && pictures.every((each) => each.equals(DOT)));
    assert.equal(gateway.together.seen.length, 3);
    assert.deepEqual(new Set(gateway.gateway.records.map(({ route }) => route)), new Set(['/v1/generate/deck']));
  });

  it('is a page under the path without a version too, and has no pictures that nobody asked for', async () => {
    const { status, headers, bytes } = await ask({ topic: TOPIC, n_slides: 2, format: 'html' }, '/generate/deck');
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/html; charset=utf-8']);
    assert.equal(headers.get('x-api-version'), '1.0.0');
    assert.equal(bytes.toString().match(/<article /g)?.length, 2);
    assert.doesNotMatch(bytes.toString(), /<img/);
    assert.equal(gateway.together.seen.length, 0);
  });

  it('is made from the document of a form', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ topic: TOPIC, n_slides: '2', images: 'false', format: 'html' }))
      form.set(name, value);
    form.set('file', new File(['Tidal turbines turn slowly.'], 'notes.txt'));
    const { status, bytes } = await ask(form);
    assert.equal(status, 200, bytes.toString().slice(0, 500));
    assert.match(bytes.toString(), /Tidal turbines turn/);
  });

  it('says which pictures it lacks, and stands without them', async () => {
    gateway.together.answer = (_, response, number) =>
      number === 0
        ? sendJson(response, 400, { error: { message: 'This prompt is not allowed.' } })
        : sendJson(response, 200, { data: [{ b64_json: WEBP.toString('base64') }] });
    const { status, headers, bytes } = await ask({ topic: TOPIC, n_slides: 2, images: true, format: 'pptx' });
    assert.deepEqual([status, headers.get('x-patchbay-missing-pictures')], [200, '1,2']);
    assert.deepEqual([slidesOf(bytes).length, picturesIn(bytes).length], [2, 0]);
  });

  it('is a failure when the writer fails, and no file', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, 'no');
    const { status, json } = await ask({ topic: TOPIC, n_slides: 2, format: 'pptx' });
    assert.deepEqual([status, json?.error, json?.status_code], [502, true, 502]);
  });
});

describe('a deck of given slides', () => {
  const GIVEN = [
    { title: 'Opening' },
    { title: 'Points', content: ['One', 'Two'], notes: 'Slowly.' },
    { title: 'Both', content: { leftColumn: 'Left', rightColumn: ['Right'] } },
  ];

  it('calls no model, and its name is told in full', async () => {
    const { status, headers, bytes } = await ask({ title: '潮汐 für alle', slides: GIVEN, format: 'pptx' });
    assert.equal(status, 200, bytes.toString().slice(0, 500));
    assert.equal(
      headers.get('content-disposition'),
      `attachment; filename="__-f_r-alle.pptx"; filename*=UTF-8''%E6%BD%AE%E6%B1%90-f%C3%BCr-alle.pptx`,
    );
    assert.deepEqual(
      slidesOf(bytes).map(({ title, lines }) => [title, ...lines]),
      [['Opening'], ['Points', 'One', 'Two'], ['Both', 'Left', 'Right']],
    );
    assert.deepEqual([gateway.openrouter.seen.length, gateway.together.seen.length], [0, 0]);
  });

  it('takes what the pictures were answered with, by its address here or its path alone', async () => {
    const drawn = await ask({ slides: [{ title: 'Panels', content: 'Blue' }] }, '/v1/generate/images');
    const [slide] = drawn.json.slides as readonly { image_url: string }[];
    assert.ok(slide !== undefined);
    const asPath = { ...slide, image_url: new URL(slide.image_url).pathname };
    for (const slides of [[slide], [asPath]]) {
      const { status, bytes } = await ask({ slides, format: 'pptx' });
      assert.equal(status, 200, bytes.toString().slice(0, 500));
      assert.deepEqual(picturesIn(bytes), [DOT]);
    }
    const page = await ask({ slides: [asPath], format: 'html' });
    assert.ok(page.bytes.includes(`data:image/png;base64,${DOT.toString('base64')}`));
  });

  const pictured = (url: string) => ({ slides: [{ title: 'A' }, { title: 'B', image_url: url }], format: 'pptx' });

  it('does not fetch private addresses, and says so at the member', async () => {
    web.answer = (_, response) => void response.end(DOT);
    const { status, json } = await ask(pictured(`${web.url}/dot.png`));
    assert.deepEqual([status, json?.detail?.[0]?.field], [422, 'slides.1.image_url']);
    assert.match(json.message, /slide 2.*EGRESS_ALLOW/);
    assert.equal(web.seen.length, 0);
  });

  for (const [what, url, complaint] of [
    ['is not here', '/static/images/slide_1_20260101_000000_00000000.png', /There is no picture of this name/],
    ['leads out of the folder of pictures', '/static/images/../gateway-key', /must be an address/],
    ['has a name that no picture has', '/static/images/gateway-key', /ends with \.png/],
    ['is no address', 'picture.png', /must be an address/],
  ] as const)
    it(`is refused when a picture ${what}`, async () => {
      const { status, json } = await ask(pictured(url));
      assert.deepEqual([status, json?.detail?.[0]?.field], [422, 'slides.1.image_url']);
      assert.match(json.message, complaint);
    });

  describe('with pictures of others', () => {
    let open: DeckGateway;
    before(async () => {
      open = await startDecks({}, { egressAllow: ['127.0.0.1'] });
    });
    after(() => open.close());

    it('has them fetched', async () => {
      web.answer = (_, response) => void response.end(DOT);
      const { status, bytes } = await ask(pictured(`${web.url}/dot.png`), '/v1/generate/deck', open);
      assert.equal(status, 200, bytes.toString().slice(0, 500));
      assert.deepEqual(picturesIn(bytes), [DOT]);
    });

    for (const [what, body, complaint] of [
      ['is no picture', '<svg/>', /no PNG, JPEG, GIF or WebP/],
      ['is a kind that presentations cannot have', WEBP, /WebP/],
      ['is too large', Buffer.alloc(10_000_001), /10 MB/],
    ] as const)
      it(`is refused when one ${what}`, async () => {
        web.answer = (_, response) => void response.end(body);
        const { status, json } = await ask(pictured(`${web.url}/x`), '/v1/generate/deck', open);
        assert.deepEqual(
          [status, what === 'is too large' ? 'slides.1.image_url' : json?.detail?.[0]?.field],
          [what === 'is too large' ? 413 : 422, 'slides.1.image_url'],
        );
        assert.match(json.message, complaint);
      });
  });
});

describe('a request for a deck', () => {
  const SLIDES = [{ title: 'A' }];
  for (const [what, body, field] of [
    ['names neither topic nor slides', { format: 'pptx' }, 'topic'],
    ['names both', { format: 'pptx', topic: TOPIC, n_slides: 1, slides: SLIDES }, 'slides'],
    ['does not say how many slides', { format: 'pptx', topic: TOPIC }, 'n_slides'],
    ['does not say which kind of file', { topic: TOPIC, n_slides: 1 }, 'format'],
    ['wants another kind of file', { slides: SLIDES, format: 'pdf' }, 'format'],
    ['has no slides', { slides: [], format: 'pptx' }, 'slides'],
    ['wants given slides drawn', { slides: SLIDES, format: 'pptx', images: true }, 'images'],
    [
      'has a document beside slides',
      { slides: SLIDES, format: 'pptx', file_url: 'https://example.com/a.txt', file_type: 'txt' },
      'slides',
    ],
    [
      'names a document without its kind',
      { topic: TOPIC, n_slides: 1, format: 'html', file_url: 'https://a.example' },
      'file_type',
    ],
  ] as const)
    it(`is refused when it ${what}`, async () => {
      const { status, json } = await ask(body);
      assert.deepEqual([status, json?.detail?.[0]?.field], [422, field], JSON.stringify(json));
      assert.equal(gateway.openrouter.seen.length, 0);
    });

  it('is for whoever may have slides written', async () => {
    const { status } = await ask({ slides: SLIDES, format: 'html' }, '/v1/generate/deck', gateway, VIEWER_KEY);
    assert.equal(status, 403);
    assert.equal(
      (await ask({ slides: SLIDES, format: 'html' }, '/v1/generate/deck', gateway, 'pb_nobody')).status,
      401,
    );
  });

  it('counts as one for slides', async () => {
    const narrow = await startDecks({ perMinute: { outline: 0, slides: 1, images: 0 } });
    try {
      const body = { slides: SLIDES, format: 'html' };
      assert.equal((await ask(body, '/v1/generate/deck', narrow)).status, 200);
      const refused = await ask(body, '/generate/deck', narrow);
      assert.deepEqual([refused.status, refused.json?.status_code], [429, 429]);
      assert.match(refused.json.message, /RATE_LIMIT_SLIDES/);
    } finally {
      await narrow.close();
    }
  });
});

describe('the name of a file', () => {
  it('is said once where every client can read it, and twice where not', () => {
    assert.equal(dispositionOf('a b.csv'), 'attachment; filename="a_b.csv"');
    assert.equal(
      dispositionOf('a";x=1\r\n.csv'),
      `attachment; filename="a__x_1__.csv"; filename*=UTF-8''a%22%3Bx%3D1%0D%0A.csv`,
    );
    assert.equal(
      dispositionOf(`é'(*).pptx`),
      `attachment; filename="_____.pptx"; filename*=UTF-8''%C3%A9%27%28%2A%29.pptx`,
    );
    assert.match(dispositionOf('\ud800.html'), /filename\*=UTF-8''%EF%BF%BD\.html$/);
  });
});

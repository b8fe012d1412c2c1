import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { sendJson } from '../support/scripted-upstream.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import { ADMIN_KEY } from '../management/management-gateway.ts';
import { askedIn, DOT, saidTo, sendChat, startDecks, writeOutline, type DeckGateway } from './deck-gateway.ts';

const TOPIC = 'Solar energy';
const TITLES = ['Solar energy today', 'Panels and inverters', 'Costs and gains'];
const DECK = [
  { title: 'x', template: 'sectionHeader', content: 'Solar energy is everywhere', notes: 'Welcome.' },
  { title: 'x', template: 'titleAndBullets', content: ['Panels make current', 'Inverters turn it'], notes: '' },
  {
    title: 'x',
    template: 'twoColumn',
    content: { leftColumn: 'Costs fall', rightColumn: 'Gains rise' },
    notes: 'Both.',
  },
];
const ASKED = { slides_titles: TITLES, topic: TOPIC };

let gateway: DeckGateway;
const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  gateway.ask(`POST ${path}`, { token: TEST_KEY, body, headers });

before(async () => {
  gateway = await startDecks({ cache: { ttlMs: 60_000, bytesMax: 1_000_000 } });
});
after(() => gateway.close());
beforeEach(async () => {
  gateway.openrouter.seen.length = 0;
  gateway.together.seen.length = 0;
  gateway.openrouter.answer = (request, response) => sendChat(request, response, JSON.stringify({ slides: DECK }));
  gateway.together.answer = (_, response) => sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] });
  gateway.gateway.records.length = 0;
  for (const kind of ['outline', 'slides', 'images'])
    await gateway.ask(`POST /v1/debug/clear-cache?endpoint=${kind}`, { token: ADMIN_KEY });
});

describe('slides', () => {
  it('come with the titles that were asked for, each in its template', async () => {
    const { status, json } = await ask('/v1/generate/slides', ASKED);
    assert.equal(status, 200, JSON.stringify(json));
    assert.deepEqual(json, {
      slides: [
        { ...DECK[0], title: TITLES[0] },
        { title: TITLES[1], template: 'titleAndBullets', content: DECK[1]?.content },
        { ...DECK[2], title: TITLES[2] },
      ],
    });
    const said = saidTo(gateway.openrouter.seen[0] ?? assert.fail());
    for (const title of TITLES) assert.ok(said.includes(title));
    assert.equal(gateway.gateway.records[0]?.route, '/v1/generate/slides');
  });

  const changed = (at: number, members: object): readonly object[] =>
    DECK.map((slide, each) => (each === at ? { ...slide, ...members } : slide));
  for (const [what, slides, complaint] of [
    ['are too few', DECK.slice(1), /exactly 3 slides, not 2/],
    ['have markup', changed(0, { content: '**Solar** energy' }), /slide 1 must be plain text/],
    ['have line breaks', changed(0, { content: 'Solar\nenergy' }), /slide 1 must be plain text/],
    ['have content of another template', changed(1, { content: 'One text' }), /slide 2 must have a list of texts/],
    ['have a template that there is not', changed(1, { template: 'fancy' }), /slide 2 must have a `template`/],
    [
      'have no columns',
      changed(2, { template: 'titleAndBody', content: 'Costs fall' }),
      /must have the template `twoColumn`/,
    ],
    [
      'speak of something else',
      DECK.map((slide) => ({
        ...slide,
        content:
          slide.template === 'twoColumn'
            ? { leftColumn: 'Cats', rightColumn: 'Dogs' }
            : slide.template === 'titleAndBullets'
              ? ['Cats']
              : 'Dogs',
        notes: '',
      })),
      /must speak of Solar energy/,
    ],
  ] as const)
    it(`are mended once when they ${what}, and are a failure when that does not help`, async () => {
      gateway.openrouter.answer = (request, response, number) =>
        sendChat(request, response, JSON.stringify({ slides: number === 0 ? slides : DECK }));
      assert.equal((await ask('/v1/generate/slides', ASKED)).status, 200);
      assert.match(saidTo(gateway.openrouter.seen[1] ?? assert.fail()), complaint);
      gateway.openrouter.answer = (request, response) => sendChat(request, response, JSON.stringify({ slides }));
      const failed = await ask('/v1/generate/slides', { ...ASKED, lang: 'en-GB' });
      assert.deepEqual([failed.status, failed.json.slides], [502, undefined]);
    });
});

describe('pictures', () => {
  const SLIDES = [
    { title: 'Panels', content: 'How panels work', template: 'titleAndBody', notes: 'Slowly.' },
    { title: 'Summary', content: 'All of it' },
    { title: 'Storage', content: ['Batteries', 'Water'] },
  ];
  beforeEach(() => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, 'A field of blue panels at dawn.');
  });

  it('are drawn in the documented way, kept, and served where the answer says', async () => {
    const { status, json } = await ask('/v1/generate/images', { slides: SLIDES });
    assert.equal(status, 200, JSON.stringify(json));
    assert.equal(json.status, 'success');
    const [first, second, third] = json.slides;
    assert.deepEqual(
      [first.title, first.notes, first.template, first.image_status, first.prompt],
      ['Panels', 'Slowly.', 'titleAndBody', 'generated', 'A field of blue panels at dawn.'],
    );
    assert.deepEqual([second.image_status, second.image_url], ['skipped', null]);
    assert.equal(third.image_status, 'generated');
    assert.deepEqual(JSON.parse(String(gateway.together.seen[0]?.body)), {
      model: 'black-forest-labs/FLUX.1-schnell-Free',
      prompt: 'A field of blue panels at dawn.',
      n: 1,
      width: 1024,
      height: 768,
      steps: 4,
      response_format: 'b64_json',
    });
    assert.equal(gateway.together.seen[0]?.path, '/v1/images/generations');
    assert.match(first.image_url, /^http:\/\/127\.0\.0\.1:\d+\/static\/images\/slide_1_\d{8}_\d{6}_[0-9a-f]{8}\.png$/);
    const served = await fetch(first.image_url);
    assert.deepEqual(
      [served.status, served.headers.get('content-type'), served.headers.get('x-content-type-options')],
      [200, 'image/png', 'nosniff'],
    );
    assert.deepEqual(Buffer.from(await served.arrayBuffer()), DOT);
    const routes = gateway.gateway.records.map(
      ({ route, requestedModel }) => `${route} ${requestedModel.split('/', 1)[0]}`,
    );
    assert.equal(routes.filter((each) => each === '/v1/generate/images together').length, 2);
  });

  it('that could not be drawn say why in their place, and the others stand', async () => {
    gateway.together.answer = (request, response) =>
      String(request.body).includes('Storage')
        ? sendJson(response, 400, { error: { message: 'This prompt is not allowed.' } })
        : sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] });
    gateway.openrouter.answer = (request, response) =>
      sendChat(request, response, saidTo(request).includes('Storage') ? 'Storage of power' : 'Panels');
    const { status, json } = await ask('/v1/generate/images', { slides: SLIDES });
    assert.deepEqual([status, json.status], [200, 'error']);
    assert.deepEqual(
      json.slides.map(({ image_status }: { image_status: string }) => image_status),
      ['generated', 'skipped', 'error'],
    );
    const [, , failed] = json.slides;
    assert.equal(failed.image_url, null);
    assert.match(failed.error, /not allowed/);
  });

  it('are asked for by a plain sentence where nobody describes them', async () => {
    gateway.openrouter.answer = (_, response) => void response.writeHead(500).end();
    const { json } = await ask('/v1/generate/images', { slides: SLIDES.slice(0, 1) });
    assert.equal(json.status, 'success');
    assert.match(json.slides[0].prompt, /“Panels”/);
  });

  it('that are no pictures are not kept', async () => {
    const page = Buffer.from('<svg onload="alert(1)">').toString('base64');
    gateway.together.answer = (_, response) => sendJson(response, 200, { data: [{ b64_json: page }] });
    const { json } = await ask('/v1/generate/images', { slides: SLIDES.slice(0, 1) });
    assert.equal(json.slides[0].image_status, 'error');
    assert.match(json.slides[0].error, /no PNG/);
  });

  it('are served under their own names alone', async () => {
    for (const path of ['..%2f..%2fgateway-key', '%2e%2e/gateway-key', 'nothing.png', 'a.svg', '.hidden.png'])
      assert.equal((await fetch(`${gateway.url}/static/images/${path}`)).status, 404, path);
  });

  it('are drawn four at a time', async () => {
    let now = 0;
    let most = 0;
    let begun = 0;
    const release = Promise.withResolvers<void>();
    gateway.together.answer = async (_, response) => {
      now += 1;
      most = Math.max(most, now);
      if (now === 4) {
        begun = gateway.openrouter.seen.length;
        release.resolve();
      }
      await release.promise;
      now -= 1;
      sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] });
    };
    const slides = Array.from({ length: 9 }, (_, at) => ({ title: `Picture ${at}`, content: 'x' }));
    const { json } = await ask('/v1/generate/images', { slides });
    // Nobody had begun with a fifth one, which is described before it is drawn.
    assert.deepEqual([json.status, json.slides.length, most, begun], ['success', 9, 4, 4]);
  });
});

describe('progress', () => {
  interface Told {
    readonly event: string;
    readonly data: Record<string, unknown>;
  }
  const events = (text: string): readonly Told[] =>
    text
      .split('\n\n')
      .filter((each) => each.startsWith('event: '))
      .map((each) => {
        const [event = '', data = ''] = each.split('\n');
        return { event: event.slice(7), data: JSON.parse(data.slice(6)) as Record<string, unknown> };
      });
  const EVENTS = { accept: 'text/event-stream' };

  it('is told event by event, and the last one is the whole answer', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, writeOutline(request));
    const asked = { topic: TOPIC, n_slides: 6 };
    const { status, headers, text } = await ask('/v1/generate/outline', asked, EVENTS);
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream; charset=utf-8']);
    assert.equal(askedIn(gateway.openrouter.seen[0] ?? assert.fail()).stream, true);
    const told = events(text);
    assert.equal(told[0]?.event, 'started');
    assert.deepEqual(told[0]?.data['endpoint'], 'outline');
    const items = told.filter(({ event }) => event === 'item').map(({ data }) => data['item']);
    const last = told.at(-1);
    assert.equal(last?.event, 'done');
    const outlines = last?.data['outlines'] as readonly string[];
    assert.equal(outlines.length, 6);
    assert.ok(items.length > 0);
    assert.deepEqual(items, outlines.slice(0, items.length));
    const plain = await ask('/v1/generate/outline', asked);
    assert.deepEqual(plain.json, last?.data);
  });

  it('tells each picture as it is there', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, 'A panel.');
    const slides = [{ title: 'One' }, { title: 'Thank you' }, { title: 'Two' }];
    const told = events((await ask('/v1/generate/images', { slides }, EVENTS)).text);
    const items = told.filter(({ event }) => event === 'item');
    assert.deepEqual(new Set(items.map(({ data }) => data['index'])), new Set([0, 1, 2]));
    assert.equal(told.at(-1)?.event, 'done');
  });

  it('ends with an error where it fails on the way, and with a status where it fails before', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, 'no');
    const told = events((await ask('/v1/generate/slides', ASKED, EVENTS)).text);
    const last = told.at(-1);
    assert.deepEqual([last?.event, last?.data['error'], last?.data['status_code']], ['error', true, 502]);
    assert.equal((await ask('/v1/generate/slides', { topic: TOPIC }, EVENTS)).status, 422);
  });

  for (const headers of [EVENTS, {}])
    it(`is not made any further once its caller has left (${'accept' in headers ? 'events' : 'whole'})`, async () => {
      const arrived = Promise.withResolvers<void>();
      gateway.openrouter.answer = () => arrived.resolve();
      const client = httpRequest(`${gateway.url}/v1/generate/slides`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', authorization: `Bearer ${TEST_KEY}` },
      });
      client.on('error', () => undefined);
      client.end(JSON.stringify(ASKED));
      await arrived.promise;
      client.destroy();
      await gateway.openrouter.seen[0]?.closedEarly;
      while (gateway.gateway.records.length === 0) await setImmediate();
      assert.equal(gateway.gateway.records[0]?.state, 'cancelled');
    });
});

describe('what was made before', () => {
  beforeEach(() => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, writeOutline(request));
  });
  const outline = (body: object, token = TEST_KEY) => gateway.ask('POST /v1/generate/outline', { token, body });

  it('is given again to the same question of the same caller, and the header says so', async () => {
    const first = await outline({ topic: TOPIC, n_slides: 4 });
    const again = await outline({ n_slides: 4, topic: TOPIC, lang: 'en' });
    assert.deepEqual(
      [first, again].map(({ headers }) => headers.get('x-patchbay-cache')),
      ['miss', 'hit'],
    );
    assert.deepEqual(again.json, first.json);
    assert.equal(gateway.openrouter.seen.length, 1);
  });

  it('is nobody else’s, and no other question’s', async () => {
    await outline({ topic: TOPIC, n_slides: 4 });
    const others = [
      await outline({ topic: TOPIC, n_slides: 4 }, ADMIN_KEY),
      await outline({ topic: TOPIC, n_slides: 5 }),
      await outline({ topic: TOPIC, n_slides: 4, lang: 'de' }),
      await outline({ topic: TOPIC, n_slides: 4, model: 'openrouter/other' }),
    ];
    assert.deepEqual(
      others.map(({ headers }) => headers.get('x-patchbay-cache')),
      ['miss', 'miss', 'miss', 'miss'],
    );
  });

  it('is forgotten when an administrator says so', async () => {
    await outline({ topic: TOPIC, n_slides: 4 });
    const cleared = await gateway.ask('POST /v1/debug/clear-cache?endpoint=outline', { token: ADMIN_KEY });
    assert.deepEqual([cleared.status, cleared.json], [200, { cleared: 1, endpoint: 'outline' }]);
    assert.equal((await outline({ topic: TOPIC, n_slides: 4 })).headers.get('x-patchbay-cache'), 'miss');
  });

  it('is never a failure', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, 'no');
    assert.equal((await outline({ topic: TOPIC, n_slides: 7 })).status, 502);
    gateway.openrouter.answer = (request, response) => sendChat(request, response, writeOutline(request));
    const { status, json, headers } = await outline({ topic: TOPIC, n_slides: 7 });
    assert.deepEqual([status, json.outlines.length, headers.get('x-patchbay-cache')], [200, 7, 'miss']);
  });
});

describe('limits', () => {
  it('count by address and kind, and say so in headers', async () => {
    const narrow = await startDecks({ perMinute: { outline: 2, slides: 1, images: 0 } });
    try {
      const outline = () =>
        narrow.ask('POST /v1/generate/outline', { token: TEST_KEY, body: { topic: 'a', n_slides: 2 } });
      const first = await outline();
      assert.deepEqual(
        ['x-rate-limit-limit', 'x-rate-limit-remaining'].map((name) => first.headers.get(name)),
        ['2', '1'],
      );
      assert.match(first.headers.get('x-rate-limit-reset') ?? '', /^\d{10}$/);
      assert.equal((await outline()).status, 200);
      const refused = await outline();
      assert.deepEqual([refused.status, refused.json.error, refused.json.status_code], [429, true, 429]);
      assert.match(refused.json.message, /RATE_LIMIT_OUTLINE/);
      assert.ok(Number(refused.headers.get('retry-after')) >= 1);
      const other = await narrow.ask('POST /v1/generate/slides', { token: TEST_KEY, body: {} });
      assert.equal(other.status, 422);
    } finally {
      await narrow.close();
    }
  });
});

describe('a trace', () => {
  it('tells what was decided, where the caller asks for one', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, writeOutline(request));
    const { status, json, headers } = await ask(
      '/v1/generate/outline',
      { topic: 'AI Ethics', n_slides: 5 },
      { 'x-trace-enabled': 'true' },
    );
    assert.deepEqual([status, json.outlines.length], [200, 5]);
    assert.match(headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
    assert.match(headers.get('x-trace-steps') ?? '', /received=.*made=/);
    const kept = await gateway.ask(`GET /v1/debug/traces/${headers.get('x-trace-id')}`, { token: TEST_KEY });
    assert.equal(kept.status, 200);
    assert.ok(kept.json.steps.length > 2);
  });
});

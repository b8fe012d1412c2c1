import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { startUpstream } from '../support/scripted-upstream.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import { ADMIN_KEY, VIEWER_KEY } from '../management/management-gateway.ts';
import { askedIn, saidTo, sendChat, startDecks, writeOutline, type DeckGateway } from './deck-gateway.ts';

/** The request of the guide. */
const SEED = { topic: 'AI Ethics', n_slides: 5 };
const titles = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `Ethics, part ${at + 1}`);

let gateway: DeckGateway;
const ask = (body: unknown, headers: Record<string, string> = {}, path = '/v1/generate/outline') =>
  gateway.ask(`POST ${path}`, { token: TEST_KEY, body, headers });

before(async () => {
  gateway = await startDecks();
});
after(() => gateway.close());
beforeEach(() => {
  gateway.openrouter.seen.length = 0;
  gateway.openrouter.answer = (request, response) => sendChat(request, response, writeOutline(request));
  gateway.gateway.records.length = 0;
});

describe('an outline', () => {
  it('has exactly as many titles as the request of the guide asks for', async () => {
    const { status, json, headers } = await ask(SEED);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json), ['outlines']);
    assert.equal(json.outlines.length, 5);
    assert.ok(json.outlines.every((title: unknown) => typeof title === 'string' && title !== ''));
    assert.equal(headers.get('x-api-version'), '1.0.0');
    assert.equal(headers.get('x-patchbay-cache'), 'miss');
  });

  it('is written by the documented model, held to a schema', async () => {
    await ask(SEED);
    const [seen] = gateway.openrouter.seen;
    assert.ok(seen !== undefined);
    const asked = askedIn(seen);
    assert.equal(seen.path, '/api/v1/chat/completions');
    assert.equal(seen.headers.authorization, 'Bearer sk-or-canary');
    assert.equal(asked.model, 'meta-llama/llama-4-maverick:free');
    assert.equal(asked.temperature, 0.7);
    assert.equal(asked.max_tokens ?? asked.max_completion_tokens, 4000);
    assert.equal(asked.response_format?.type, 'json_schema');
    assert.match(saidTo(seen), /AI Ethics[\s\S]*exactly 5 slide titles[\s\S]*English[\s\S]*intermediate/);
  });

  it('stands in the log like any other call', async () => {
    const { headers } = await ask(SEED);
    const [record] = gateway.gateway.records;
    assert.equal(record?.requestId, headers.get('x-request-id'));
    assert.deepEqual(
      [
        record?.route,
        record?.keyId,
        record?.state,
        record?.status,
        record?.attempts.map(({ providerId }) => providerId),
      ],
      ['/v1/generate/outline', 'test', 'success', 200, ['openrouter']],
    );
    assert.equal(record?.attempts[0]?.usage?.inputTokens, 100);
  });

  it('is made under the path without a version too', async () => {
    const { status, json } = await ask({ ...SEED, n_slides: 3 }, {}, '/generate/outline');
    assert.deepEqual([status, json.outlines.length], [200, 3]);
  });

  it('is asked for in the wanted language and for the wanted level', async () => {
    await ask({ ...SEED, lang: 'pt-BR', instructional_level: 'advanced' });
    const [seen] = gateway.openrouter.seen;
    assert.match(saidTo(seen ?? assert.fail()), /Brazilian Portuguese[\s\S]*advanced/);
  });

  it('in another script is not taken in Latin letters', async () => {
    const arabic = Array.from({ length: 5 }, (_, at) => `أخلاقيات الذكاء ${at + 1}`);
    gateway.openrouter.answer = (request, response, number) =>
      sendChat(request, response, JSON.stringify({ outlines: number === 0 ? titles(5) : arabic }));
    const { json } = await ask({ ...SEED, lang: 'ar' });
    assert.deepEqual(json.outlines, arabic);
    assert.match(saidTo(gateway.openrouter.seen[1] ?? assert.fail()), /must be written in Arabic/);
  });

  it('goes to the model that the request names', async () => {
    await ask({ ...SEED, model: 'openrouter/some/other-model' });
    assert.equal(askedIn(gateway.openrouter.seen[0] ?? assert.fail()).model, 'some/other-model');
  });

  it('loses the numbers that models write in front of titles', async () => {
    const outlines = ['1. Begin', '2) Go on', 'Slide 3: End'];
    gateway.openrouter.answer = (request, response) => sendChat(request, response, JSON.stringify({ outlines }));
    assert.deepEqual((await ask({ ...SEED, n_slides: 3 })).json.outlines, ['Begin', 'Go on', 'End']);
  });
});

describe('an answer that does not fit', () => {
  for (const [what, wrong, complaint] of [
    ['has too few titles', JSON.stringify({ outlines: titles(4) }), /exactly 5 titles, not 4/],
    ['has too many titles', JSON.stringify({ outlines: titles(6) }), /exactly 5 titles, not 6/],
    ['has a title twice', JSON.stringify({ outlines: [...titles(4), titles(1)[0]] }), /title 5 says the same/],
    ['has markup', JSON.stringify({ outlines: ['**Bold**', ...titles(4)] }), /title 1 must be one plain line/],
    ['is no JSON', 'Here are five titles: one, two', /it is no JSON/],
  ] as const)
    it(`is mended once when it ${what}`, async () => {
      gateway.openrouter.answer = (request, response, number) =>
        sendChat(request, response, number === 0 ? wrong : writeOutline(request));
      const { status, json } = await ask(SEED);
      assert.deepEqual([status, json.outlines.length, gateway.openrouter.seen.length], [200, 5, 2]);
      assert.match(saidTo(gateway.openrouter.seen[1] ?? assert.fail()), complaint);
    });

  it('is a failure when the second one does not fit either, and never something made up', async () => {
    gateway.openrouter.answer = (request, response) => sendChat(request, response, '{"outlines":["Only one"]}');
    const { status, json } = await ask(SEED);
    assert.equal(status, 502);
    assert.deepEqual([json.error, json.status_code, json.outlines], [true, 502, undefined]);
    assert.match(json.message, /exactly 5 titles, not 1/);
    assert.equal(gateway.openrouter.seen.length, 2);
  });
});

describe('a provider that fails', () => {
  for (const [upstream, status] of [
    [500, 502],
    [401, 502],
    [429, 429],
  ] as const)
    it(`with ${upstream} is told as ${status}, in this interface’s shape and without its key`, async () => {
      gateway.openrouter.answer = (_, response) => {
        response.writeHead(upstream, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: 'no, with sk-or-canary', code: upstream } }));
      };
      const answered = await ask(SEED);
      assert.equal(answered.status, status);
      assert.deepEqual([answered.json.error, answered.json.status_code], [true, status]);
      assert.ok(!answered.text.includes('sk-or-canary'));
      for (const seat of gateway.gateway.gateway.registry.current().runtimes.get('openrouter')?.pool.seats ?? [])
        seat.reset();
    });

  it('is replaced by the next one of an alias', async () => {
    const other = await startDecks(
      { presets: { outline: 'writer' } },
      { aliases: new Map([['writer', ['openrouter/first', 'together/second']]]) },
    );
    try {
      other.openrouter.answer = (_, response) => void response.writeHead(500).end();
      other.together.answer = (request, response) => sendChat(request, response, writeOutline(request));
      const { status, json } = await other.ask('POST /v1/generate/outline', { token: TEST_KEY, body: SEED });
      assert.deepEqual([status, json.outlines.length], [200, 5]);
      assert.equal(askedIn(other.together.seen[0] ?? assert.fail()).model, 'second');
    } finally {
      await other.close();
    }
  });
});

describe('without a provider', () => {
  it('says which variable to set, and the simulator makes nothing up', async () => {
    const bare = await startDecks({}, { providers: [] });
    try {
      const { status, json } = await bare.ask('POST /v1/generate/outline', { token: TEST_KEY, body: SEED });
      assert.deepEqual([status, json.status_code, json.error], [503, 503, true]);
      assert.match(json.message, /OPENROUTER_API_KEY, OPENAI_API_KEY or TOGETHER_API_KEY/);
      assert.equal(bare.gateway.records.length, 0);
      const images = { slides: [{ title: 'A', content: 'b' }] };
      const drawn = await bare.ask('POST /v1/generate/images', { token: TEST_KEY, body: images });
      assert.equal(drawn.status, 503);
      assert.match(drawn.json.message, /TOGETHER_API_KEY/);
    } finally {
      await bare.close();
    }
  });

  it('names the one that DEFAULT_LLM_PROVIDER wants', async () => {
    const bare = await startDecks({ writer: 'openai' });
    try {
      const { status, json } = await bare.ask('POST /v1/generate/outline', { token: TEST_KEY, body: SEED });
      assert.equal(status, 503);
      assert.match(json.message, /OPENAI_API_KEY/);
      assert.equal(bare.openrouter.seen.length, 0);
    } finally {
      await bare.close();
    }
  });
});

describe('who may', () => {
  const asAnybody = (headers: Record<string, string>) =>
    gateway.ask('POST /v1/generate/outline', { body: SEED, headers });

  it('is nobody without a credential, and is told how to get in', async () => {
    const { status, json, headers } = await asAnybody({});
    assert.deepEqual([status, json.error, json.status_code], [401, true, 401]);
    assert.equal(headers.get('x-api-version'), '1.0.0');
    assert.equal((await asAnybody({ 'x-api-key': 'pb_unknown' })).status, 401);
    assert.equal(gateway.openrouter.seen.length, 0);
  });

  it('is everybody with a key, in either header, or with a session', async () => {
    for (const headers of [{ 'x-api-key': TEST_KEY }, { authorization: `Bearer ${ADMIN_KEY}` }])
      assert.equal((await asAnybody(headers)).status, 200);
    const token = await gateway.signIn('user');
    assert.equal((await asAnybody({ authorization: `Bearer ${token}` })).status, 200);
    const [, , bySession] = gateway.gateway.records;
    assert.match(bySession?.keyId ?? '', /^user-/);
  });

  it('is nobody whose role only reads', async () => {
    const { status, json } = await asAnybody({ 'x-api-key': VIEWER_KEY });
    assert.equal(status, 403);
    assert.match(json.message, /outline:generate/);
  });
});

describe('a request that is wrong', () => {
  for (const [what, body, field] of [
    ['has no topic', { n_slides: 5 }, 'topic'],
    ['has an empty topic', { topic: '  ', n_slides: 5 }, 'topic'],
    ['wants no slides', { topic: 'a', n_slides: 0 }, 'n_slides'],
    ['wants too many slides', { topic: 'a', n_slides: 51 }, 'n_slides'],
    ['wants half a slide', { topic: 'a', n_slides: 2.5 }, 'n_slides'],
    ['names no level that there is', { ...SEED, instructional_level: 'guru' }, 'instructional_level'],
    ['names no language that there is', { ...SEED, lang: 'not a tag' }, 'lang'],
    ['has an address without a type', { ...SEED, file_url: 'https://example.com/a.pdf' }, 'file_type'],
    ['has a type without an address', { ...SEED, file_type: 'pdf' }, 'file_url'],
    ['has an address of another kind', { ...SEED, file_url: 'file:///etc/passwd', file_type: 'txt' }, 'file_url'],
    ['has a member that nobody knows', { ...SEED, slides: 5 }, 'slides'],
  ] as const)
    it(`is told so with 422 when it ${what}`, async () => {
      const { status, json } = await ask(body);
      assert.deepEqual([status, json.error, json.status_code], [422, true, 422]);
      assert.ok(
        json.detail.some((each: { field: string }) => each.field === field),
        JSON.stringify(json),
      );
      assert.equal(gateway.openrouter.seen.length, 0);
    });

  it('is told so when it is no JSON, goes by another method or to another path', async () => {
    assert.equal((await ask('{"topic"')).status, 400);
    const get = await gateway.ask('GET /v1/generate/outline', { token: TEST_KEY });
    assert.deepEqual([get.status, get.json.status_code], [405, 405]);
    const other = await ask(SEED, {}, '/v1/generate/outlines');
    assert.deepEqual([other.status, other.json.error], [404, true]);
    assert.ok(other.json.suggestions.includes('/v1/generate/outline'));
  });

  it('is told so when it asks for a version that there is not', async () => {
    assert.equal((await ask(SEED, { accept: 'application/vnd.ai-backend.v2+json' })).status, 400);
    assert.equal((await ask(SEED, { accept: 'application/vnd.ai-backend.v1+json' })).status, 200);
  });
});

describe('a reference document', () => {
  const REPORT = 'Coral reefs bleach when the sea stays warm for weeks.\n\nDivers count the corals each spring.';
  const upload = async (members: Record<string, string>, file: Blob | undefined, name = 'report.txt') => {
    const form = new FormData();
    for (const [member, value] of Object.entries(members)) form.set(member, value);
    if (file !== undefined) form.set('file', file, name);
    const response = await fetch(`${gateway.url}/v1/generate/outline`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}` },
      body: form,
    });
    const json = (await response.json()) as { outlines?: readonly string[]; citations?: readonly { id: string }[] };
    return { status: response.status, json };
  };

  it('in a form changes the outline, and the parts that were used are named', async () => {
    const without = await ask({ topic: 'Reefs', n_slides: 3 });
    const { status, json } = await upload({ topic: 'Reefs', n_slides: '3' }, new Blob([REPORT]));
    assert.equal(status, 200, JSON.stringify(json));
    assert.notDeepEqual(json.outlines, without.json.outlines);
    assert.match(String(json.outlines), /Coral reefs bleach/);
    const { citations = [] } = json;
    assert.equal(citations.length, 1);
    assert.ok(citations.every(({ id }) => typeof id === 'string' && id !== ''));
    assert.match(saidTo(gateway.openrouter.seen[1] ?? assert.fail()), /Divers count the corals/);
  });

  it('in base64 does the same', async () => {
    const data = Buffer.from(REPORT).toString('base64');
    const { json } = await ask({ topic: 'Reefs', n_slides: 3, data, file_type: 'txt' });
    assert.match(String(json.outlines), /Coral reefs bleach/);
  });

  it('at an address is got through the guarded way out', async () => {
    const site = await startUpstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(REPORT);
    });
    const file = { topic: 'Reefs', n_slides: 3, file_url: `${site.url}/report.txt`, file_type: 'txt' };
    const open = await startDecks({}, { egressAllow: ['127.0.0.1'] });
    try {
      const guarded = await ask(file);
      assert.ok(guarded.status >= 400, String(guarded.status));
      assert.equal(site.seen.length, 0);
      const { status, json } = await open.ask('POST /v1/generate/outline', { token: TEST_KEY, body: file });
      assert.equal(status, 200);
      assert.match(String(json.outlines), /Coral reefs bleach/);
      assert.equal(site.seen.length, 1);
    } finally {
      await open.close();
      await site.close();
    }
  });

  it('that is empty is told so, and no model is asked', async () => {
    const { status } = await upload({ topic: 'Reefs', n_slides: '3' }, new Blob(['  \n']));
    assert.ok(status >= 400 && status < 500, String(status));
    assert.equal(gateway.openrouter.seen.length, 0);
  });

  it('names all parts where the model names none', async () => {
    gateway.openrouter.answer = (request, response) =>
      sendChat(request, response, JSON.stringify({ outlines: titles(3), sources: ['made-up'] }));
    const { json } = await upload({ topic: 'Reefs', n_slides: '3' }, new Blob([REPORT]));
    assert.ok((json.citations?.length ?? 0) > 0);
  });

  it('needs a form that can be read', async () => {
    const { status } = await gateway.ask('POST /v1/generate/outline', {
      token: TEST_KEY,
      body: 'nothing of the kind',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    assert.equal(status, 400);
  });
});

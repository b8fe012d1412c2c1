import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import type { AskStorage, BlobStore } from '../../src/blobs/blob-store.ts';
import { pictureEnding, PICTURES, type FileKind } from '../../src/blobs/blob-store.ts';
import { deckName, DECKS, endOfDeck } from '../../src/blobs/deck-names.ts';
import { memoryBlobs } from '../../src/blobs/memory.ts';
import { openBlobs } from '../../src/blobs/open-blobs.ts';
import { composeNetwork } from '../../src/compose-network.ts';
import type { BlobSettings } from '../../src/config/generation-settings.ts';
import { fetchWhole } from '../../src/relay/fetch-whole.ts';
import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from '../support/scripted-upstream.ts';
import { TEST_SETTINGS } from '../support/test-gateway.ts';
import { DOT } from './deck-gateway.ts';

const SUPABASE_KEY = 'sb_secret_canary';
const S3 = { accessKeyId: 'AKIDCANARY', secret: 'canary-secret-of-s3', region: 'eu-test-1' };

interface Kept {
  readonly store: BlobStore;
  /** Where whoever has the address reads a file; absent where the gateway serves it. */
  readonly isPublic: boolean;
  close(): Promise<void>;
}

/** The way out as the gateway has it, with what the operator’s settings allow. */
function open(
  settings: BlobSettings,
  dataDir = '',
  kind: FileKind = PICTURES,
): { readonly store: BlobStore; readonly close: () => void } {
  const { network, wheel } = composeNetwork({
    ...TEST_SETTINGS,
    generation: { ...TEST_SETTINGS.generation, blobs: settings },
  });
  const ask: AskStorage = (request) => fetchWhole(network, request, wheel, 2000);
  return { store: openBlobs({ settings, dataDir, ask, clock: systemClock }, kind), close: () => network.close() };
}

const STORES: Readonly<Record<string, (kind?: FileKind) => Promise<Kept>>> = {
  memory: (kind = PICTURES) =>
    Promise.resolve({ store: memoryBlobs(kind), isPublic: false, close: () => Promise.resolve() }),
  local: async (kind) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    const { store, close } = open({ kind: 'local' }, dataDir, kind);
    return { store, isPublic: false, close: async () => (close(), rm(dataDir, { recursive: true })) };
  },
  supabase: async (kind) => {
    const server = await supabaseServer();
    const place = { url: server.url, key: new Secret(SUPABASE_KEY), bucket: 'slide-images' };
    const { store, close } = open({ kind: 'supabase', ...place }, '', kind);
    return { store, isPublic: true, close: async () => (close(), server.close()) };
  },
  s3: async (kind) => {
    const server = await s3Server();
    const { store, close } = open(s3At(server.url), '', kind);
    return { store, isPublic: true, close: async () => (close(), server.close()) };
  },
};

const s3At = (endpoint: string, secret = S3.secret): BlobSettings => ({
  kind: 's3',
  endpoint,
  bucket: 'decks',
  region: S3.region,
  accessKeyId: S3.accessKeyId,
  secretAccessKey: new Secret(secret),
});

for (const [name, make] of Object.entries(STORES))
  describe(`a store of files (${name})`, () => {
    let kept: Kept | undefined;
    const store = async (): Promise<BlobStore> => (kept ??= await make()).store;
    after(() => kept?.close());

    it('gives back what was put, with its type', async () => {
      const blobs = await store();
      assert.deepEqual(await blobs.put('slide_1.png', DOT), { ok: true, value: undefined });
      const found = await blobs.get('slide_1.png');
      assert.ok(found.ok && found.value !== undefined);
      assert.deepEqual([found.value.bytes, found.value.contentType], [DOT, 'image/png']);
    });

    it('replaces a file of the same name', async () => {
      const blobs = await store();
      await blobs.put('again.jpg', DOT);
      await blobs.put('again.jpg', Buffer.from('other'));
      const found = await blobs.get('again.jpg');
      assert.ok(found.ok);
      assert.equal(found.value?.bytes.toString(), 'other');
    });

    it('says that there is no such file, and has none after it was removed', async () => {
      const blobs = await store();
      assert.deepEqual(await blobs.get('nobody.png'), { ok: true, value: undefined });
      await blobs.put('gone.webp', DOT);
      assert.ok((await blobs.delete('gone.webp')).ok);
      assert.deepEqual(await blobs.get('gone.webp'), { ok: true, value: undefined });
      assert.ok((await blobs.delete('gone.webp')).ok);
    });

    it('refuses names that lead elsewhere or that no picture has', async () => {
      const blobs = await store();
      for (const bad of [
        '../a.png',
        'a/b.png',
        'a..b.png',
        '.a.png',
        'a',
        'a.html',
        'a.svg',
        'a.png\0',
        '',
        'a b.png',
      ]) {
        for (const result of [await blobs.put(bad, DOT), await blobs.get(bad), await blobs.delete(bad)])
          assert.ok(!result.ok && result.failure.kind === 'invalid-request', bad);
      }
    });

    it('tells where a file is read', async () => {
      const blobs = await store();
      await blobs.put('read.png', DOT);
      const url = blobs.url('read.png');
      if (kept?.isPublic === true) assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), DOT);
      else assert.equal(url, '/static/images/read.png');
    });
  });

for (const [name, make] of Object.entries(STORES))
  describe(`a store of decks (${name})`, () => {
    const END_MS = 1_900_000_000_000;
    const random = '0123456789abcdef'.repeat(2);

    it('gives back what was put with its type, tells the names of all, and of none that was removed', async () => {
      const { store, isPublic, close } = await make(DECKS);
      const [pptx, html] = [deckName('pptx', END_MS, random), deckName('html', END_MS + 1, random)];
      assert.deepEqual([endOfDeck(pptx), endOfDeck(html)], [END_MS, END_MS + 1]);
      assert.deepEqual(await store.names('deck_'), { ok: true, value: [] });
      await store.put(pptx, Buffer.from('a presentation'));
      await store.put(html, Buffer.from('a page'));
      const found = await store.get(html);
      assert.ok(found.ok && found.value !== undefined);
      assert.deepEqual([found.value.bytes.toString(), found.value.contentType], ['a page', 'text/html; charset=utf-8']);
      const names = await store.names('deck_');
      assert.deepEqual(names.ok && new Set(names.value), new Set([pptx, html]));
      assert.deepEqual(await store.names('deck_2'), { ok: true, value: [] });
      if (isPublic) assert.equal(await (await fetch(store.url(pptx))).text(), 'a presentation');
      else assert.equal(store.url(pptx), `/static/decks/${pptx}`);
      await store.delete(pptx);
      assert.deepEqual(await store.names('deck_'), { ok: true, value: [html] });
      await close();
    });

    it('refuses names that no deck has', async () => {
      const { store, close } = await make(DECKS);
      for (const bad of [
        'slide_1.png',
        'deck.html',
        `../${deckName('html', END_MS, random)}`,
        deckName('html', END_MS, 'guess'),
      ])
        for (const result of [await store.put(bad, DOT), await store.get(bad), await store.delete(bad)])
          assert.ok(!result.ok && result.failure.kind === 'invalid-request', bad);
      await close();
    });
  });

describe('a folder', () => {
  it('is made with the first file and holds nothing but whole files', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    const { store, close } = open({ kind: 'local', folder: path.join(folder, 'static') });
    await assert.rejects(stat(path.join(folder, 'static')));
    await store.put('a.png', DOT);
    assert.deepEqual(await readdir(path.join(folder, 'static', 'images')), ['a.png']);
    close();
    await rm(folder, { recursive: true });
  });

  it('that cannot be used says which setting helps', async () => {
    const { store, close } = open({ kind: 'local', folder: '/dev/null/static' });
    const put = await store.put('a.png', DOT);
    assert.ok(!put.ok);
    assert.match(put.failure.message, /^Storage error: .*STATIC_DIR/);
    close();
  });
});

describe('a server that refuses', () => {
  it('is told with what to look at, and without the key', async () => {
    const supabase = await supabaseServer();
    const s3 = await s3Server();
    const wrong = [
      open({ kind: 'supabase', url: supabase.url, key: new Secret('wrong-canary'), bucket: 'slide-images' }),
      open(s3At(s3.url, 'wrong-canary')),
    ];
    const [first, second] = await Promise.all(wrong.map(({ store }) => store.put('a.png', DOT)));
    assert.ok(first?.ok === false && second?.ok === false);
    assert.match(first.failure.message, /^Storage error: Supabase answered with status 403.*SUPABASE_SERVICE_KEY/);
    assert.match(second.failure.message, /^Storage error: S3 answered with status 403.*S3_ACCESS_KEY_ID/);
    for (const { failure } of [first, second]) assert.ok(!JSON.stringify(failure).includes('canary'));
    for (const { close } of wrong) close();
    await supabase.close();
    await s3.close();
  });
});

it('pictures are known by their first bytes', () => {
  assert.equal(pictureEnding(DOT), 'png');
  assert.equal(pictureEnding(Buffer.from('ffd8ffe000', 'hex')), 'jpg');
  assert.equal(pictureEnding(Buffer.from('RIFFxxxxWEBPVP8 ')), 'webp');
  assert.equal(pictureEnding(Buffer.from('GIF89a')), 'gif');
  for (const other of ['<svg>', '', '<html>', 'RIFFxxxxWAVE'])
    assert.equal(pictureEnding(Buffer.from(other)), undefined);
});

/** Storage of Supabase, as its REST interface is: one public bucket, and writing for whoever has the key. */
async function supabaseServer(): Promise<ScriptedUpstream> {
  const files = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  return startUpstream(({ method, path: url, headers, body }, response) => {
    const [, isPublic, name = ''] = /^\/storage\/v1\/object\/(public\/)?slide-images\/(.+)$/.exec(url) ?? [];
    const isKnown = headers.authorization === `Bearer ${SUPABASE_KEY}` && headers['apikey'] === SUPABASE_KEY;
    if (isPublic === undefined && !isKnown) return sendJson(response, 403, { error: 'Unauthorized' });
    if (url === '/storage/v1/object/list/slide-images') {
      const { search, limit } = JSON.parse(body.toString()) as { search: string; limit: number };
      const found = [...files.keys()].filter((each) => each.includes(search)).slice(0, limit);
      return sendJson(
        response,
        200,
        found.map((each) => ({ name: each, id: each, metadata: { size: 1 } })),
      );
    }
    const file = files.get(name);
    if (method === 'POST') {
      if (file !== undefined && headers['x-upsert'] !== 'true') return sendJson(response, 409, { error: 'Duplicate' });
      files.set(name, { bytes: body, type: headers['content-type'] ?? '' });
      return sendJson(response, 200, { Key: `slide-images/${name}` });
    }
    if (file === undefined) return sendJson(response, 400, { statusCode: '404', error: 'not_found' });
    if (method === 'DELETE') {
      files.delete(name);
      return sendJson(response, 200, { message: 'Successfully deleted' });
    }
    response.writeHead(200, { 'content-type': file.type });
    response.end(file.bytes);
  });
}

/** A server that speaks S3: it reckons every signature itself, and lets everybody read. */
async function s3Server(): Promise<ScriptedUpstream> {
  const files = new Map<string, Buffer>();
  return startUpstream((request, response) => {
    const isOpen = request.method === 'GET' && request.headers.authorization === undefined;
    if (!isOpen && !isSigned(request))
      return void response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    const asked = new URL(request.path, 'http://s3.example');
    if (request.method === 'GET' && asked.searchParams.get('list-type') === '2') {
      const start = `/decks/${asked.searchParams.get('prefix')}`;
      const keys = [...files.keys()].filter((each) => each.startsWith(start));
      const contents = keys.map(
        (key) => `<Contents><Key>${key.slice('/decks/'.length)}</Key><Size>1</Size></Contents>`,
      );
      response.writeHead(200, { 'content-type': 'application/xml' });
      return void response.end(`<ListBucketResult><Name>decks</Name>${contents.join('')}</ListBucketResult>`);
    }
    const file = files.get(request.path);
    if (!request.path.startsWith('/decks/')) return void response.writeHead(404).end();
    if (request.method === 'PUT') files.set(request.path, request.body);
    else if (request.method === 'DELETE') files.delete(request.path);
    else if (file === undefined) return void response.writeHead(404).end();
    else return void response.writeHead(200, { 'content-type': 'image/png' }).end(file);
    response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
  });
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Amazon’s reckoning, step by step as it is documented, over what arrived. */
function isSigned({ method, path: url, headers, body }: SeenRequest): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, key, day = '', region = '', names = '', signature] = pattern.exec(headers.authorization ?? '') ?? [];
  if (key !== S3.accessKeyId || region !== S3.region || headers['x-amz-content-sha256'] !== sha256(body)) return false;
  if (!names.split(';').includes('host') || !names.split(';').includes('x-amz-content-sha256')) return false;
  const written = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const [pathname = '', query = ''] = url.split('?');
  const canonical = [method, pathname, query, written.join(''), names, sha256(body)].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const signing = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (made, part) => hmac(made, part),
    `AWS4${S3.secret}`,
  );
  return hmac(signing, toSign).toString('hex') === signature;
}

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';

import fastify, { type FastifyInstance } from 'fastify';

import { openConsoleFiles } from '../../src/faces/console/console-files.ts';
import { consolePage, consoleRoutes } from '../../src/faces/console/routes.ts';

const INDEX = '<!doctype html><title>Console</title>';
const SCRIPT = 'export const a = 1;';
const PAGES = {
  everywhere: ['/assets/letters-5e6f.woff2'],
  pages: { '/users': ['/assets/users-7a8b.js'], '/users/$id': ['/assets/user-9c0d.js', '/assets/app-1a2b.js'] },
};
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the files of the console', () => {
  let folder: string;
  let app: FastifyInstance;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    await mkdir(path.join(folder, 'assets'));
    await writeFile(path.join(folder, 'index.html'), INDEX);
    await writeFile(path.join(folder, 'assets/app-1a2b.js'), SCRIPT);
    await writeFile(path.join(folder, 'assets/app-1a2b.js.br'), brotliCompressSync(SCRIPT));
    await writeFile(path.join(folder, 'assets/app-1a2b.js.gz'), gzipSync(SCRIPT));
    await writeFile(path.join(folder, 'sources.txt'), 'not for browsers');
    await writeFile(path.join(folder, 'pages.json'), JSON.stringify(PAGES));
    app = served(folder);
  });
  after(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  function served(from: string): FastifyInstance {
    const made = fastify({ exposeHeadRoutes: true });
    const files = openConsoleFiles(from);
    consoleRoutes(made, files);
    made.get('/api/known', () => 'known');
    made.setNotFoundHandler(
      async (request, reply) => (await consolePage(files)(request, reply)) ?? reply.code(404).send('none'),
    );
    return made;
  }

  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

  it('are a page for browsers at / and at every address that is no interface', async () => {
    for (const url of ['/', '/users', '/providers/a%2Fb?tab=test', '/no/such/page']) {
      const answer = await get(url, HTML);
      assert.deepEqual([answer.statusCode, answer.body], [200, INDEX], url);
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(answer.headers['cache-control'], 'no-cache');
    }
  });

  it('leave interfaces and other clients alone', async () => {
    for (const url of ['/api/nothing', '/v1/nothing', '/v1beta/models', '/mcp', '/assets/gone-9.js'])
      assert.equal((await get(url, HTML)).statusCode, 404, url);
    assert.equal((await get('/users', { accept: 'application/json' })).statusCode, 404);
    assert.equal((await app.inject({ method: 'POST', url: '/users', headers: HTML })).statusCode, 404);
    for (const accept of ['application/json', '*/*']) {
      const answer = await get('/', { accept });
      assert.equal(answer.json().status, 'ok');
      assert.equal(typeof answer.json().message, 'string');
    }
  });

  it('come under a policy without anything inline or foreign', async () => {
    const { headers } = await get('/', HTML);
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
        "font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    assert.deepEqual([headers['x-content-type-options'], headers['referrer-policy']], ['nosniff', 'same-origin']);
  });

  it('are named with the page that begins with them, and so is the session that every page asks for', async () => {
    const everywhere = [
      '</api/session>; rel=preload; as=fetch; crossorigin',
      '</assets/letters-5e6f.woff2>; rel=preload; as=font; type="font/woff2"; crossorigin',
    ];
    const linksOf = async (url: string): Promise<unknown> => (await get(url, HTML)).headers['link'];
    const module = (file: string): string => `</assets/${file}.js>; rel=modulepreload; crossorigin`;
    assert.equal(await linksOf('/users?role=admin'), [...everywhere, module('users-7a8b')].join(', '));
    assert.equal(await linksOf('/users/1'), [...everywhere, module('user-9c0d'), module('app-1a2b')].join(', '));
    for (const url of ['/', '/users/1/2', '/pages.json']) assert.equal(await linksOf(url), everywhere.join(', '), url);
    assert.equal((await get('/pages.json')).statusCode, 404);
    assert.equal((await get('/assets/app-1a2b.js')).headers['link'], undefined);
  });

  it('are kept for ever where their names change with their content, in the best coding that is taken', async () => {
    const url = '/assets/app-1a2b.js';
    const best = await get(url, { 'accept-encoding': 'gzip, deflate, br' });
    assert.equal(best.headers['content-encoding'], 'br');
    assert.equal(brotliDecompressSync(best.rawPayload).toString(), SCRIPT);
    assert.equal(best.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(best.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal((await get(url, { 'accept-encoding': 'br;q=0, gzip' })).headers['content-encoding'], 'gzip');
    const plain = await get(url);
    assert.deepEqual([plain.headers['content-encoding'], plain.body], [undefined, SCRIPT]);
  });

  it('are not sent again to a browser that has them', async () => {
    const first = await get('/', HTML);
    const again = await get('/', { ...HTML, 'if-none-match': String(first.headers['etag']) });
    assert.deepEqual([again.statusCode, again.body], [304, '']);
    assert.equal(again.headers['content-security-policy'], first.headers['content-security-policy']);
  });

  it('are those of the folder alone', async () => {
    for (const url of [
      '/assets/../sources.txt',
      '/assets/%2e%2e/sources.txt',
      '/assets/..%2fsources.txt',
      '/sources.txt',
      '/assets/app-1a2b.js.br',
    ])
      assert.equal((await get(url)).statusCode, 404, url);
  });

  it('may be absent: the gateway then says where its API is', async () => {
    const bare = served(path.join(folder, 'nothing-here'));
    const answer = await bare.inject({ url: '/', headers: HTML });
    assert.deepEqual([answer.statusCode, answer.json().status], [200, 'ok']);
    assert.equal((await bare.inject({ url: '/users', headers: HTML })).statusCode, 404);
    await bare.close();
  });
});

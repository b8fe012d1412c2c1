import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { pathOf, sendJson } from '../../serving/send-json.ts';
import { CODINGS, type Coding, type ConsoleFile, type ConsoleFiles } from './console-files.ts';
import { PAGE_HEADERS } from './policy.ts';

/** Where the interfaces are: a browser that goes there is told what they tell, not shown the console. */
const INTERFACES = /^\/(?:api|v1|v1beta1?|v1alpha|mcp|passthrough|assets)(?:\/|$)/;

const INDEX = '/index.html';

/** Files beside the pages; what they are called is known when the console is written. */
const FILES = ['/theme.js', '/favicon.svg'] as const;

/** Mounts the console's files, and `/`, which tells clients that want no page that the gateway serves. */
export function consoleRoutes(app: FastifyInstance, files: ConsoleFiles): void {
  app.get('/', async (request, reply) => {
    const page = wantsPage(request) ? await sendPage(files, request, reply) : undefined;
    return page ?? sendJson(reply.header('vary', 'Accept'), 200, SERVES);
  });
  for (const path of [...FILES, '/assets/*'])
    app.get(path, async (request, reply) => {
      const file = await files.find(pathOf(request));
      return file === undefined ? reply.callNotFound() : sendFile(file, request, reply);
    });
}

/** Answers a browser that follows a link into the console; `undefined` when the request is none of that kind. */
export const consolePage =
  (files: ConsoleFiles) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    wantsPage(request) && !INTERFACES.test(pathOf(request)) ? sendPage(files, request, reply) : undefined;

const SERVES = { status: 'ok', message: 'Patchbay serves. The console is here for browsers, the API is at /docs.' };

const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true;

/** Every address is the same page: what it shows is the script's to decide. */
async function sendPage(
  files: ConsoleFiles,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const page = await files.find(INDEX);
  if (page === undefined) return undefined;
  const links = (await files.beginningsOf(pathOf(request))).map(linkTo);
  return sendFile(page, request, reply.header('link', [SESSION_LINK, ...links].join(', ')));
}

/** The first thing that every page asks. */
const SESSION_LINK = '</api/session>; rel=preload; as=fetch; crossorigin';

/** Tells a browser to fetch a file before the page that wants it says so. */
const linkTo = (file: string): string =>
  file.endsWith('.woff2')
    ? `<${file}>; rel=preload; as=font; type="font/woff2"; crossorigin`
    : `<${file}>; rel=modulepreload; crossorigin`;

function sendFile(file: ConsoleFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const coding = codingFor(file, String(request.headers['accept-encoding'] ?? ''));
  reply.headers({
    ...PAGE_HEADERS,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'Accept-Encoding, Accept',
    etag: file.etag,
    ...(coding !== undefined && { 'content-encoding': coding }),
  });
  if (request.headers['if-none-match']?.includes(file.etag) === true) return reply.code(304).send();
  return reply.type(file.contentType).send(coding === undefined ? file.bytes.identity : file.bytes[coding]);
}

/** The best coding that the file is kept in and the browser takes. */
const codingFor = ({ bytes }: ConsoleFile, accepted: string): Coding | undefined =>
  CODINGS.find(
    (coding) =>
      bytes[coding] !== undefined && new RegExp(`\\b${coding}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted),
  );

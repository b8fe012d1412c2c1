import { readFile } from 'node:fs/promises';

import { describeOperations, type Operation } from '@patchbay/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';

import { sendJson } from '../../serving/send-json.ts';

export interface DescriptionParts {
  readonly operations: readonly Operation[];
  /** Of the gateway. */
  readonly version: string;
}

const ASSETS = new URL('../../../assets/docs/', import.meta.url);

const FILES = {
  '/docs': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/docs/docs.js': { name: 'docs.js', type: 'text/javascript; charset=utf-8' },
  '/docs/docs.css': { name: 'docs.css', type: 'text/css; charset=utf-8' },
} as const;

/** Everything that the page shows comes from here, and what it asks goes nowhere else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

/** The description of all operations at `/openapi.json`, and a page at `/docs` to read and to try them, also offline. */
export function descriptionRoutes(app: FastifyInstance, { operations, version }: DescriptionParts): void {
  let described: object | undefined;
  app.get('/openapi.json', (_, reply) => {
    described ??= describeOperations(operations, { title: 'Patchbay management API', version });
    return sendJson(writeHeaders(reply), 200, described);
  });
  for (const [path, { name, type }] of Object.entries(FILES))
    app.get(path, async (_, reply) =>
      writeHeaders(reply)
        .type(type)
        .send(await readFile(new URL(name, ASSETS))),
    );
}

const writeHeaders = (reply: FastifyReply): FastifyReply =>
  reply.headers({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });

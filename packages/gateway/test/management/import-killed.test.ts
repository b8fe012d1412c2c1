import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { PLACES } from './documents/on-both.ts';
import { askOf, type Answered } from './management-gateway.ts';

const MANY = 2000;
const CAPABILITIES = { supportsStreaming: true, maxContextLength: 8000, supportedRoles: ['user'] };
const PROVIDERS = Array.from({ length: MANY }, (_, index) => ({
  identifier: `imported-${index}`,
  name: 'Imported',
  apiEndpoint: 'https://example.com/v1',
  authMethod: 'api_key',
  authConfig: { type: 'api_key', fields: { apiKey: `canary-of-import-${index}` } },
  capabilities: { ...CAPABILITIES, supportsSystemMessages: true, supportsTools: true },
}));

async function signedIn({
  url,
  dataDir,
}: GatewayProcess): Promise<(route: string, body?: unknown) => Promise<Answered>> {
  const password = (await readFile(path.join(dataDir, 'admin-password'), 'utf8')).trim();
  const { json } = await askOf(url, 'POST /api/auth/login', { body: { username: 'admin', password } });
  const token = json.token as string;
  return (route, body) => askOf(url, route, { token, ...(body !== undefined && { body }) });
}

for (const place of PLACES)
  describe(`an import over HTTP on ${place.name}`, { skip: place.skip, timeout: 120_000 }, () => {
    for (const waitMs of [250, 1000])
      it(`leaves all or nothing when its process is killed ${waitMs} ms later`, async () => {
        const started = await place.start();
        const { gateway, databaseUrl } = started;
        const ask = await signedIn(gateway);
        const importing = ask('POST /api/admin/providers/import', {
          data: { providers: PROVIDERS, models: [], templates: [] },
        });
        const answered = importing.then(() => true).catch(() => false);
        await setTimeout(waitMs);
        gateway.child.kill('SIGKILL');
        if (gateway.child.signalCode === null) await once(gateway.child, 'exit');
        const wasAnswered = await answered;
        const environment = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
        const again = await startProcess(environment, path.dirname(gateway.dataDir));
        const { json } = await (await signedIn(again))('GET /api/admin/providers?search=imported-&limit=1');
        await again.stop();
        await started.close();
        assert.ok([...(wasAnswered ? [] : [0]), MANY].includes(json.pagination.total), String(json.pagination.total));
      });
  });

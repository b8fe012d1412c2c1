import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { startManagement, type ManagementGateway } from './management-gateway.ts';

const PROVIDER = {
  identifier: 'followed',
  name: 'Followed',
  apiEndpoint: 'https://followed.example/v1',
  authMethod: 'api_key',
  authConfig: { type: 'api_key', fields: { apiKey: 'canary-followed-0123456789' } },
  capabilities: {
    supportsSystemMessages: true,
    maxContextLength: 1000,
    supportedRoles: ['system', 'user', 'assistant'],
    supportsStreaming: true,
    supportsTools: true,
  },
};

for (const engine of ENGINES)
  describe(`changes on ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    let management: ManagementGateway;
    let admin: string;
    before(async () => {
      opened = await engine.make();
      management = await startManagement(opened.store);
      admin = await management.signIn('admin');
    });
    after(async () => {
      await management.close();
      await opened.close();
    });

    const make = (route: string, body: object): Promise<unknown> => management.ask(route, { token: admin, body });
    const makeUser = (username: string): Promise<unknown> =>
      make('POST /api/admin/users', {
        username,
        email: `${username}@example.com`,
        password: 'canary-of-changes',
        role: 'viewer',
      });

    /** What somebody is told from the beginning on, until `isEnough`. */
    async function toldTo(token: string, onBegin: () => Promise<unknown>, isEnough: (told: Set<string>) => boolean) {
      const answer = await fetch(`${management.url}/api/changes/stream`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(20_000),
      });
      assert.equal(answer.headers.get('content-type'), 'text/event-stream');
      assert.ok(answer.body);
      const told = new Set<string>();
      for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
        if (text.includes('event: following')) await onBegin();
        for (const [, data = ''] of text.matchAll(/^event: changed\ndata: (.+)$/gm))
          for (const each of JSON.parse(data).resources) told.add(each);
        if (isEnough(told)) break;
      }
      return told;
    }

    it('are told from now on by the names of their resources', async () => {
      const work = async (): Promise<void> => {
        await make('POST /api/admin/providers', PROVIDER);
        await make('POST /v1/api-keys', { label: 'followed' });
      };
      const told = await toldTo(admin, work, (all) => all.has('keys') && all.has('providers'));
      assert.ok(!told.has('users') && !told.has('mappings'));
    });

    it('are told of rows that were changed by hand', async () => {
      const work = async (): Promise<void> => {
        const found = await opened.store.rows.users.findByLogin('viewer');
        await opened.store.rows.users.update(found?.id ?? '', { email: 'by-hand@example.com' });
      };
      assert.deepEqual([...(await toldTo(admin, work, (all) => all.size > 0))], ['users']);
    });

    it('are told to nobody who may not read them', async () => {
      const viewer = await management.signIn('viewer');
      const both = async (): Promise<void> => {
        await makeUser('unheard');
        await systemClock.sleep(1000);
        await make('POST /api/admin/providers', { ...PROVIDER, identifier: 'heard' });
      };
      assert.deepEqual([...(await toldTo(viewer, both, (all) => all.has('providers')))], ['providers']);
    });
  });

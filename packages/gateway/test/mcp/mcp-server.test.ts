import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Role } from '@patchbay/contract';

import { ADMIN_KEY, startManagement, type ManagementGateway } from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';

const [SQLITE] = ENGINES;
const RUN = fileURLToPath(new URL('../../../../scripts/run.mjs', import.meta.url));
const TEST_KEY_HEADERS = (key: string): Record<string, string> => ({ 'x-api-key': key });

let made: TestStore;
let gateway: ManagementGateway;
before(async () => {
  made = await (SQLITE ?? assert.fail()).make();
  gateway = await startManagement(made.store);
});
after(async () => {
  await gateway.close();
  await made.close();
});

/** What a tool said, as its text and as data. */
interface Told {
  readonly isError: boolean;
  readonly text: string;
  // What a tool answers is looked at by hand.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
}

const connected = async (headers: Record<string, string>): Promise<Client> => {
  const client = new Client({ name: 'suite', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit: { headers } });
  // Their transport's members are optional in another sense than our compiler's.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return client;
};

const as = async (role: Role): Promise<Client> => connected({ authorization: `Bearer ${await gateway.signIn(role)}` });

const names = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

async function call(client: Client, name: string, given: Record<string, unknown> = {}): Promise<Told> {
  const { content, isError, structuredContent } = await client.callTool({ name, arguments: given });
  const [first] = content as readonly { readonly text: string }[];
  return { isError: isError === true, text: first?.text ?? '', data: structuredContent };
}

const MAPPING = { alias: 'swift', provider_id: 'simulator', model_name: 'echo' };

describe('an official client', () => {
  it('is told who answers, and pings', async () => {
    const client = await as('user');
    assert.equal(client.getServerVersion()?.name, 'patchbay');
    assert.deepEqual(client.getServerCapabilities(), { tools: { listChanged: false } });
    await client.ping();
    await client.close();
  });

  it('is shown the tools that its role may use, with the shapes of their arguments', async () => {
    const [admin, user, viewer] = await Promise.all([as('admin'), as('user'), as('viewer')]);
    assert.deepEqual(await names(admin), [
      'list_models',
      'list_mappings',
      'create_mapping',
      'update_mapping',
      'delete_mapping',
      'usage_summary',
      'recent_calls',
      'explain_request',
      'list_accounts',
      'account_health',
    ]);
    const beyond = ['usage_summary', 'account_health'];
    assert.deepEqual(
      await names(user),
      (await names(admin)).filter((each) => !beyond.includes(each)),
    );
    assert.deepEqual(await names(viewer), ['list_models']);
    const { tools } = await admin.listTools();
    const update = tools.find(({ name }) => name === 'update_mapping');
    assert.deepEqual(update?.inputSchema.required, ['alias']);
    assert.ok(Object.hasOwn(update.inputSchema.properties ?? {}, 'priority'));
    assert.equal(tools.find(({ name }) => name === 'explain_request')?.annotations?.readOnlyHint, true);
    await Promise.all([admin, user, viewer].map((each) => each.close()));
  });

  it('makes, changes, lists and removes a mapping as that user, and the audit log says so', async () => {
    const client = await as('user');
    const created = await call(client, 'create_mapping', MAPPING);
    assert.equal(created.isError, false, created.text);
    assert.deepEqual(JSON.parse(created.text), created.data);
    assert.equal(created.data.is_global, false);
    assert.equal((await call(client, 'update_mapping', { alias: 'swift', priority: 7 })).data.priority, 7);
    assert.equal((await call(client, 'list_mappings', { limit: 5 })).data.total, 1);
    assert.equal((await call(client, 'delete_mapping', { alias: 'swift' })).isError, false);
    assert.equal((await call(client, 'list_mappings')).data.total, 0);
    const { json } = await gateway.ask('GET /api/system/audit', { token: ADMIN_KEY });
    const entries = JSON.stringify(json);
    for (const action of ['mappings.create', 'mappings.update', 'mappings.delete'])
      assert.ok(entries.includes(action), `${action} in ${entries}`);
    await client.close();
  });

  it('reads usage, calls, accounts and what a request would meet', async () => {
    const client = await connected(TEST_KEY_HEADERS(ADMIN_KEY));
    assert.equal((await call(client, 'usage_summary')).data.totals.requests, 0);
    assert.deepEqual((await call(client, 'recent_calls', { limit: 3 })).data.logs, []);
    assert.equal((await call(client, 'explain_request', { model: 'simulator/echo' })).data.model, 'simulator/echo');
    assert.ok(Array.isArray((await call(client, 'account_health')).data.accounts));
    assert.ok(Array.isArray((await call(client, 'list_models')).data.data));
    await client.close();
  });

  it('is told as an error of the tool what its role lacks and what is wrong with its arguments', async () => {
    const client = await as('user');
    const beyond = await call(client, 'usage_summary');
    assert.equal(beyond.isError, true);
    assert.match(beyond.text, /^INSUFFICIENT_PERMISSIONS \(403\): The role user does not include usage:read/);
    const global = await call(client, 'create_mapping', { ...MAPPING, is_global: true });
    assert.deepEqual([global.isError, global.data.error.status], [true, 403]);
    const wrong = await call(client, 'create_mapping', { ...MAPPING, alias: 5 });
    assert.match(wrong.text, /^VALIDATION_ERROR \(400\): Validation failed\nalias: /);
    const strange = await call(client, 'create_mapping', { ...MAPPING, prioritty: 5 });
    assert.match(strange.text, /prioritty: .*Did you mean priority\?/);
    const misspelt = await call(client, 'recent_calls', { modle: 'gpt' });
    assert.match(misspelt.text, /^INVALID_INPUT \(400\): This tool takes request_id, model, .*, limit, before\./);
    assert.equal((await call(client, 'update_mapping', { alias: 'none' })).data.error.code, 'NOT_FOUND');
    await assert.rejects(client.callTool({ name: 'drop_tables' }), /no such tool/);
    assert.equal((await call(client, 'list_mappings')).data.total, 0);
    await client.close();
  });

  it('speaks through `patchbay mcp`, under either name of its settings', async () => {
    for (const prefix of ['PATCHBAY', 'AIGATEWAY']) {
      const client = new Client({ name: 'suite', version: '1.0.0' });
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: ['--conditions=patchbay-src', RUN, 'patchbay', 'mcp'],
          env: { PATH: '/usr/bin:/bin', [`${prefix}_URL`]: gateway.url, [`${prefix}_API_KEY`]: ADMIN_KEY },
        }),
      );
      assert.equal((await names(client)).length, 10);
      assert.equal((await call(client, 'list_mappings')).data.total, 0);
      await client.close();
    }
  });
});

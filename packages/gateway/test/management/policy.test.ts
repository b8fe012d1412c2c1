import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { OPERATIONS, ROLES, type Operation } from '@patchbay/contract';
import { ASKERS, mayAsk, permissionPage, type Asker } from '@patchbay/contract/permission-table';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import { startManagement, tokenAt, type Answered, type ManagementGateway } from './management-gateway.ts';

const [SQLITE] = ENGINES;

interface Route {
  readonly operation: Operation;
  readonly route: string;
}

/** Every route of an operation, with an id that nothing has in the place of its parameters. */
const routesOf = (operation: Operation): readonly Route[] =>
  [operation.path, ...(operation.aliases ?? [])].map((path) => ({
    operation,
    route: `${operation.method} ${path.replaceAll(/\{\w+\}/g, 'nobody-has-this-id')}`,
  }));

/** Events go on as long as somebody listens. */
async function beginningOf(url: string, token: string | undefined): Promise<Pick<Answered, 'status'>> {
  const response = await fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response;
}

describe('the policy', () => {
  let made: TestStore;
  let gateway: ManagementGateway;
  const tokens = new Map<Asker, string>();
  const routes = Object.values<Operation>(OPERATIONS)
    .filter(({ face }) => face === 'catalogue' || face === 'accounts')
    .flatMap(routesOf);

  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    gateway = await startManagement(made.store);
    for (const role of ROLES) tokens.set(role, await gateway.signIn(role));
  });
  after(async () => {
    await gateway.close();
    await made.close();
  });

  /** A body that no operation takes: what is asked is who may, not what happens then. */
  const askWith = (route: string, token: string | undefined): Promise<Pick<Answered, 'status'>> => {
    const body = route.startsWith('GET') || route.startsWith('DELETE') ? {} : { body: '[]' };
    const sent = { ...body, ...(token !== undefined && { token }) };
    return route.endsWith('/stream')
      ? beginningOf(gateway.url + route.slice('GET '.length), token)
      : gateway.ask(route, sent);
  };

  for (const asker of ASKERS) {
    it(`is kept for ${asker} on every route`, async () => {
      for (const { operation, route } of routes) {
        const { status } = await askWith(route, tokens.get(asker));
        const expected = mayAsk(operation, asker);
        if (expected === 'yes') assert.ok(status !== 401 && status !== 403 && status !== 405, `${route}: ${status}`);
        else assert.equal(status, expected, route);
      }
    });
  }

  it('opens only open routes to tokens that are over, garbled or not there', async () => {
    const over = await tokenAt(Date.now() - 3_700_000, 'someone', 'some-session');
    for (const { operation, route } of routes) {
      if (operation.permission === 'public') continue;
      for (const token of [over, 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.', 'pb_unknown'])
        assert.equal((await askWith(route, token)).status, 401, route);
    }
  });

  it('opens no route to a key for calls', async () => {
    for (const { operation, route } of routes)
      if (operation.permission !== 'public') assert.equal((await askWith(route, TEST_KEY)).status, 403, route);
  });
});

it('is written down as it is', async () => {
  const page = await readFile(new URL('../../../../docs/permissions.md', import.meta.url), 'utf8');
  assert.equal(page, permissionPage(Object.values<Operation>(OPERATIONS)), 'Run `npm run permissions`.');
});

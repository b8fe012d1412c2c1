import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ROLES, type Operation } from '@patchbay/contract';
import { KIT_OPERATIONS } from '@patchbay/contract/operations/kit';
import { ASKERS, mayAsk, type Asker } from '@patchbay/contract/permission-table';
import { CALLING_PERMISSIONS } from '@patchbay/contract/permissions';

import { startManagement, type ManagementGateway } from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { TEST_KEY } from '../support/test-gateway.ts';

const [SQLITE] = ENGINES;

/** Every route of this interface, with a name that nobody has in the place of its parameters. */
const ROUTES = Object.values<Operation>(KIT_OPERATIONS).flatMap((operation) =>
  [operation.path, ...(operation.aliases ?? [])].map((path) => ({
    operation,
    route: `${operation.method} ${path.replaceAll(/\{\w+\}/g, 'nobody-has-this-name')}`,
  })),
);

describe('the policy of the kit interface', () => {
  let made: TestStore;
  let gateway: ManagementGateway;
  const tokens = new Map<Asker, string>();
  /** A body that no operation takes: what is asked is who may, not what happens then. */
  const statusOf = async (route: string, token: string | undefined): Promise<number> => {
    const body = /^(?:GET|DELETE)/.test(route) ? {} : { body: '[]' };
    return (await gateway.ask(route, { ...body, ...(token !== undefined && { token }) })).status;
  };

  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    gateway = await startManagement(made.store);
    for (const role of ROLES) tokens.set(role, await gateway.signIn(role));
  });
  after(async () => {
    await gateway.close();
    await made.close();
  });

  for (const asker of ASKERS)
    it(`is kept for ${asker} on every route`, async () => {
      for (const { operation, route } of ROUTES) {
        const status = await statusOf(route, tokens.get(asker));
        const expected = mayAsk(operation, asker);
        if (expected === 'yes') assert.ok(![401, 403, 405].includes(status), `${route}: ${status}`);
        else assert.equal(status, expected, route);
      }
    });

  it('opens to a key for calls what is for everybody who signed in, and calls', async () => {
    const open: readonly string[] = ['public', 'signed-in', ...CALLING_PERMISSIONS];
    for (const { operation, route } of ROUTES) {
      const status = await statusOf(route, TEST_KEY);
      assert.equal(status === 403, !open.includes(operation.permission), `${route}: ${status}`);
    }
  });

  it('opens to tokens that nobody gave out what is public alone', async () => {
    for (const { operation, route } of ROUTES)
      assert.equal((await statusOf(route, 'pb_unknown')) === 401, operation.permission !== 'public', route);
  });
});

import type { UpdateProvider } from '@patchbay/contract/resources/provider';

import type { ProviderRecord } from '../../storage/records.ts';
import { changeRow, type Decision } from '../change-row.ts';
import { done, refused, type Handler } from '../handler.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { serveNow } from '../serve-now.ts';
import { readHeldAuth, writeHeldAuth } from './auth-config.ts';
import { checkAccess } from './check-provider.ts';
import { findProvider, providerNotFound } from './find-provider.ts';
import { auditedProvider, openAuth, showAuth, showProvider } from './show-provider.ts';
import { testLater } from './test-later.ts';

/** Changes what was sent of a provider, and keeps the rest, secrets above all. */
export const updateProvider =
  (parts: ManagementParts): Handler<'providers.update'> =>
  async ({ params: { id }, body }) => {
    const row = await findProvider(parts.rows, id);
    if (row === undefined) return refused(providerNotFound(id));
    const { version, ...sent } = body;
    if (Object.keys(sent).length === 0) return refused(NOTHING_SENT);
    const changed = await changeRow(parts.rows.providers, {
      row,
      expected: version,
      decide: (current) => decide(parts, current, sent),
      missing: providerNotFound(id),
    });
    if (!changed.ok) return refused(changed.failure);
    const { before, after } = changed;
    await serveNow(parts);
    const isElsewhere = ['apiEndpoint', 'authMethod', 'authConfig'].some((name) => Object.hasOwn(sent, name));
    if (isElsewhere) testLater(parts, after);
    return done(await showProvider(parts.secrets, after, { modelCount: await countModels(parts, after) }), {
      resource: 'provider',
      resourceId: after.id,
      before: auditedProvider(before),
      after: auditedProvider(after),
    });
  };

const NOTHING_SENT = {
  code: 'INVALID_INPUT',
  message: 'Send at least one member that shall change, such as `name` or `status`.',
} as const;

async function decide(
  { secrets }: Pick<ManagementParts, 'secrets'>,
  row: ProviderRecord,
  sent: Omit<UpdateProvider, 'version'>,
): Promise<Decision<ProviderRecord>> {
  const { authConfig, authMethod, capabilities, ...plain } = sent;
  const shown = showAuth(await openAuth(secrets, row));
  const held = readHeldAuth(row.authConfig, row.authMethod);
  const method = authMethod ?? held.type;
  // Without a new sign-in what is there is checked against the new method and address.
  const checked = checkAccess(
    { apiEndpoint: sent.apiEndpoint ?? row.apiEndpoint, authMethod: method, authConfig: authConfig ?? shown },
    { held, shown },
  );
  if (!checked.ok && concernsAccess(sent)) return checked;
  return {
    ok: true,
    changes: {
      ...plain,
      ...(authMethod && { authMethod }),
      ...(authConfig && checked.ok && { authConfig: writeHeldAuth(checked.auth) }),
      ...(capabilities && { capabilities: jsonOf(capabilities) }),
    },
  };
}

/** A name or a status can be changed even while the rest was made inconsistent by hand. */
const concernsAccess = ({ apiEndpoint, authMethod, authConfig }: Omit<UpdateProvider, 'version'>): boolean =>
  apiEndpoint !== undefined || authMethod !== undefined || authConfig !== undefined;

/** How many models a provider has. */
export async function countModels({ rows }: Pick<ManagementParts, 'rows'>, { id }: ProviderRecord): Promise<number> {
  return (await rows.models.countByProvider([id])).get(id) ?? 0;
}

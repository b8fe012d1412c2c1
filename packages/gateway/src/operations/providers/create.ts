import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { serveNow } from '../serve-now.ts';
import { checkProvider } from './check-provider.ts';
import { creatorOf, newProvider } from './new-provider.ts';
import { auditedProvider, showProvider } from './show-provider.ts';
import { testLater } from './test-later.ts';
import { providerExists } from './provider-exists.ts';

/** Makes a provider; it serves at once and is tested in the background. */
export const createProvider =
  (parts: ManagementParts): Handler<'providers.create'> =>
  async ({ body }, { principal }) => {
    const checked = checkProvider(body);
    if (!checked.ok) return refused(checked.failure);
    const inserted = await parts.rows.providers.insert(newProvider(parts, body, checked.auth, creatorOf(principal)));
    if (inserted.kind === 'duplicate') return refused(await providerExists(parts.rows, body.identifier));
    const { row } = inserted;
    await serveNow(parts);
    testLater(parts, row);
    return done(await showProvider(parts.secrets, row, { modelCount: 0 }), {
      resource: 'provider',
      resourceId: row.id,
      after: auditedProvider(row),
    });
  };

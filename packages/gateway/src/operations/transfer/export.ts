import type { OperationFailure } from '@patchbay/contract';

import { allows, type Principal } from '../../identity/principal.ts';
import { refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { fileOf } from './document-text.ts';
import { exportConfiguration, type ExportScope } from './export-configuration.ts';

/** The configuration as one document. */
export const exportDocument =
  (parts: ManagementParts): Handler<'configuration.export'> =>
  async ({ body: { includeCredentials, passphrase, ...scope } }, { principal }) => {
    const problem = includeCredentials ? secretsProblem(principal, passphrase, 'passphrase') : undefined;
    if (problem !== undefined) return refused(problem);
    const sealed = includeCredentials ? { passphrase } : {};
    const exported = await exportConfiguration(parts, { ...scope, ...sealed }, nameOf(principal));
    if (!exported.ok) return refused(exported.failure);
    const { providers, models, templates } = exported.document.data;
    const counts = { providers: providers.length, models: models.length, templates: templates.length };
    return {
      ok: true,
      value: exported.document,
      // Nothing was changed, but that secrets left must not go unnoticed.
      ...(includeCredentials && { changes: [{ resource: 'export', after: { ...counts, credentials: true } }] }),
    };
  };

/** Who is told as the maker of exports and backups. */
export const nameOf = (principal: Principal | undefined): string => principal?.name ?? 'unknown';

/** Why somebody may not take secrets out, or `undefined` when they may. */
export function secretsProblem(
  principal: Principal | undefined,
  passphrase: string | undefined,
  field: string,
): OperationFailure | undefined {
  if (principal === undefined || !allows(principal, 'secrets:export'))
    return { code: 'INSUFFICIENT_PERMISSIONS', message: 'Admin role required to export secrets.' };
  return passphrase === undefined ? passphraseMissing(field) : undefined;
}

/** Says that secrets are not written without a passphrase. */
export const passphraseMissing = (field: string): OperationFailure => ({
  code: 'VALIDATION_ERROR',
  message: `Secrets leave only sealed: send \`${field}\` with at least 12 characters, and keep it. Nobody can open them without it.`,
  field,
  validationErrors: [{ field, message: 'Is required to seal secrets.' }],
});

/** The configuration as a file. */
export const downloadAll =
  (parts: ManagementParts): Handler<'configuration.download'> =>
  ({ query }, { principal }) =>
    download(parts, 'providers', query, nameOf(principal));

/** One provider as a file. */
export const downloadOne =
  (parts: ManagementParts): Handler<'configuration.downloadOne'> =>
  ({ params: { id }, query }, { principal }) =>
    download(parts, 'provider', { ...query, providerIds: [id] }, nameOf(principal));

type Query = Parameters<Handler<'configuration.download'>>[0]['query'] & Pick<ExportScope, 'providerIds'>;

async function download(
  parts: ManagementParts,
  name: string,
  { format, excludeCredentials, ...scope }: Query,
  by: string,
): ReturnType<Handler<'configuration.download'>> {
  if (!excludeCredentials) return refused(NO_SECRETS_BY_ADDRESS);
  const exported = await exportConfiguration(parts, scope, by);
  if (!exported.ok) return refused(exported.failure);
  const { document } = exported;
  const day = document.metadata.exportedAt.slice(0, 10);
  return { ok: true, value: document, file: await fileOf(`${name}-${day}`, format, document) };
}

/** A passphrase in an address would end up in logs and histories. */
const NO_SECRETS_BY_ADDRESS: OperationFailure = {
  code: 'INVALID_INPUT',
  message:
    'A download holds no secrets. POST /api/admin/providers/export with includeCredentials and a passphrase instead.',
  field: 'excludeCredentials',
};

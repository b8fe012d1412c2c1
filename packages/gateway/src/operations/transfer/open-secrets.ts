import type { CreateProvider } from '@patchbay/contract/resources/provider';
import { isSealed, type Sealer } from '@patchbay/llm/credentials/seal';
import type { Secret } from '@patchbay/llm/credentials/secret';

import { exportPlace } from './export-configuration.ts';
import { passphraseSealer } from './passphrase.ts';
import type { ImportDocument } from './read-import.ts';

/** A provider of a document, its secrets apart and open. */
export interface OpenProvider {
  readonly asked: CreateProvider;
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** Providers with their secrets, or why those do not open. */
export type Opened =
  | { readonly ok: true; readonly providers: readonly OpenProvider[] }
  | {
      readonly ok: false;
      readonly message: string;
      /** True where another passphrase would help. */
      readonly isPassphrase: boolean;
    };

/** Opens what a document has sealed. With `leaveOut`, secrets are passed over, and what is there already is kept. */
export async function openDocument(
  { providers, sealing }: ImportDocument,
  { passphrase, leaveOut }: { readonly passphrase: string | undefined; readonly leaveOut: boolean },
): Promise<Opened> {
  const isHolding = providers.some(({ authConfig }) => Object.values(authConfig.fields).some(isSealedField));
  if (!isHolding || leaveOut) return { ok: true, providers: providers.map(withoutSecrets) };
  if (sealing === undefined) return shut('Its secrets are sealed, but metadata.sealing does not say how.');
  if (passphrase === undefined)
    return shut('Its secrets are sealed. Send the passphrase that they were sealed with.', true);
  const sealer = await passphraseSealer(passphrase, sealing);
  const opened: OpenProvider[] = [];
  for (const each of providers) {
    const result = await open(each, sealer);
    if (!result.ok) return result;
    opened.push(result.provider);
  }
  return { ok: true, providers: opened };
}

const isSealedField = (field: unknown): field is string => typeof field === 'string' && isSealed(field);

const shut = (message: string, isPassphrase = false) => ({ ok: false, message, isPassphrase }) as const;

type OpenedOne = { readonly ok: true; readonly provider: OpenProvider } | Extract<Opened, { readonly ok: false }>;

/** The provider with its secrets open, or why one does not open. */
async function open(asked: CreateProvider, sealer: Sealer): Promise<OpenedOne> {
  const secrets: Record<string, Secret> = {};
  for (const [name, field] of Object.entries(asked.authConfig.fields)) {
    if (!isSealedField(field)) continue;
    const result = await sealer.open(field, exportPlace(asked.identifier, name));
    if (!result.ok) return whyNot(asked.identifier, name, result.failure.code);
    secrets[name] = result.value;
  }
  return { ok: true, provider: { ...withoutSecrets(asked), secrets } };
}

/** As in an export without secrets: of those fields it is only known that they are there. */
function withoutSecrets(asked: CreateProvider): OpenProvider {
  const fields = Object.entries(asked.authConfig.fields).map(
    ([name, field]) => [name, isSealedField(field) ? { sensitive: true } : field] as const,
  );
  return { asked: { ...asked, authConfig: { ...asked.authConfig, fields: Object.fromEntries(fields) } }, secrets: {} };
}

const whyNot = (identifier: string, field: string, code: string | undefined): Extract<OpenedOne, { ok: false }> =>
  code === 'seal-key-unknown'
    ? shut('The passphrase is not that of the export.', true)
    : shut(`The secret authConfig.fields.${field} of \`${identifier}\` was changed, or moved there from elsewhere.`);

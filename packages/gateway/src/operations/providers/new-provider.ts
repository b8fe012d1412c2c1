import type { CreateProvider } from '@patchbay/contract/resources/provider';

import type { Principal } from '../../identity/principal.ts';
import type { ProviderRecord } from '../../storage/records.ts';
import type { NewRow } from '../../storage/repository.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { writeHeldAuth, type HeldAuth } from './auth-config.ts';

/** The user who makes something; keys and loopback are nobody in the table of users. */
export const creatorOf = (principal: Principal | undefined): string | undefined =>
  principal?.kind === 'user' ? principal.id : undefined;

/** A checked provider as a new row. */
export function newProvider(
  { clock, newId }: Pick<ManagementParts, 'clock' | 'newId'>,
  asked: CreateProvider,
  auth: HeldAuth,
  createdBy: string | undefined,
): NewRow<ProviderRecord> {
  const nowMs = clock.nowMs();
  return {
    id: newId(),
    identifier: asked.identifier,
    name: asked.name,
    ...(asked.description !== undefined && { description: asked.description }),
    apiEndpoint: asked.apiEndpoint,
    authMethod: asked.authMethod,
    authConfig: writeHeldAuth(auth),
    capabilities: jsonOf(asked.capabilities),
    status: asked.status ?? 'active',
    isSystem: false,
    ...(createdBy !== undefined && { createdBy }),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

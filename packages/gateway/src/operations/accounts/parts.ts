import type { AnswerOf, Asked } from '@patchbay/contract';
import type { ACCOUNT_OPERATIONS } from '@patchbay/contract/operations/accounts';
import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';

import type { RowSecrets } from '../../storage/ports.ts';
import type { Answer, Circumstances } from '../handler.ts';
import type { RegistryPort, Rows } from '../ports.ts';

/** What is known of providers that accounts belong to. */
export interface AccountHosts extends RegistryPort {
  /** A provider of the settings, of a row or built in, and the origins that its requests go to. */
  hostOf(providerId: string): { readonly id: string; readonly origins: readonly string[] } | undefined;
  /** Providers that can be called, with their accounts. */
  current(): { readonly runtimes: ReadonlyMap<string, { readonly pool: Pick<CredentialPool, 'seats'> }> };
}

/** What operations on accounts need. */
export interface AccountParts {
  readonly rows: Pick<Rows, 'accounts' | 'proxies' | 'transaction'>;
  readonly secrets: Pick<RowSecrets, 'openAuthData'>;
  readonly registry: AccountHosts;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
}

type AccountOperations = typeof ACCOUNT_OPERATIONS;

/** A handler for each operation on accounts. */
export type AccountHandlers = {
  readonly [Id in keyof AccountOperations]: (
    asked: Asked<AccountOperations[Id]>,
    circumstances: Circumstances,
  ) => Promise<Answer<AnswerOf<AccountOperations[Id]>>>;
};

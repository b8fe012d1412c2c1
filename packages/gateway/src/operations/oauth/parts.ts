import type { AnswerOf, Asked } from '@patchbay/contract';
import type { OAUTH_OPERATIONS } from '@patchbay/contract/operations/oauth';
import type { OAuthWay } from '@patchbay/llm/credentials/oauth/token-endpoint';
import type { Tokens } from '@patchbay/llm/credentials/oauth/tokens';
import type { Result } from '@patchbay/llm/model/failure';

import type { OAuthClients } from '../../accounts/refresh-client.ts';
import type { RowSecrets } from '../../storage/ports.ts';
import type { AccountRecord } from '../../storage/records.ts';
import type { AccountParts } from '../accounts/parts.ts';
import type { Answer, Circumstances } from '../handler.ts';
import type { Rows } from '../ports.ts';

/** Keeps what anybody may look up for a while. Nothing in it is the only truth. */
export interface SignInCache {
  set(key: string, text: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What operations on signing accounts in need. */
export interface OAuthParts extends Omit<AccountParts, 'rows' | 'secrets'> {
  readonly rows: AccountParts['rows'] & Pick<Rows, 'oauthSessions'>;
  readonly secrets: AccountParts['secrets'] & Pick<RowSecrets, 'openSignIn'>;
  readonly clients: OAuthClients;
  /** The way of an account, there already or about to be. */
  readonly wayThrough: (row: Pick<AccountRecord, 'proxyId' | 'providerId'>) => OAuthWay;
  /** The tokens of accounts as they are used. */
  readonly tokens: { renewNow(row: AccountRecord): Promise<Result<Tokens>> };
  readonly cache: SignInCache;
  /** Where browsers are sent back to unless a request says otherwise. */
  readonly redirectUrl: string;
  /** Other origins whose pages may begin sign-ins and be told of their end. */
  readonly openerOrigins: readonly string[];
}

type OAuthOperations = typeof OAUTH_OPERATIONS;

/** A handler for each operation on signing accounts in. */
export type OAuthHandlers = {
  readonly [Id in keyof OAuthOperations]: (
    asked: Asked<OAuthOperations[Id]>,
    circumstances: Circumstances,
  ) => Promise<Answer<AnswerOf<OAuthOperations[Id]>>>;
};

import type { Secret } from './secret.ts';

/** An API key of one account. `id` names the account in logs and is no secret. */
export interface ApiKeyCredential {
  readonly kind: 'api-key';
  readonly id: string;
  readonly key: Secret;
}

/** An upstream that asks for no credential, such as a local server. */
export interface AnonymousCredential {
  readonly kind: 'anonymous';
  readonly id: string;
}

/** What one account presents upstream. */
/** What presents us to a provider. */
export type Credential = ApiKeyCredential | AnonymousCredential;

/** How a provider wants a credential presented. `env` names the variable that holds it. */
export type AuthScheme =
  | { readonly kind: 'bearer'; readonly env: string }
  | { readonly kind: 'header'; readonly header: string; readonly env: string }
  | { readonly kind: 'none' };

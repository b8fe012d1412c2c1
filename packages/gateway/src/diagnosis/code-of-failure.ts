import type { Failure, FailureKind } from '@patchbay/llm/model/failure';

import { findingOfWord } from './network-codes.ts';

/** Sentences of ours that say more than their kind, and what they are found as. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^No API key was given/, 'credential-missing'],
  [/^The API key is not known here/, 'key-unknown'],
  [/^The API key has been revoked/, 'key-revoked'],
  [/^The API key has expired/, 'key-expired'],
  [/^Failed to refresh OAuth token: .*(?:client_id|token_url)/, 'oauth-client-missing'],
  [/^Failed to refresh OAuth token/, 'oauth-refresh-dead'],
  [/^no available accounts .* Add an account, or activate one/, 'accounts-all-inactive'],
  [/^no available accounts/, 'accounts-all-resting'],
  [/^The provider’s stream ended before the answer was complete/, 'calls-cut-off'],
  [/^no accounts with available proxies/, 'accounts-without-way'],
];

/** What kinds are found as when a provider answered so. */
const ANSWERED: Readonly<Partial<Record<FailureKind, string>>> = {
  authentication: 'account-refused',
  permission: 'account-scope-missing',
  'quota-exhausted': 'account-out-of-money',
  'rate-limit': 'account-rate-limited',
  'not-found': 'calls-model-unknown',
  overloaded: 'provider-http-fails',
  upstream: 'provider-http-fails',
  'invalid-request': 'calls-rejected',
};

/** What kinds are found as whoever says so. */
const ALWAYS: Readonly<Partial<Record<FailureKind, string>>> = {
  'not-found': 'calls-model-unknown',
  'rate-limit': 'limit-reached',
  'context-overflow': 'calls-too-long',
  protocol: 'calls-unreadable',
  timeout: 'calls-time-out',
  network: 'calls-cannot-connect',
};

/** What a caller hears who asks for an address that we do not have. */
const UNKNOWN_URL = 'unknown_url';

/** Code of the finding that the doctor would explain a failure by; `undefined` where the caller alone is at fault. */
export function codeOfFailure({ kind, code, status, message, phase }: Failure): string | undefined {
  const said = SENTENCES.find(([words]) => words.test(message))?.[1];
  if (said !== undefined) return said;
  if (code === UNKNOWN_URL) return undefined;
  if (kind === 'network' && code !== undefined) return findingOfWord(code) ?? ALWAYS.network;
  if (kind === 'timeout' && phase === 'connect') return 'provider-no-answer';
  return (status === undefined ? undefined : ANSWERED[kind]) ?? ALWAYS[kind];
}

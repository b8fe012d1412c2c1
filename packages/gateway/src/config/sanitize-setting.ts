import { redactText } from '@patchbay/llm/transport/redact-text';

import { SETTINGS } from './schema.ts';

/** Names whose values are never shown, whatever they are. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD/i;
const USER_INFO = /(\/\/)[^/@\s]*@/g;
const MASK = '********';

/** Names of settings that speak of tokens and keys, and hold none. */
const HARMLESS = new Set(
  Object.entries(SETTINGS).flatMap(([name, rule]) => ('secret' in rule && rule.secret === true ? [] : [name])),
);

/**
 * A setting as it may be shown to anybody: masked where its name says that it is a secret, without the credentials of
 * addresses, and `null` where it is not set. Of names that are not known here too much is masked rather than too little:
 * `ACME_MAX_TOKENS` is.
 */
export function sanitizeSetting(name: string, value: string | null): string | null {
  if (value === null || value === '') return value;
  const isSecret = SECRET_NAME.test(name) && !HARMLESS.has(name);
  return isSecret ? MASK : redactText(value.replaceAll(USER_INFO, '$1'));
}

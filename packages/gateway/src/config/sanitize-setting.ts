import { redactText } from '@patchbay/llm/transport/redact-text';

/** Names whose values are never shown, whatever they are. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD/i;
const USER_INFO = /(\/\/)[^/@\s]*@/g;
const MASK = '********';

/**
 * A setting as it may be shown to anybody: masked where its name says that it is a secret, without the credentials of
 * addresses, and `null` where it is not set. Masks too much rather than too little: `OPENAI_MAX_TOKENS` is masked.
 */
export function sanitizeSetting(name: string, value: string | null): string | null {
  if (value === null || value === '') return value;
  return SECRET_NAME.test(name) ? MASK : redactText(value.replaceAll(USER_INFO, '$1'));
}

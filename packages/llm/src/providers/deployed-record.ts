import { failed, ok, type Result } from '../model/failure.ts';
import type { ProviderRecord } from './define-provider.ts';

/** What may stand in an address without changing where it leads. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;

/**
 * The base URL of a record with its variables in place; the very one of a record that has none. `valueOf` gives the
 * value of a variable of the process. A value that is missing, or could lead elsewhere, is an `invalid-request` failure
 * that names the variable and does not show the value.
 */
export function baseUrlOf(
  { name, baseUrl, variables = {}, envPrefix }: Pick<ProviderRecord, 'name' | 'baseUrl' | 'variables' | 'envPrefix'>,
  valueOf: (env: string) => string | undefined,
): Result<string> {
  let filled = baseUrl;
  for (const [placeholder, variable] of Object.entries(variables)) {
    const value = valueOf(variable.env) || variable.default;
    if (value === undefined || !PLAIN.test(value)) {
      const wanted = value === undefined ? 'is needed' : 'must be letters, digits, dots, hyphens and underscores';
      const message = `${variable.env} ${wanted} for ${name}. Set it, or ${envPrefix}_BASE_URL.`;
      return failed({ kind: 'invalid-request', path: variable.env, message });
    }
    filled = filled.replaceAll(`{${placeholder}}`, () => value);
  }
  return ok(filled);
}

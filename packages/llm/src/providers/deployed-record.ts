import { failed, ok, type Result } from '../model/failure.ts';
import type { ProviderRecord } from './define-provider.ts';

/** What may stand in an address without changing where it leads. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;

/** Gives the value of a variable of the process. */
export type ValueOf = (env: string) => string | undefined;

/**
 * A record as one installation runs it: in the variant that the variables ask for, at the operator's own `baseUrl` if
 * there is one, and with every variable in its place. The very same record where nothing changes. A value that is
 * missing, or could lead elsewhere, is an `invalid-request` failure that names the variable and does not show the value.
 */
export function deployedRecord(record: ProviderRecord, valueOf: ValueOf, baseUrl?: string): Result<ProviderRecord> {
  const variant = record.variants?.find(({ env, value }) =>
    value === undefined ? Boolean(valueOf(env)) : valueOf(env) === value,
  );
  if (variant === undefined && record.variables === undefined && baseUrl === undefined) return ok(record);
  const { baseUrl: address, variables = {}, speaks, models, serves } = { ...record, ...variant?.record };
  let text = JSON.stringify({ baseUrl: baseUrl ?? address, speaks, models, serves });
  for (const [placeholder, variable] of Object.entries(variables)) {
    if (!text.includes(`{${placeholder}}`)) continue;
    const value = valueOf(variable.env) || variable.default;
    if (value === undefined || !PLAIN.test(value))
      return failed(
        mistake(record, variable.env, {
          isMissing: value === undefined,
          isAddress: address.includes(`{${placeholder}}`),
        }),
      );
    // What is plain needs no escape in JSON either.
    text = text.replaceAll(`{${placeholder}}`, () => value);
  }
  // The operator's own address is the only one.
  const hosts = baseUrl === undefined ? {} : { fallbackUrls: [] };
  return ok({ ...record, ...hosts, ...(JSON.parse(text) as Pick<ProviderRecord, 'baseUrl' | 'speaks'>) });
}

function mistake(
  { name, envPrefix }: ProviderRecord,
  env: string,
  { isMissing, isAddress }: { readonly isMissing: boolean; readonly isAddress: boolean },
) {
  const wanted = isMissing ? 'is needed' : 'must be letters, digits, dots, hyphens and underscores';
  const advice = isAddress ? `Set it, or ${envPrefix}_BASE_URL.` : 'Set it.';
  return { kind: 'invalid-request', path: env, message: `${env} ${wanted} for ${name}. ${advice}` } as const;
}

import type { AuthScheme } from '@patchbay/llm/credentials/credential';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

/** The number of a variable that has one account's part each: 0 for the plain name, `undefined` for something else. */
export function accountNumber(plain: string, name: string): number | undefined {
  if (name === plain) return 0;
  const numbered = name.startsWith(`${plain}_`) ? name.slice(plain.length + 1) : '';
  return /^\d{1,6}$/.test(numbered) ? Number(numbered) : undefined;
}

/** Variables that every account has of its own, in the order of the provider's schemes; its key first. */
export const accountVariables = ({ envPrefix, auth }: ProviderRecord): readonly string[] => [
  ...new Set([`${envPrefix}_API_KEY`, ...auth.flatMap(variablesOf)]),
];

function variablesOf(scheme: AuthScheme): readonly string[] {
  if (!('env' in scheme)) return [];
  return scheme.kind === 'sigv4' ? [scheme.env, scheme.secretEnv, scheme.sessionEnv] : [scheme.env];
}

/** Variables that a provider has once: those of its address, and where it is. */
export const placeVariables = ({ envPrefix, variables = {}, variants = [] }: ProviderRecord): readonly string[] => {
  const named = [variables, ...variants.map(({ record }) => record.variables ?? {})].flatMap((each) =>
    Object.values(each).map(({ env }) => env),
  );
  return [...new Set([...named, ...variants.map(({ env }) => env), `${envPrefix}_BASE_URL`])];
};

import type { OperationFailure, ValidationError } from '@patchbay/contract';
import type { AuthConfig, AuthMethod, CreateProvider } from '@patchbay/contract/resources/provider';

import { mergeAuth, type HeldAuth, type KnownAuth } from './auth-config.ts';
import { authProblems } from './auth-problems.ts';
import { endpointProblem } from './endpoint.ts';
import { identifierProblem } from './identifier.ts';
import { isPlaceholderKey } from './placeholder-key.ts';

/** How to sign in to a provider that may be kept, or why it may not. */
export type CheckedProvider =
  | { readonly ok: true; readonly auth: HeldAuth }
  | { readonly ok: false; readonly failure: OperationFailure };

/** Where a provider is and how it is signed in to. */
export interface ProviderAccess {
  readonly apiEndpoint: string;
  readonly authMethod: AuthMethod;
  readonly authConfig: AuthConfig;
}

/** Checks a provider that is new. */
export function checkProvider(asked: CreateProvider): CheckedProvider {
  const identifier = identifierProblem(asked.identifier);
  return identifier === undefined ? checkAccess(asked) : { ok: false, failure: identifier };
}

/** Checks address and sign-in of a provider, new or `known`. */
export function checkAccess(
  { apiEndpoint, authMethod, authConfig }: ProviderAccess,
  known?: KnownAuth,
): CheckedProvider {
  const merged = mergeAuth(authConfig, known);
  const fields = Object.keys(merged.ok ? merged.auth.fields : authConfig.fields);
  const endpoint = endpointProblem(apiEndpoint, fields);
  if (endpoint !== undefined)
    return { ok: false, failure: { code: 'INVALID_ENDPOINT', message: endpoint, field: 'apiEndpoint' } };
  const errors = merged.ok ? authProblems(authMethod, merged.auth) : merged.errors;
  if (errors.length > 0 || !merged.ok) return { ok: false, failure: invalid(errors) };
  return { ok: true, auth: merged.auth };
}

/** A request with several things wrong in it. */
export const invalid = (validationErrors: readonly ValidationError[]): OperationFailure => ({
  code: 'VALIDATION_ERROR',
  message: `Validation failed: ${validationErrors.map(({ field, message }) => `${field}: ${message}`).join(' ')}`,
  ...(validationErrors[0] && { field: validationErrors[0].field }),
  validationErrors,
});

/** What is allowed, and yet hardly meant. */
export function providerWarnings(asked: CreateProvider): readonly ValidationError[] {
  const { apiEndpoint, authMethod, authConfig, capabilities } = asked;
  const placeholders = Object.entries(authConfig.fields).flatMap(([name, value]) =>
    typeof value === 'string' && isPlaceholderKey(value)
      ? [{ field: `authConfig.fields.${name}`, message: placeholderSentence(name) }]
      : [],
  );
  const said: readonly (false | ValidationError)[] = [
    /^http:\/\/(?!localhost|127\.|\[::1\])/i.test(apiEndpoint) && {
      field: 'apiEndpoint',
      message: 'Keys travel unencrypted over http://. Use https:// where the provider offers it.',
    },
    capabilities.supportedAuthMethods?.includes(authMethod) === false && {
      field: 'capabilities.supportedAuthMethods',
      message: `Does not name ${authMethod}, which is the authMethod.`,
    },
    capabilities.supportsSystemMessages &&
      !capabilities.supportedRoles.includes('system') && {
        field: 'capabilities.supportedRoles',
        message: 'Does not name system, though supportsSystemMessages is true.',
      },
    authMethod === 'api_key' &&
      authConfig.headers !== undefined &&
      !Object.values(authConfig.headers).some((value) => value.includes('{{apiKey}}')) && {
        field: 'authConfig.headers',
        message: 'No header names {{apiKey}}; the key is then sent the way this provider’s kind expects it.',
      },
  ];
  return [...placeholders, ...said.filter((each) => each !== false)];
}

/** Says that a key is one of the documentation's. */
export const placeholderSentence = (field: string): string =>
  `${field} is still the placeholder of the documentation. Put the real one there.`;

import type { ProviderRecord } from '../providers/define-provider.ts';
import type { ProviderConfig, RateLimitConfig } from './provider-config.ts';
import { ProviderError } from './provider-error.ts';

/** The mistakes of a config that could never work, as sentences that say what to do; none when it is sound. */
export function configMistakes(config: ProviderConfig): readonly string[] {
  const { type, baseUrl, timeout = 0, maxRetries = 0, headers = {}, rateLimit = {} } = config;
  const mistakes: string[] = [];
  if (typeof type !== 'string' || type === '') mistakes.push('provider type is required: set type, e.g. openai.');
  if (baseUrl !== undefined && !/^https?:\/\/[^/]/.test(baseUrl))
    mistakes.push('baseUrl must be a whole address: https://host/path.');
  if (!(timeout >= 0)) mistakes.push('timeout must be positive: milliseconds, or 0 for no limit.');
  if (!(Number.isInteger(maxRetries) && maxRetries >= 0)) mistakes.push('maxRetries must be a whole number from 0.');
  for (const [name, value] of Object.entries(headers))
    if (typeof value !== 'string' || /[\r\n]/.test(value)) mistakes.push(`headers.${name} must be text in one line.`);
  for (const bound of BOUNDS) {
    const value = rateLimit[bound];
    if (value !== undefined && !(Number.isInteger(value) && value > 0))
      mistakes.push(`rateLimit.${bound} must be a whole number from 1.`);
  }
  return mistakes;
}

const BOUNDS: readonly (keyof RateLimitConfig & `${string}Per${string}`)[] = [
  'requestsPerMinute',
  'tokensPerMinute',
  'requestsPerDay',
];

/** The mistake of a config without anything to sign in with, where its provider asks for that. */
export function missingCredential(config: ProviderConfig, record: ProviderRecord): string | undefined {
  const { apiKey, apiKeys = [], oauthCredentials = [], accounts = [], name = config.type } = config;
  const isOpen = record.auth.some(({ kind }) => kind === 'none');
  const isGiven = apiKey !== undefined && String(apiKey) !== '';
  if (isOpen || isGiven || apiKeys.length + oauthCredentials.length + accounts.length > 0) return undefined;
  return `required field missing: providers.${name}.api_key. Set it or export ${record.envPrefix}_API_KEY.`;
}

/** The error of a config that cannot work. */
export const invalidConfig = (provider: string, mistakes: readonly string[]): ProviderError =>
  new ProviderError({
    code: 'invalid_config',
    message: `invalid_config: ${mistakes.join(' ')}`,
    provider,
    operation: 'createProvider',
  });

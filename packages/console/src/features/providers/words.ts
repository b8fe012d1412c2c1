import type { AuthMethod, ProviderStatus } from '@patchbay/contract/resources/provider';
import type { ProviderHealth } from '@patchbay/contract/resources/health';

import type { Tone } from '../../components/ui/badge.tsx';

/** Ways to sign in, as one reads them. */
export const METHODS: Readonly<Record<AuthMethod, string>> = {
  api_key: 'API key',
  oauth2: 'OAuth client',
  aws_iam: 'AWS keys',
  custom: 'Headers of its own',
};

/** Fields that each way to sign in needs. */
export const FIELDS_OF: Readonly<Record<AuthMethod, readonly string[]>> = {
  api_key: ['apiKey'],
  oauth2: ['clientId', 'clientSecret', 'tokenUrl'],
  aws_iam: ['accessKeyId', 'secretAccessKey', 'region'],
  custom: [],
};

/** Colour of a status. */
export const STATUS_TONES: Readonly<Record<ProviderStatus, Tone>> = {
  active: 'good',
  inactive: 'neutral',
  testing: 'warn',
};

/** Colour of a health. */
export const HEALTH_TONES: Readonly<Record<ProviderHealth['status'], Tone>> = {
  healthy: 'good',
  degraded: 'warn',
  down: 'bad',
  unknown: 'neutral',
};

const PLAIN_FIELDS = /^(?:organi[sz]ation|project|baseUrl|endpoint|region|location|tokenUrl|apiVersion|scope)/;

/** True where the gateway shows a field masked; whatever it is not sure of it masks, too. */
export const isSecretField = (name: string): boolean => !PLAIN_FIELDS.test(name);

/** `secretAccessKey` as `Secret access key`. */
export function fieldLabel(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`.replace(/\b(?:api|aws|url|id)\b/gi, (each) =>
    each.toUpperCase(),
  );
}

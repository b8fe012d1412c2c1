import type { Account } from '@patchbay/contract/resources/account';

import type { Tone } from '../../components/ui/badge.tsx';

/** Kinds of accounts, as people call them. */
export const KIND_WORDS: Readonly<Record<Account['auth_kind'], string>> = {
  api_key: 'API key',
  bearer: 'token',
  oauth: 'signed in',
  aws: 'AWS',
  service_account: 'service account',
};

/** Why an account rests, by the API's word for it. */
const REASONS: Readonly<Record<string, string>> = {
  auth_failed: 'refused by the provider',
  quota: 'quota spent',
  estimate: 'quota spent, by what was learned of it',
  cooldown: 'rate limited',
  not_found: 'model not found',
  overloaded: 'provider overloaded',
  transient: 'failed lately',
  limit: 'own limit reached',
};

/** A reason in words; one that is not known here as it came. */
export const reasonWords = (reason: string): string => REASONS[reason] ?? reason;

/** How an account is: a word with a tone, and until when where that is known. */
export interface ShownState {
  readonly tone: Tone;
  readonly word: string;
  /** Why, such as why it rests. */
  readonly why?: string;
  readonly until?: string;
}

/** Health as the list of accounts names it. */
export const HEALTH_WORDS = { healthy: 'healthy', degraded: 'shaky', down: 'down' } as const;

/** How an account is now; a rest that is over is none. */
export function stateOf({ is_active, cooling, health_status }: Account, nowMs: number): ShownState {
  if (!is_active) return { tone: 'neutral', word: 'off' };
  if (cooling !== undefined && Date.parse(cooling.until) > nowMs) {
    const { until, reason, model } = cooling;
    const why = `${reasonWords(reason)}${model === undefined ? '' : ` for ${model}`}`;
    return reason === 'auth_failed'
      ? { tone: 'bad', word: 'refused', why, until }
      : { tone: 'warn', word: model === undefined ? 'resting' : 'model rests', why, until };
  }
  const tone = health_status === 'healthy' ? 'good' : health_status === 'degraded' ? 'warn' : 'bad';
  return { tone, word: HEALTH_WORDS[health_status] };
}

/** What an account is called: its label, or else its id. */
export const nameOf = ({ label, id }: Pick<Account, 'label' | 'id'>): string =>
  label.trim() === '' ? id : label.trim();

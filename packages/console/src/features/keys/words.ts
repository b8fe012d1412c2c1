import type { ApiKey, KeyLimits } from '@patchbay/contract/resources/api-key';

import { showCount, showUsd } from '../../lib/format.ts';

/** What a key may use, in a line. */
export function limitsInWords(limits: KeyLimits): string {
  const count = (most: number | undefined, of: string) => (most === undefined ? [] : [`${showCount(most).text} ${of}`]);
  const { budget_usd: budget, budget_period: period = 'never', models } = limits;
  const words = [
    ...(budget === undefined ? [] : [`${showUsd(budget).text}${period === 'never' ? '' : ` a ${period}`}`]),
    ...count(limits.requests_per_minute, 'requests a minute'),
    ...count(limits.tokens_per_minute, 'tokens a minute'),
    ...count(limits.requests_per_day, 'requests a day'),
    ...count(limits.tokens_per_day, 'tokens a day'),
    ...count(limits.calls_at_once, 'at a time'),
    ...(models === undefined ? [] : [`${models.length === 1 ? 'model' : 'models'} ${models.join(', ')}`]),
  ];
  return words.length === 0 ? 'everything, without limit' : words.join(', ');
}

/** What a key is called: its label, or else how it begins. */
export const nameOf = ({ label, key_prefix: prefix }: Pick<ApiKey, 'label' | 'key_prefix'>): string =>
  label.trim() === '' ? prefix : label;

/** True once a key has come to its end. */
export const isOver = ({ expires_at: at }: Pick<ApiKey, 'expires_at'>, nowMs: number): boolean =>
  at !== null && Date.parse(at) <= nowMs;

import type { Proxy } from '@patchbay/contract/resources/proxy';

import type { Tone } from '../../components/ui/badge.tsx';

/** How a proxy is: a word with a tone. One that was never tried is not said to be well. */
export function stateOf({
  is_active: isActive,
  health_status: health,
  last_checked_at: checkedAt,
  last_used_at: usedAt,
}: Proxy): { readonly tone: Tone; readonly word: string } {
  if (!isActive) return { tone: 'neutral', word: 'off' };
  if (health === 'down') return { tone: 'bad', word: 'down' };
  if (health === 'degraded') return { tone: 'warn', word: 'shaky' };
  return checkedAt === null && usedAt === null
    ? { tone: 'neutral', word: 'not tried yet' }
    : { tone: 'good', word: 'healthy' };
}

/** What a proxy is called: its label, or else its address. */
export const nameOf = ({ label, url }: Pick<Proxy, 'label' | 'url'>): string =>
  label === null || label.trim() === '' ? url : label.trim();

import type { AccountsSummary } from '@patchbay/contract/resources/account';
import type { AccountPolicy } from '@patchbay/contract/resources/account-policy';
import { ChevronRight } from 'lucide-react';

import { Status, type Tone } from '../../components/ui/badge.tsx';
import { Num } from '../../components/ui/values.tsx';
import { cx } from '../../lib/cx.ts';
import { PolicyLine } from './policy-line.tsx';

type Counts = AccountsSummary['providers'][number];

export interface ProviderHeadProps {
  readonly name: string;
  /** Absent while it is not known, and where only some are listed. */
  readonly counts: Counts | undefined;
  /** How calls choose among them; absent while it is not known. */
  readonly policy: AccountPolicy | undefined;
  readonly isShut: boolean;
  readonly onTurn: () => void;
}

/** A provider above its accounts: how many calls choose from, and what is wrong with the others. */
export const ProviderHead = ({ name, counts, policy, isShut, onTurn }: ProviderHeadProps) => (
  <span className="flex min-w-0 items-center gap-x-4">
    <button
      type="button"
      aria-expanded={!isShut}
      onClick={onTurn}
      className="flex min-w-0 items-center gap-1.5 rounded text-sm font-semibold hover:text-accent"
    >
      <ChevronRight
        className={cx('size-4 shrink-0 text-ink-3 transition-transform', !isShut && 'rotate-90')}
        aria-hidden
      />
      <span className="truncate">{name}</span>
    </button>
    {counts !== undefined && <Summary of={counts} />}
    {policy !== undefined && <PolicyLine name={name} of={policy} />}
  </span>
);

const WORDS: readonly { readonly name: 'degraded' | 'down' | 'off'; readonly tone: Tone; readonly word: string }[] = [
  { name: 'degraded', tone: 'warn', word: 'shaky' },
  { name: 'down', tone: 'bad', word: 'down' },
  { name: 'off', tone: 'neutral', word: 'off' },
];

const Summary = ({ of: counts }: { readonly of: Counts }) => (
  <span className="flex min-w-0 items-center gap-x-3 text-xs text-ink-2">
    <Status tone={toneOf(counts)}>
      <span className="text-ink-2">
        <Num value={counts.usable} /> of <Num value={counts.total} /> usable
      </span>
    </Status>
    {WORDS.filter(({ name }) => counts[name] > 0).map(({ name, tone, word }) => (
      <Status key={name} tone={tone} className="max-sm:hidden">
        <span className="text-ink-2">
          <Num value={counts[name]} /> {word}
        </span>
      </Status>
    ))}
  </span>
);

/** Accounts that somebody switched off are nothing to worry about. */
function toneOf({ total, off, usable }: Counts): Tone {
  if (total === off) return 'neutral';
  return usable === 0 ? 'bad' : usable < total - off ? 'warn' : 'good';
}

import type { Account } from '@patchbay/contract/resources/account';

import { Status } from '../../components/ui/badge.tsx';
import { showDuration } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { stateOf } from './words.ts';

const SECOND_MS = 1000;
/** Nothing counts down: ages alone are told anew. */
const CALM_MS = 30_000;

/** How an account is; while it rests, for how much longer. */
export function AccountState({ of: account }: { readonly of: Account }) {
  const now = useNow(account.cooling === undefined ? CALM_MS : SECOND_MS);
  const { tone, word, why, until } = stateOf(account, now);
  if (until === undefined) return <Status tone={tone}>{word}</Status>;
  const left = showDuration(Math.max(1, Math.round((Date.parse(until) - now) / SECOND_MS)) * SECOND_MS).text;
  return (
    <span title={why}>
      <Status tone={tone}>
        <span>
          {word} <span className="numeric text-ink-3">{left}</span>
        </span>
      </Status>
    </span>
  );
}

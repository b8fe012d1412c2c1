import type { PoolObserver } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Accounts as AccountRows } from '../storage/ports.ts';
import { AccountNotes } from './account-notes.ts';
import { createChooser, type AccountChooser, type ChooserParts } from './choose-account.ts';
import { QuotaBook, type QuotaBookParts } from './quota-book.ts';

/** What accounts are chosen and watched with. */
export interface UpstreamAccountsParts extends ChooserParts, Pick<QuotaBookParts, 'tally' | 'news'> {
  /** Absent where nothing is stored. */
  readonly rows?: Pick<AccountRows, 'note' | 'quotaPatterns' | 'putQuotaPattern'>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** The accounts at providers: how they are chosen, and what is known of how they fare. */
export interface UpstreamAccounts {
  readonly chooser: AccountChooser;
  readonly quotas: QuotaBook;
  /** Is told by pools how accounts are used. */
  readonly observer: PoolObserver;
  /** Reads what was learned before. */
  start(): Promise<void>;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Makes them; reads nothing before `start`. */
export function openAccounts({
  rows,
  clock,
  onError,
  tally,
  news,
  ...choosing
}: UpstreamAccountsParts): UpstreamAccounts {
  const notes = rows && new AccountNotes({ write: (each) => rows.note(each), clock, onError });
  const quotas = new QuotaBook({
    clock,
    put: async (pattern) => rows?.putQuotaPattern(pattern),
    onError,
    ...(tally && { tally }),
    ...(news && { news }),
  });
  return {
    chooser: createChooser(choosing),
    quotas,
    observer: {
      used: (seat) => notes?.used(seat),
      ended: (seat, outcome, model) => {
        notes?.ended(seat, outcome);
        quotas.ended(seat, outcome, model);
      },
    },
    start: async () => {
      if (rows !== undefined) quotas.load(await rows.quotaPatterns());
    },
    close: async () => notes?.close(),
  };
}

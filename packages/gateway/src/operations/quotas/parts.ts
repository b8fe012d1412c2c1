import type { AnswerOf, Asked } from '@patchbay/contract';
import type { LOG_OPERATIONS } from '@patchbay/contract/operations/logs';
import type { Clock } from '@patchbay/llm/model/clock';

import type { QuotaBook } from '../../accounts/quota-book.ts';
import type { AccountHosts } from '../accounts/parts.ts';
import type { Answer, Circumstances } from '../handler.ts';
import type { Rows } from '../ports.ts';

/** What operations on quotas need. */
export interface QuotaParts {
  readonly book: Pick<QuotaBook, 'states' | 'reset'>;
  readonly rows: Pick<Rows, 'accounts'>;
  readonly registry: Pick<AccountHosts, 'current'>;
  readonly clock: Clock;
}

type QuotaOperations = Pick<typeof LOG_OPERATIONS, 'quotas.list' | 'quotas.get' | 'quotas.reset' | 'quotas.summary'>;

/** A handler for each operation on quotas. */
export type QuotaHandlers = {
  readonly [Id in keyof QuotaOperations]: (
    asked: Asked<QuotaOperations[Id]>,
    circumstances: Circumstances,
  ) => Promise<Answer<AnswerOf<QuotaOperations[Id]>>>;
};

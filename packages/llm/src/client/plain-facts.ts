import type { Usage } from '../model/usage.ts';
import type { AttemptReport, CallCost, CallRecord } from './call-record.ts';

/** What is known of every call that is no conversation. */
export interface PlainFacts {
  /** Id of the provider that answered. */
  readonly provider: string;
  /** The provider's own name for the model. */
  readonly model: string;
  /** Absent when the provider did not say. */
  readonly usage?: Usage;
  /** Absent when the price or the usage is unknown. */
  readonly cost?: CallCost;
  readonly attempts: readonly AttemptReport[];
}

/** The facts of a call that was answered. */
export async function plainFacts(record: CallRecord, usage: Usage | undefined): Promise<PlainFacts> {
  const cost = await record.cost();
  const last = record.attempts.at(-1);
  return {
    provider: last?.providerId ?? '',
    model: last?.model ?? '',
    ...(usage !== undefined && { usage }),
    ...(cost !== undefined && { cost }),
    attempts: [...record.attempts],
  };
}

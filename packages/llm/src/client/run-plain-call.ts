import type { Result } from '../model/failure.ts';
import type { CallOperation } from '../model/observer.ts';
import type { Usage } from '../model/usage.ts';
import { startTotal } from './begin-call.ts';
import { settingsOf, type CallOptions } from './call-options.ts';
import { CallRecord } from './call-record.ts';
import type { ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { runCall, type Attempt } from './run-call.ts';

/** A call that is not a conversation: no middleware stands around it. */
export interface PlainCall<T> {
  readonly operation: Exclude<CallOperation, 'generate' | 'stream'>;
  readonly models: readonly string[];
  readonly options: CallOptions;
  /** Tokens that it will probably use, for limits. Default 0. */
  readonly tokens?: number;
  readonly perform: (attempt: Attempt) => Promise<Result<T>>;
  readonly usageOf?: (value: T) => Usage | undefined;
}

/** What it came to, and the call's book. */
export interface PlainAnswer<T> {
  readonly value: T;
  readonly record: CallRecord;
}

/** Makes such a call with the accounts, fallbacks and budgets of every other. Throws `LlmError`. */
export async function runPlainCall<T>(client: ClientContext, call: PlainCall<T>): Promise<PlainAnswer<T>> {
  const { operation, models, options, tokens = 0, usageOf = () => undefined } = call;
  const settings = settingsOf(client, models, options);
  if (!settings.ok) throw new LlmError(settings.failure);
  const { metadata = {}, fallbacks = [] } = options;
  const record = new CallRecord(client, { operation, models: [...models, ...fallbacks], metadata });
  const total = startTotal(client, settings.value, options.signal);
  const perform = async (attempt: Attempt): Promise<Result<T>> => {
    const result = await call.perform(attempt);
    attempt.settle(result.ok ? { usage: usageOf(result.value) } : result);
    return result;
  };
  try {
    const result = await runCall<T>(client, {
      settings: settings.value,
      record,
      signal: total.signal,
      tokens,
      perform,
    });
    if (result.ok) record.answered({ losses: [], usage: usageOf(result.value) });
    await record.end(result.ok ? 'answered' : 'failed', result.ok ? undefined : result.failure);
    if (!result.ok) throw new LlmError(result.failure, record.attempts);
    return { value: result.value, record };
  } finally {
    total.stop();
  }
}

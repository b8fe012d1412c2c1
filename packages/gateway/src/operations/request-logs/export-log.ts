import type { CallQuery, CallReader } from '../../storage/repositories/call-reader.ts';
import { csvLine } from '../csv.ts';
import { presentLog } from './present-log.ts';

const PAGE_ROWS = 1000;
/** Attempts of one file. */
const ROWS_MAX = 100_000;

const COLUMNS = [
  'created_at',
  'request_id',
  'attempt',
  'route',
  'requested_model',
  'provider_id',
  'model',
  'account_id',
  'proxy_id',
  'key_id',
  'state',
  'status_code',
  'failure_kind',
  'latency_ms',
  'first_token_ms',
  'duration_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'stream',
  'switched_from_account_id',
  'error',
] as const;

/** The log as CSV, a page at a time: whoever reads it slowly holds one page and no more. */
export async function* exportLog(
  calls: CallReader,
  query: Omit<CallQuery, 'limit' | 'beforeId'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  let beforeId: number | undefined;
  for (let written = 0; written < ROWS_MAX && !signal.aborted; written += PAGE_ROWS) {
    const page = await calls.page({ ...query, limit: PAGE_ROWS, ...(beforeId !== undefined && { beforeId }) });
    yield page.map((call) => csvLine(COLUMNS.map((name) => presentLog(call)[name] as string))).join('');
    beforeId = page.at(-1)?.id;
    if (page.length < PAGE_ROWS) return;
  }
}

import type { IncomingHttpHeaders } from 'node:http';

import type { ServedFormatId } from '@patchbay/llm/wire/registry';
import type { JsonObject } from '@patchbay/llm/model/json';

import type { Caller } from '../identity/ports.ts';
import type { AnswerSink } from '../relay/client-sink.ts';
import type { CallRecord } from '../telemetry/call-record.ts';
import type { ResponseThread } from './stored-responses/response-thread.ts';

/** One client request on its way through the stages. */
export interface Call {
  readonly record: CallRecord;
  readonly caller: Caller;
  readonly clientFormat: ServedFormatId;
  /** Which of the format's operations is asked for. */
  readonly operation: 'generate' | 'count-tokens' | 'embed' | 'embed-batch';
  /** The model as the client addressed it. */
  readonly model: string;
  readonly stream: boolean;
  /** The client's bytes and where in them the model's value lies, so that it alone can be replaced. */
  readonly body: Buffer;
  /** Absent where the address names the model and the body does not. */
  readonly modelSpan: { readonly start: number; readonly end: number } | undefined;
  /** The same body, parsed; let go of where bytes pass untouched, because it is as large as the body itself. */
  json: JsonObject | undefined;
  /** True where the request says what is wanted and not how: it is fitted to each target, also to those of its dialect. */
  readonly fitted?: true;
  /** Refuse what cannot be carried instead of reporting it. */
  readonly strict: boolean;
  readonly headers: IncomingHttpHeaders;
  /** The client's query string without credentials, with its `?`, or empty. */
  readonly query: string;
  /** The only account that the caller wants asked. */
  readonly account?: string;
  readonly client: AnswerSink;
  readonly startedMs: number;
  /** What the gateway does in the place of a provider without state; absent where there is nothing to do. */
  thread?: ResponseThread;
}

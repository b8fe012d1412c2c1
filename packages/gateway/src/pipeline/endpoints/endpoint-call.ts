import type { IncomingHttpHeaders } from 'node:http';

import type { EndpointId } from '@patchbay/llm/providers/define-provider';

import type { Caller } from '../../identity/ports.ts';
import type { AnswerSink } from '../../relay/client-sink.ts';
import type { PassUpload } from '../../relay/pass-upload.ts';
import type { CallRecord } from '../../telemetry/call-record.ts';
import type { VectorEncoding } from './vector-encoding.ts';

/** What is sent upstream. Made anew for each attempt: every target has a name of its own for the model. */
export interface EndpointBody {
  /** Value of the `content-type` that describes it. */
  readonly contentType: string;
  /** Bytes of it that are words, as far as it has been read; files are not counted. */
  readonly textBytes: number;
  /** True once bytes have left that are not held here, so that no other target can be asked. */
  readonly spent: boolean;
  /** The bytes with another name for the model, and nothing else changed; whole, or on their way. */
  withModel(model: string): Buffer | PassUpload;
}

/** One request for something besides a chat, on its way to whoever serves it. */
export interface EndpointCall {
  readonly caller: Caller;
  readonly record: CallRecord;
  readonly client: AnswerSink;
  readonly startedMs: number;
  readonly headers: IncomingHttpHeaders;
  /** The client's query string without credentials, with its `?`, or empty. */
  readonly query: string;
  readonly endpoint: EndpointId;
  /** The model as the client addressed it. */
  readonly model: string;
  readonly body: EndpointBody;
  /** How the client wants vectors to stand in the answer; absent where that is the provider's to decide. */
  readonly vectors: VectorEncoding | undefined;
}

import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import { ArraySink } from '../../relay/array-sink.ts';
import type { AnswerSink } from '../../relay/client-sink.ts';
import type { Operation } from './serve-call.ts';

/** What a list ends with whose next element would be no JSON. */
const DAMAGED = JSON.stringify(
  WIRE_FORMATS.gemini.encodeFailure({ kind: 'protocol', message: 'The provider sent a stream event that is not JSON.' })
    .body,
);

/** Where the answer to a call goes: callers of Gemini who want a stream and do not ask for events get a list. */
export function sinkFor({ format, addressed }: Operation, url: string, client: AnswerSink): AnswerSink {
  if (format !== 'gemini' || addressed?.stream !== true) return client;
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  return query.get('alt') === 'sse' ? client : new ArraySink(client, DAMAGED);
}

import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';
import { JSON_BOUNDS, scanJson, type MemberSpan } from '@patchbay/llm/transport/scan-json';
import { parseJson } from '@patchbay/llm/wire/read';

import type { EndpointBody } from './endpoint-call.ts';
import { checkModelName } from './model-name.ts';
import type { VectorEncoding } from './vector-encoding.ts';

/** What a request in JSON says that concerns us. */
export interface JsonRequest {
  readonly body: EndpointBody;
  readonly model: string;
  readonly stream: boolean;
  /** Absent where the vectors asked for are not of one of the two encodings that we know. */
  readonly vectors: VectorEncoding | undefined;
}

/** Nothing is built of the values, so that a list of a million tokens costs no more than a text of that length. */
const BOUNDS = { ...JSON_BOUNDS, nodesMax: Number.MAX_SAFE_INTEGER };

/**
 * Finds what we must know in a body and leaves the rest unread: the provider judges it. `defaultModel` is taken where
 * the body names no model, and is then written into it.
 */
export function readJsonRequest(bytes: Buffer, defaultModel?: string): Result<JsonRequest> {
  if (bytes.length === 0) return failed(EMPTY);
  const scan = scanJson(bytes, BOUNDS);
  if (!scan.ok) return failed({ kind: 'invalid-request', message: scan.message.slice(0, REPEATED_CHARS_MAX) });
  if (!OBJECT.test(bytes.toString('latin1', 0, START_BYTES))) return failed(NO_OBJECT);
  const valueOf = (name: string): Json | undefined => {
    const span = scan.members.get(name);
    return span === undefined ? undefined : parseJson(bytes.toString('utf8', span.start, span.end));
  };
  const span = scan.members.get('model');
  const model = checkModelName(span === undefined ? defaultModel : valueOf('model'));
  if (!model.ok) return model;
  return ok({
    body: {
      contentType: 'application/json',
      textBytes: bytes.length,
      spent: false,
      withModel: (name) => replaced(bytes, name, span, scan.members.size > 0),
    },
    model: model.value,
    stream: valueOf('stream') === true,
    vectors: vectorsWanted(valueOf('encoding_format'), valueOf('output_dtype')),
  });
}

/** Longest part of a refusal that repeats the body, in characters. */
const REPEATED_CHARS_MAX = 1000;
const START_BYTES = 1024;
const OBJECT = /^\s*\{/;
const EMPTY: Failure = { kind: 'invalid-request', message: 'The body is empty. Send a JSON object.' };
const NO_OBJECT: Failure = { kind: 'invalid-request', message: 'The body must be a JSON object.' };

/** The bytes with the model's value exchanged, or written in front where there was none. */
function replaced(bytes: Buffer, model: string, span: MemberSpan | undefined, hasMembers: boolean): Buffer {
  const value = JSON.stringify(model);
  if (span !== undefined)
    return Buffer.concat([bytes.subarray(0, span.start), Buffer.from(value), bytes.subarray(span.end)]);
  const inside = bytes.indexOf('{') + 1;
  const member = Buffer.from(`"model":${value}${hasMembers ? ',' : ''}`);
  return Buffer.concat([bytes.subarray(0, inside), member, bytes.subarray(inside)]);
}

/** Numbers are what every API answers unless it is asked for something else; other types than floats are not ours. */
function vectorsWanted(format: Json | undefined, type: Json | undefined): VectorEncoding | undefined {
  if (type !== undefined && type !== null && type !== 'float') return undefined;
  if (format === undefined || format === null) return 'float';
  return format === 'float' || format === 'base64' ? format : undefined;
}

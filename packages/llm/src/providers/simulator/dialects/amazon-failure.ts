import type { Failure, FailureKind } from '../../../model/failure.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Frame } from '../../../wire/codec.ts';

/** Kind to status and Amazon's name of the exception. */
const ANSWERS: Readonly<Record<FailureKind, readonly [status: number, name: string]>> = {
  'invalid-request': [400, 'ValidationException'],
  authentication: [403, 'UnrecognizedClientException'],
  permission: [403, 'AccessDeniedException'],
  'not-found': [404, 'ResourceNotFoundException'],
  'payload-too-large': [413, 'RequestEntityTooLargeException'],
  'context-overflow': [400, 'ValidationException'],
  'content-policy': [400, 'ValidationException'],
  'rate-limit': [429, 'ThrottlingException'],
  'quota-exhausted': [400, 'ServiceQuotaExceededException'],
  overloaded: [503, 'ServiceUnavailableException'],
  upstream: [500, 'InternalServerException'],
  protocol: [500, 'InternalServerException'],
  network: [500, 'InternalServerException'],
  timeout: [408, 'ModelTimeoutException'],
  cancelled: [500, 'InternalServerException'],
  internal: [500, 'InternalServerException'],
};

/** Words by which mistakes of one name are told apart. */
const WORDS: Readonly<Partial<Record<FailureKind, string>>> = {
  'context-overflow': 'Input is too long for requested model.',
  'content-policy': 'Blocked by the content filter.',
};

/** Writes a failure as Amazon would. */
export function encodeAmazonFailure(failure: Failure): { readonly status: number; readonly body: JsonObject } {
  const [status, name] = ANSWERS[failure.kind];
  return { status, body: { __type: name, message: sentenceOf(failure) } };
}

/** The exception that ends a stream; there, its name begins small. */
export function amazonException(failure: Failure): Frame {
  const [, name] = ANSWERS[failure.kind];
  const event = name.charAt(0).toLowerCase() + name.slice(1);
  return { event, data: JSON.stringify({ message: sentenceOf(failure) }) };
}

const sentenceOf = ({ kind, message }: Failure): string => [WORDS[kind], message].filter(Boolean).join(' ');

import { ApiError } from '@patchbay/contract/client';

/** What a failed request means to a page. */
export type FailureKind =
  | 'signed-out'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'too-many'
  | 'unreachable'
  | 'failed';

/** A failed request in the API's own words. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** What is wrong with single fields, by their names in the body; the API's own sentences. */
  readonly fields: Readonly<Record<string, string>>;
  readonly suggestions: readonly string[];
  /** Such as the version that somebody else saved meanwhile. */
  readonly details: Readonly<Record<string, unknown>>;
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  400: 'invalid',
  401: 'signed-out',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  422: 'invalid',
  429: 'too-many',
};

/** Reads whatever was thrown while something was asked of the gateway. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) return ofAnswer(error);
  const isNetwork = error instanceof TypeError;
  return {
    kind: isNetwork ? 'unreachable' : 'failed',
    message: isNetwork ? 'The gateway does not answer. Is it running, and are you online?' : textOf(error),
    fields: {},
    suggestions: [],
    details: {},
  };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Interfaces answer `{ error: { message, … } }`, `{ error: "…" }`, or `{ error: true, message, … }`. */
function ofAnswer({ status, message, body }: ApiError): Failure {
  const said = membersOf(body)['error'];
  if (typeof said === 'string') return ofSentence(status, said);
  const told = membersOf(said === true ? body : said);
  const fields = Object.fromEntries(
    listOf(told['validationErrors'] ?? told['detail']).map((each) => [String(each['field']), String(each['message'])]),
  );
  const named = told['field'];
  return {
    kind: KINDS[status] ?? 'failed',
    message,
    fields: typeof named === 'string' && fields[named] === undefined ? { ...fields, [named]: message } : fields,
    suggestions: Array.isArray(told['suggestions']) ? told['suggestions'].map(String) : [],
    details: membersOf(told['details']),
  };
}

/** One sentence for each member at fault: `label: Too long. limits.models: Name one at least.` */
const MEMBER = /(?:^|(?<=[.!?] ))([a-z][a-z0-9_.[\]]*): /;

function ofSentence(status: number, said: string): Failure {
  const [first = '', ...parts] = said.split(MEMBER);
  // Split by what is captured: names and sentences in turns, after what stands before the first name.
  const fields = Object.fromEntries(
    parts.flatMap((name, at) => (at % 2 === 0 ? [[name, (parts[at + 1] ?? '').trim()] as const] : [])),
  );
  const isAll = first.trim() === '' && parts.length > 0;
  return {
    kind: KINDS[status] ?? 'failed',
    message: said,
    fields: isAll ? fields : {},
    suggestions: [],
    details: {},
  };
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(membersOf) : [];

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

/** Interfaces answer `{ error: { message, … } }`, or `{ error: "…", … }` and `{ error: true, message, … }` with the rest beside. */
function ofAnswer({ status, message, body }: ApiError): Failure {
  const said = membersOf(body)['error'];
  const told = typeof said === 'string' || said === true ? membersOf(body) : membersOf(said);
  const fields = Object.fromEntries(
    listOf(told['validationErrors'] ?? told['detail']).map((each) => [String(each['field']), String(each['message'])]),
  );
  const named = told['field'];
  const kind = KINDS[status] ?? 'failed';
  return {
    kind,
    // Clients compare the text of a refusal there; what helps stands beside it.
    message: kind === 'forbidden' && typeof told['message'] === 'string' ? told['message'] : message,
    fields: typeof named === 'string' && fields[named] === undefined ? { ...fields, [named]: message } : fields,
    suggestions: Array.isArray(told['suggestions']) ? told['suggestions'].map(String) : [],
    details: membersOf(told['details']),
  };
}

/** True where somebody else has saved meanwhile: what was sent was made from an older version. */
export const isOvertaken = ({ kind, fields }: Failure): boolean =>
  kind === 'conflict' && fields['version'] !== undefined;

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(membersOf) : [];

/** What names a request, so that its answer can be told from others. */
export type MessageId = string | number;

/** Why a request got no result, as JSON-RPC tells it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
}

/** What a method comes to. */
export type Outcome = { readonly result: object } | { readonly error: RpcError };

/** One message of a client. `quiet` is a notification or an answer: nobody waits for anything. */
export type Message =
  | { readonly kind: 'request'; readonly id: MessageId; readonly method: string; readonly params: Members }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'invalid' };

/** Members of an object that came from outside. */
export type Members = Readonly<Record<string, unknown>>;

/** Numbers of errors that JSON-RPC 2.0 lays down; `refused` is ours. */
export const RPC_CODES = {
  unreadable: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
  refused: -32000,
} as const;

/** Tells what one message of a client is. */
export function readMessage(value: unknown): Message {
  if (!isMembers(value) || value['jsonrpc'] !== '2.0') return INVALID;
  const { id, method, params = {} } = value;
  if (method === undefined) return id !== undefined && ('result' in value || 'error' in value) ? QUIET : INVALID;
  if (typeof method !== 'string' || !isMembers(params)) return INVALID;
  if (id === undefined) return QUIET;
  return typeof id === 'string' || typeof id === 'number' ? { kind: 'request', id, method, params } : INVALID;
}

/** The answer to a request; `null` stands for an id that could not be read. */
export const answerTo = (id: MessageId | null, outcome: Outcome): object => ({ jsonrpc: '2.0', id, ...outcome });

/** A method that came to nothing. */
export const rpcError = (code: number, message: string): { readonly error: RpcError } => ({ error: { code, message } });

/** True for an object that is no list. */
export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const QUIET = { kind: 'quiet' } as const;
const INVALID = { kind: 'invalid' } as const;

import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import type { Exchange, UpstreamRequest, UpstreamResponse } from './exchange.ts';

/** The portable exchange, on the platform's own `fetch`. Redirects are refused: a credential must not follow them. */
export function fetchExchange(fetchImpl: typeof fetch = fetch): Exchange {
  return { send: (request, signal) => send(fetchImpl, request, signal) };
}

async function send(
  fetchImpl: typeof fetch,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<Result<UpstreamResponse>> {
  try {
    const response = await fetchImpl(request.url, {
      method: request.method,
      headers: { 'accept-encoding': 'identity', ...request.headers },
      ...(request.body !== undefined && { body: request.body as RequestInit['body'] & {} }),
      redirect: 'manual',
      signal,
    });
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel();
      return failed({
        kind: 'protocol',
        status: response.status,
        message: 'The provider answered with a redirect, which is not followed.',
      });
    }
    const { status, headers } = response;
    const body = Object.assign(bodyOf(response), { text: () => response.text() });
    return ok({ status, headers: Object.fromEntries(headers), body });
  } catch (error) {
    return failed(failureOf(error, signal));
  }
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    // Whoever stops reading early closes the connection.
    await reader.cancel().catch(() => undefined);
  }
}

function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return { kind: 'cancelled', message: 'The request was cancelled.' };
  const causes = causesOf(error);
  const code = causes.map((each) => each.code).find((each) => typeof each === 'string');
  return {
    kind: 'network',
    message: `The provider could not be reached${code === undefined ? '' : ` (${code})`}.`,
    detail: [String(error), ...causes.slice(1).map((each) => each.message)].join(': '),
    ...(code !== undefined && { code }),
  };
}

/** Wrapped more often than this nothing is. */
const CAUSES_MAX = 5;

/** An error and what it was caused by, as far as that goes: `fetch` wraps what happened, some of them more than once. */
function causesOf(error: unknown): readonly { readonly code?: unknown; readonly message?: string }[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < CAUSES_MAX; at = at.cause) causes.push(at);
  return causes;
}

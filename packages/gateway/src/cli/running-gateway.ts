import type { Exchange } from '@patchbay/llm/transport/exchange';

import { UsageError } from './command.ts';

/** What a running gateway answered. */
export interface GatewayAnswer {
  readonly status: number;
  readonly json: unknown;
  /** The answer as it came. */
  readonly bytes: Uint8Array;
  /** Why not, in a sentence, where it refused. */
  readonly refusal: string;
}

/** A gateway that runs elsewhere or here, and as whom it is asked. */
export interface RunningGateway {
  readonly url: string;
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<GatewayAnswer>;
}

/** Longest wait for an answer, in milliseconds. */
const ANSWER_MS = 60_000;
const DEFAULT_PORT = '8000';

/**
 * The gateway that `PATCHBAY_URL` and `PATCHBAY_API_KEY` name; `undefined` where no key is given. Throws a `UsageError`
 * for an address that is none.
 */
export function runningGateway(
  environment: Readonly<Record<string, string | undefined>>,
  exchange: Exchange,
): RunningGateway | undefined {
  const key = environment['PATCHBAY_API_KEY'] ?? environment['AIGATEWAY_API_KEY'];
  if (key === undefined || key === '') return undefined;
  const given = environment['PATCHBAY_URL'] ?? environment['AIGATEWAY_URL'] ?? hereIn(environment);
  if (!/^https?:$/.test(URL.parse(given)?.protocol ?? ''))
    throw new UsageError('PATCHBAY_URL must be an address such as http://127.0.0.1:8000.');
  const url = given.replace(/\/+$/, '');
  return {
    url,
    ask: async (method, path, body) => {
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
      };
      const request = {
        method,
        url: `${url}${path}`,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      const sent = await exchange.send(request, AbortSignal.timeout(ANSWER_MS));
      if (!sent.ok) throw new Error(`${url} does not answer (${sent.failure.code ?? sent.failure.kind}).`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of sent.value.body) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const json = parsed(bytes.toString());
      const { status } = sent.value;
      return { status, json, bytes, refusal: refusalIn(json) ?? `${url} answered with ${status}.` };
    },
  };
}

/** Where the gateway would be that runs with this environment. */
const hereIn = (environment: Readonly<Record<string, string | undefined>>): string =>
  `http://127.0.0.1:${environment['PORT'] || environment['API_PORT'] || DEFAULT_PORT}`;

/** True where the environment says itself which gateway is meant. */
export const namesGateway = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  Boolean(environment['PATCHBAY_URL'] ?? environment['AIGATEWAY_URL']);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The sentence of a refusal in either of the management's shapes. */
function refusalIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { error, message } = json as { readonly error?: unknown; readonly message?: unknown };
  const inner = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
  return [inner, message].find((each) => typeof each === 'string');
}

import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import type { Exchange, UpstreamResponse } from '@patchbay/llm/transport/exchange';

import { UsageError } from '../../command.ts';

/** What stands between a program that starts tool servers and a gateway's own. */
export interface ProxyParts {
  /** One message of JSON-RPC a line. */
  readonly input: Readable;
  /** Answers, one a line; nothing else is ever written there. */
  readonly output: Writable;
  readonly exchange: Exchange;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Messages that wait for the gateway at the same time; more are read when one is answered. */
const RUNNING_MAX = 16;
/** Longest wait for one answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 120_000;
const DEFAULT_URL = 'http://127.0.0.1:8000';

/**
 * Passes messages on to a gateway's `/mcp` until the input ends. Where it is and the key come from `PATCHBAY_URL` and
 * `PATCHBAY_API_KEY`, or from `AIGATEWAY_URL` and `AIGATEWAY_API_KEY`. Resolves to the exit code.
 */
export async function proxyStdio({ input, output, exchange, environment }: ProxyParts): Promise<number> {
  const gateway = { exchange, url: urlOf(environment), key: keyOf(environment), spoken: undefined };
  const running = new Set<Promise<void>>();
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    if (running.size >= RUNNING_MAX) await Promise.race(running);
    const one = answerLine(gateway, line).then((answer) => {
      if (answer !== undefined) output.write(`${JSON.stringify(answer)}\n`);
      running.delete(one);
    });
    running.add(one);
  }
  await Promise.all(running);
  return 0;
}

interface Gateway {
  readonly exchange: Exchange;
  readonly url: string;
  readonly key: string | undefined;
  /** Version of the protocol that was agreed on. */
  spoken: string | undefined;
}

function urlOf(environment: ProxyParts['environment']): string {
  const given = environment['PATCHBAY_URL'] ?? environment['AIGATEWAY_URL'] ?? DEFAULT_URL;
  if (!/^https?:$/.test(URL.parse(given)?.protocol ?? ''))
    throw new UsageError('PATCHBAY_URL must be an address such as http://127.0.0.1:8000.');
  return `${given.replace(/\/+$/, '').replace(/\/mcp$/, '')}/mcp`;
}

const keyOf = (environment: ProxyParts['environment']): string | undefined =>
  environment['PATCHBAY_API_KEY'] ?? environment['AIGATEWAY_API_KEY'];

/** The answer to one line; `undefined` where nobody waits for one. */
async function answerLine(gateway: Gateway, line: string): Promise<object | undefined> {
  const message = parsed(line);
  if (message === undefined) return failure(null, -32700, 'The line is no message in JSON.');
  const id = idIn(message);
  const sent = await gateway.exchange.send(
    { method: 'POST', url: gateway.url, headers: headersOf(gateway), body: line },
    AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  );
  if (!sent.ok) return id === undefined ? undefined : failure(id, -32000, unreached(gateway.url, sent.failure.code));
  const text = await textOf(sent.value).catch(() => '');
  return id === undefined ? undefined : answerIn(gateway, text, { id, status: sent.value.status });
}

type Id = string | number | null;

/** Id of a request; `undefined` for messages that nobody waits for. A batch is answered under none. */
function idIn(message: object): Id | undefined {
  if (Array.isArray(message)) return null;
  const { id, method } = message as { readonly id?: unknown; readonly method?: unknown };
  return method !== undefined && (typeof id === 'string' || typeof id === 'number') ? id : undefined;
}

const headersOf = ({ key, spoken }: Gateway): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  accept: 'application/json',
  ...(key !== undefined && { authorization: `Bearer ${key}` }),
  ...(spoken !== undefined && { 'mcp-protocol-version': spoken }),
});

/** What the gateway said; what it refused before it read the message is told under the id of the message. */
function answerIn(gateway: Gateway, text: string, { id, status }: { id: Id; status: number }): object {
  const answer: Answered | undefined = parsed(text);
  if (answer === undefined || !(Array.isArray(answer) || answer.jsonrpc === '2.0'))
    return failure(id, -32000, `${gateway.url} answered with ${status}, and not as a tool server does.`);
  gateway.spoken ??= answer.result?.protocolVersion;
  return answer.error === undefined ? answer : { ...answer, id };
}

interface Answered {
  readonly jsonrpc?: unknown;
  readonly error?: unknown;
  readonly result?: { readonly protocolVersion?: string };
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

async function textOf({ body }: UpstreamResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const unreached = (url: string, code = 'no answer'): string =>
  `The gateway at ${url} could not be reached (${code}). Is it running, and is PATCHBAY_URL right?`;

const failure = (id: Id, code: number, message: string): object => ({ jsonrpc: '2.0', id, error: { code, message } });

import { redactHeaders, redactUrl } from '../transport/redact.ts';
import type { Exchange, UpstreamResponse } from '../transport/exchange.ts';
import { safeLines, type LogOptions, type WriteLine } from './logger.ts';

/** How exchanges are written. */
export interface ExchangeLogOptions extends LogOptions {
  /**
   * Bytes of each body that are written, from its start; default 0: bodies hold what people say, so writing them is a
   * decision.
   */
  readonly bodyBytesMax?: number;
}

/**
 * An exchange that writes every request and answer at `debug`, as it passes. Credentials in headers, addresses and bodies
 * are hidden. Bodies are not held back: an answer's is written when it has been read, or left.
 */
export function loggedExchange(exchange: Exchange, options: ExchangeLogOptions): Exchange {
  const write = safeLines(options);
  const bodyBytesMax = options.bodyBytesMax ?? 0;
  return {
    async send(request, signal) {
      const { method, headers } = request;
      const url = redactUrl(request.url);
      const body = bodyBytesMax > 0 && request.body !== undefined ? { body: startOf(request.body, bodyBytesMax) } : {};
      write('debug', `Request ${method} ${url}`, { method, url, headers: redactHeaders(headers), ...body });
      const sent = await exchange.send(request, signal);
      if (!sent.ok) {
        write('debug', `No answer to ${method} ${url}`, { method, url, failure: sent.failure });
        return sent;
      }
      const { status } = sent.value;
      write('debug', `Answer ${status} to ${method} ${url}`, {
        method,
        url,
        status,
        headers: redactHeaders(sent.value.headers),
      });
      if (bodyBytesMax === 0) return sent;
      return { ok: true, value: { ...sent.value, body: written(sent.value, { write, url, bodyBytesMax }) } };
    },
  };
}

interface BodyLine {
  readonly write: WriteLine;
  readonly url: string;
  readonly bodyBytesMax: number;
}

async function* written(
  { status, body }: UpstreamResponse,
  { write, url, bodyBytesMax }: BodyLine,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk.subarray(0, Math.max(0, bodyBytesMax - bytes)), { stream: true });
      bytes += chunk.length;
      yield chunk;
    }
  } finally {
    write('debug', `Body of the answer ${status} from ${url}`, { url, status, bytes, body: text });
  }
}

const startOf = (body: string | Uint8Array, bytesMax: number): string =>
  typeof body === 'string' ? body.slice(0, bytesMax) : new TextDecoder().decode(body.subarray(0, bytesMax));

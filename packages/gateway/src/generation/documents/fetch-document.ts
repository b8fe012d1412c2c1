import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

import type { Clock } from '@patchbay/llm/model/clock';
import { failed, invalidRequest, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Exchange, UpstreamResponse } from '@patchbay/llm/transport/exchange';

/** What getting one document may take. */
export interface FetchBounds {
  /** Largest document, in bytes, also when it is unpacked. */
  readonly bytesMax: number;
  /** Longest time over all redirects, in milliseconds. */
  readonly timeoutMs: number;
}

/** A document as it came. */
export interface FetchedDocument {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** The last part of the address that it came from. */
  readonly name: string;
}

const REDIRECTS_MAX = 5;

/**
 * Gets a document from the web. Each redirect is an exchange of its own, and so judged like the first; no credential
 * is sent. What the caller can mend is an `invalid-request` at `file_url`, or `permission` for a private address.
 */
export async function fetchDocument(
  address: string,
  exchange: Exchange,
  { bytesMax, timeoutMs }: FetchBounds,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<FetchedDocument>> {
  const late = new AbortController();
  const over = new AbortController();
  void clock.sleep(timeoutMs, over.signal).then(() => late.abort());
  const either = AbortSignal.any([signal, late.signal]);
  try {
    const found = await follow(address, exchange, either);
    const result = found.ok ? await take(found.value, bytesMax) : found;
    return result.ok ? result : failed(late.signal.aborted ? tooLate(timeoutMs) : result.failure);
  } catch (error) {
    if (signal.aborted) return failed({ kind: 'cancelled', message: 'The request was cancelled.' });
    return failed(late.signal.aborted ? tooLate(timeoutMs) : brokeOff(error));
  } finally {
    over.abort();
    // Whatever is still open is not wanted any more.
    late.abort();
  }
}

interface Found {
  readonly url: URL;
  readonly response: UpstreamResponse;
}

async function follow(address: string, exchange: Exchange, signal: AbortSignal): Promise<Result<Found>> {
  let url = addressOf(address);
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    if (!url.ok) return url;
    const sent = await exchange.send({ method: 'GET', url: url.value.href, headers: HEADERS }, signal);
    if (!sent.ok) return failed(unreachable(sent.failure));
    const { status, headers } = sent.value;
    const location = REDIRECTS.has(status) ? headers['location'] : undefined;
    if (location === undefined) return answered(url.value, sent.value);
    url = addressOf(location, url.value);
  }
  return failed(invalidRequest('file_url', 'The address leads from one to the next without end. Give the last one.'));
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const HEADERS = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'patchbay' };

function addressOf(text: string, base?: URL): Result<URL> {
  const url = URL.parse(text, base?.href);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const message = base === undefined ? NOT_AN_ADDRESS : 'The address leads to another that is not http or https.';
    return failed(invalidRequest('file_url', message));
  }
  if (url.username !== '' || url.password !== '') {
    return failed(
      invalidRequest('file_url', 'The address has a user or a password in it. Give a public one, or send the file.'),
    );
  }
  url.hash = '';
  return ok(url);
}

const NOT_AN_ADDRESS = 'must be an address like https://example.com/report.pdf';

function answered(url: URL, response: UpstreamResponse): Result<Found> {
  const { status } = response;
  if (status >= 200 && status < 300) return ok({ url, response });
  if (status >= 500) {
    return failed({
      kind: 'upstream',
      status,
      message: `The server of the document answered ${status}. Try again later.`,
    });
  }
  const why = status === 401 || status === 403 ? 'it is not public' : 'there is no document';
  return failed(
    invalidRequest('file_url', `The address answered ${status}: ${why}. Open it without signing in to check.`),
  );
}

async function take({ url, response }: Found, bytesMax: number): Promise<Result<FetchedDocument>> {
  const tooLarge: Failure = {
    kind: 'payload-too-large',
    path: 'file_url',
    message: `The document is larger than ${megabytes(bytesMax)} MB. Give a part of it.`,
  };
  if (Number(response.headers['content-length'] ?? 0) > bytesMax) return failed(tooLarge);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > bytesMax) return failed(tooLarge);
    chunks.push(chunk);
  }
  const bytes = await unpack(Buffer.concat(chunks), response.headers['content-encoding'], bytesMax);
  if (!bytes.ok) return failed(bytes.failure.kind === 'payload-too-large' ? tooLarge : bytes.failure);
  const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  return ok({ bytes: bytes.value, contentType: response.headers['content-type'] ?? '', name });
}

/** Bytes as somebody reads them: `20`, `0.5`. */
export const megabytes = (bytes: number): number => Math.round(bytes / 100_000) / 10;

const UNPACK: Readonly<Record<string, typeof gunzip>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress as typeof gunzip,
};

/** Some servers pack what was asked for unpacked. */
async function unpack(bytes: Buffer, encoding: string | undefined, bytesMax: number): Promise<Result<Buffer>> {
  const packing = encoding?.trim().toLowerCase() ?? 'identity';
  if (packing === '' || packing === 'identity') return ok(bytes);
  const unpackBytes = Object.hasOwn(UNPACK, packing) ? UNPACK[packing] : undefined;
  try {
    if (unpackBytes === undefined) throw new Error(`content-encoding ${packing}`);
    return ok((await promisify<Buffer, object, Buffer>(unpackBytes)(bytes, { maxOutputLength: bytesMax })) as Buffer);
  } catch (error) {
    const isLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return failed({
      kind: isLarge ? 'payload-too-large' : 'upstream',
      message: 'The server of the document packs it in a way that could not be undone. Send the file itself.',
      detail: String(error),
    });
  }
}

/** The same fault, said of a document: failures of the way out speak of providers. */
function unreachable(failure: Failure): Failure {
  if (failure.code === 'EGRESS_DENIED') {
    const message = 'The address is private. Name its host in EGRESS_ALLOW if documents are meant to come from there.';
    return { ...failure, path: 'file_url', message };
  }
  if (failure.kind === 'cancelled') return failure;
  const kind = failure.kind === 'timeout' ? 'timeout' : 'upstream';
  const code = failure.code === undefined ? '' : ` (${failure.code})`;
  return { ...failure, kind, message: `The server of the document could not be reached${code}. Check its address.` };
}

const brokeOff = (error: unknown): Failure => ({
  kind: 'upstream',
  message: 'The document broke off before its end. Try again, or send the file itself.',
  detail: String(error),
});

const tooLate = (timeoutMs: number): Failure => ({
  kind: 'timeout',
  phase: 'total',
  message: `The document did not come within ${timeoutMs / 1000} seconds. Try again, or send the file itself.`,
});

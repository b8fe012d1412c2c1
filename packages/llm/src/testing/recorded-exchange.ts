import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { failed, ok, type Result } from '../model/failure.ts';
import { canonicalJson } from '../plugins/canonical-json.ts';
import type { Exchange, UpstreamRequest, UpstreamResponse } from '../transport/exchange.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import { redactHeaders, redactUrl } from '../transport/redact.ts';
import { redactText } from '../transport/redact-text.ts';
import { isObject, parseJson } from '../wire/read.ts';
import { textOfBody } from './body-text.ts';

/** What is done with requests: `replay` answers from the file, `record` asks and writes, `auto` replays where there is a file. */
export type RecordingMode = 'auto' | 'record' | 'replay';

/** How exchanges are recorded. */
export interface RecordingOptions {
  /** Where; the folder is made. */
  readonly file: string;
  /** Default `auto`. */
  readonly mode?: RecordingMode;
  /** Who is asked while recording. Default: the platform's `fetch`. */
  readonly inner?: Exchange;
  /** Takes more out of texts than what looks like a credential, which always goes. */
  readonly redact?: (text: string) => string;
}

/** One exchange in a file. Chunks are kept apart, so that a replayed stream comes in the same pieces. */
interface Recorded {
  readonly request: { readonly method: string; readonly url: string; readonly body: string };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** Text, or base64 behind `base64:` where a piece is no whole text. */
    readonly chunks: readonly string[];
    /** True where the answer broke off. */
    readonly broken?: true;
  };
}

/** An exchange over recordings. */
export interface RecordedExchange extends Exchange {
  /** What it does in fact. Known after the first request. */
  readonly mode: () => RecordingMode;
  /** Exchanges that the file holds and that nobody has asked for; for tests that want all of them used. */
  unused(): Promise<readonly string[]>;
  /** Resolves when everything that was recorded is written. */
  saved(): Promise<void>;
}

/**
 * Records real exchanges into a file, once, and answers from it ever after. Credentials in headers, addresses and bodies do
 * not get into the file. A request is known again by method, address and body; the same one several times is answered in
 * the order of recording, and the last time again. One that is not in the file is an `invalid-request` failure which names
 * it; nothing is sent then.
 */
export function recordedExchange(options: RecordingOptions): RecordedExchange {
  const { file, mode = 'auto', inner = fetchExchange() } = options;
  const clean = (text: string): string => (options.redact ?? String)(redactText(text));
  const state: { all: Recorded[]; used: Set<Recorded>; mode: RecordingMode; saving: Promise<void> } = {
    all: [],
    used: new Set(),
    mode,
    saving: Promise.resolve(),
  };
  let opened: Promise<void> | undefined;
  const open = (): Promise<void> =>
    (opened ??= (async () => {
      const text = mode === 'record' ? undefined : await textOfFile(file);
      if (text === undefined && mode === 'replay')
        throw new Error(`${file} does not exist. Record it with mode 'record'.`);
      state.mode = text === undefined ? 'record' : 'replay';
      state.all = text === undefined ? [] : recordingsIn(text, file);
    })());
  const keep = (recorded: Recorded): void => {
    state.all.push(recorded);
    state.used.add(recorded);
    state.saving = state.saving.then(() => save(file, state.all));
  };
  return {
    mode: () => state.mode,
    async send(request, signal) {
      await open();
      const asked = keyOf(request, clean);
      if (state.mode === 'replay') return replayed(asked, { ...state, file });
      const answered = await inner.send(request, signal);
      if (!answered.ok) return answered;
      const { status, headers, body } = answered.value;
      const known = { status, headers: cleanHeaders(headers, clean) };
      return ok({
        status,
        headers,
        body: listened(body, (heard) => keep({ request: asked, response: { ...known, ...heard } }), clean),
      });
    },
    async unused() {
      await open();
      return state.all.filter((each) => !state.used.has(each)).map(({ request }) => `${request.method} ${request.url}`);
    },
    saved: () => state.saving,
  };
}

async function textOfFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

function recordingsIn(text: string, file: string): Recorded[] {
  const read = parseJson(text);
  const all = isObject(read) ? read['exchanges'] : undefined;
  if (!Array.isArray(all)) throw new Error(`${file} is no file of recordings. Delete it and record again.`);
  return all as unknown as Recorded[];
}

async function save(file: string, exchanges: readonly Recorded[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ version: 1, exchanges }, undefined, 2)}\n`);
}

function keyOf({ method, url, body }: UpstreamRequest, clean: (text: string) => string): Recorded['request'] {
  const text = clean(textOfBody(body));
  const json = parseJson(text);
  return { method, url: clean(redactUrl(url)), body: json === undefined ? text : canonicalJson(json) };
}

/** Cookies and ids of accounts have no place in a file that is shared. */
const LEFT_OUT = /^(?:set-cookie|cookie|.*organization.*|.*project.*)$/;

const cleanHeaders = (
  headers: Readonly<Record<string, string>>,
  clean: (text: string) => string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(redactHeaders(headers)).flatMap(([name, value]) =>
      LEFT_OUT.test(name) ? [] : [[name, clean(value)]],
    ),
  );

interface Replaying {
  readonly all: readonly Recorded[];
  readonly used: Set<Recorded>;
  readonly file: string;
}

function replayed(asked: Recorded['request'], { all, used, file }: Replaying): Result<UpstreamResponse> {
  const same = all.filter(
    ({ request }) => request.method === asked.method && request.url === asked.url && request.body === asked.body,
  );
  const found = same.find((each) => !used.has(each)) ?? same.at(-1);
  if (found === undefined) {
    const message = `${file} holds no answer to ${asked.method} ${asked.url} with this body. Record it again.`;
    return failed({ kind: 'invalid-request', message, detail: asked.body });
  }
  used.add(found);
  const { status, headers } = found.response;
  return ok({ status, headers, body: spoken(found.response) });
}

async function* spoken({ chunks, broken }: Recorded['response']): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks)
    yield chunk.startsWith(BINARY)
      ? Buffer.from(chunk.slice(BINARY.length), 'base64')
      : new TextEncoder().encode(chunk);
  if (broken === true) throw new TypeError('terminated');
}

const BINARY = 'base64:';

/** Hands a body on and tells what it was. Readers of streams leave when all is said, which is before the body ends. */
async function* listened(
  body: UpstreamResponse['body'],
  ended: (heard: Pick<Recorded['response'], 'chunks' | 'broken'>) => void,
  clean: (text: string) => string,
): AsyncGenerator<Uint8Array> {
  const heard: Uint8Array[] = [];
  let isBroken = false;
  try {
    for await (const chunk of body) {
      heard.push(chunk);
      yield chunk;
    }
  } catch (error) {
    isBroken = true;
    throw error;
  } finally {
    ended({ chunks: chunksOf(heard, clean), ...(isBroken && { broken: true }) });
  }
}

/** A credential that two pieces share would be seen in neither: where the whole has one, the whole is one piece. */
function chunksOf(heard: readonly Uint8Array[], clean: (text: string) => string): readonly string[] {
  const whole = textIn(Buffer.concat(heard));
  if (whole === undefined) return heard.map((each) => BINARY + Buffer.from(each).toString('base64'));
  const cleaned = clean(whole);
  if (cleaned !== whole) return [cleaned];
  return heard.map((each) => textIn(each) ?? BINARY + Buffer.from(each).toString('base64'));
}

function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ServedFormatId } from '../wire/registry.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** One real exchange with a provider. A streamed answer has `sse_text`, any other has `body`. */
export interface Recording {
  readonly id: string;
  readonly provider: string;
  readonly api: string;
  readonly model: string | null;
  readonly stream: boolean;
  readonly features: readonly string[];
  readonly request?: { readonly url: string; readonly body?: JsonObject };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Json;
    readonly sse_text?: string;
    readonly eventstream_base64?: string;
    readonly ndjson_text?: string;
  };
}

/** A request as a real client sent it. */
export interface CapturedRequest {
  readonly client: string;
  readonly label: string;
  readonly format: ServedFormatId;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

const GOLDEN = fileURLToPath(new URL('../../test/golden/', import.meta.url));

/** Every recording of one API, e.g. `openai.chat`, in the order of their ids. */
export function loadRecordings(api: string): readonly Recording[] {
  return jsonFiles(path.join(GOLDEN, 'recordings'))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Recording)
    .filter((each) => each.api === api);
}

/** Requests of real clients, of every version that was captured. */
export function loadCaptures(): readonly CapturedRequest[] {
  return jsonFiles(path.join(GOLDEN, 'captures')).flatMap((file) => {
    const captured = JSON.parse(readFileSync(file, 'utf8')) as { requests: readonly Omit<CapturedRequest, 'client'>[] };
    const client = path.basename(file, '.json');
    return captured.requests.map((each) => ({ client, ...each }));
  });
}

function jsonFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: the recordings belong to the repository.`);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => path.join(folder, name));
}

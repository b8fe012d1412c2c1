import type { JsonObject } from '../model/json.ts';
import { arrayOf, numberOf, objectOf, textOf } from '../wire/read.ts';
import type { HttpClientConfig } from './http.ts';
import { vendorJson } from './vendor-json.ts';

/** A model that an Ollama holds in memory now. */
export interface RunningModel {
  readonly name: string;
  readonly model: string;
  /** Bytes, in memory of every kind. */
  readonly size: number;
  readonly digest: string;
  /** When it is put out of memory unless it is asked; absent where it stays. */
  readonly expiresAt?: Date;
  /** Bytes of them in the memory of graphics cards. */
  readonly sizeVram: number;
}

/** Where an Ollama is, and how it is reached. */
export interface OllamaOptions extends HttpClientConfig {
  /** Default `http://127.0.0.1:11434`. An address that ends in `/v1` is taken, too. */
  readonly baseUrl?: string;
  /** For hosted ones. */
  readonly apiKey?: string;
}

/** Looks after the models of one Ollama. Errors are `ProviderError`. */
export interface OllamaHost {
  version(signal?: AbortSignal): Promise<string>;
  /** Models in memory now, see `ollama ps`. */
  getRunningModels(signal?: AbortSignal): Promise<readonly RunningModel[]>;
  /** What is known of a model that is there. */
  showModel(model: string, signal?: AbortSignal): Promise<JsonObject>;
  /** Fetches a model. Resolves when it is there, which can take long: the client's `timeout` is for all of it. */
  pullModel(model: string, signal?: AbortSignal): Promise<void>;
  copyModel(source: string, destination: string, signal?: AbortSignal): Promise<void>;
  deleteModel(model: string, signal?: AbortSignal): Promise<void>;
}

/** Longest fetching of a model, in milliseconds: some are as large as disks. */
const PULL_MS = 6 * 3_600_000;

/** Reaches an Ollama beside its chats. Sends nothing by itself. */
export function newOllamaHost({ baseUrl = 'http://127.0.0.1:11434', apiKey, ...http }: OllamaOptions = {}): OllamaHost {
  const host = baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
  const ask = (operation: string, asked: Asked): Promise<JsonObject> =>
    vendorJson({
      provider: 'ollama',
      operation,
      url: host + asked.path,
      method: asked.method ?? (asked.body === undefined ? 'GET' : 'POST'),
      http: { ...http, ...(asked.timeout !== undefined && { timeout: http.timeout ?? asked.timeout }) },
      signal: asked.signal,
      ...(apiKey !== undefined && { apiKey }),
      ...(asked.body && { body: asked.body }),
    });
  return {
    version: async (signal) => textOf((await ask('version', { path: '/api/version', signal }))['version']) ?? '',
    getRunningModels: async (signal) => {
      const read = await ask('getRunningModels', { path: '/api/ps', signal });
      return arrayOf(read['models']).flatMap((each) => runningModel(objectOf(each)));
    },
    showModel: (model, signal) => ask('showModel', { path: '/api/show', body: { model }, signal }),
    pullModel: async (model, signal) => {
      const body = { model, stream: false };
      await ask('pullModel', { path: '/api/pull', body, timeout: PULL_MS, signal });
    },
    copyModel: async (source, destination, signal) => {
      await ask('copyModel', { path: '/api/copy', body: { source, destination }, signal });
    },
    deleteModel: async (model, signal) => {
      await ask('deleteModel', { path: '/api/delete', method: 'DELETE', body: { model }, signal });
    },
  };
}

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly body?: JsonObject;
  readonly timeout?: number;
  readonly signal: AbortSignal | undefined;
}

function runningModel(read: JsonObject | undefined): readonly RunningModel[] {
  const name = textOf(read?.['name']);
  if (read === undefined || name === undefined) return [];
  const ends = new Date(textOf(read['expires_at']) ?? '');
  return [
    {
      name,
      model: textOf(read['model']) ?? name,
      size: numberOf(read['size']) ?? 0,
      digest: textOf(read['digest']) ?? '',
      // One that stays is told to end in the year 1 or centuries from now.
      ...(isNear(ends) && { expiresAt: ends }),
      sizeVram: numberOf(read['size_vram']) ?? 0,
    },
  ];
}

const isNear = (date: Date): boolean => date.getUTCFullYear() > 1970 && date.getUTCFullYear() < 2200;

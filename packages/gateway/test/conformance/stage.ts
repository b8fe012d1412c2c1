import type { ServerResponse } from 'node:http';

import { defineProvider, type ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { CallRecord } from '../../src/telemetry/call-record.ts';
import { startUpstream, type SeenRequest, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider, startGateway, type TestGateway } from '../support/test-gateway.ts';
import type { UpstreamSide } from './upstreams/upstream.ts';

/** Plays a provider for one cell. `path` is what follows the provider's base address. */
export type Part = (seen: SeenRequest, path: string, response: ServerResponse) => void | Promise<void>;

/** One gateway, one server that plays every provider, and a provider of its own for every cell. */
export interface Stage {
  readonly url: string;
  /** A key that only this cell has: what one conversation leaves behind is not for the others. */
  readonly keyOf: (cell: string) => string;
  /** Gives the part of the provider `providerId`. */
  cast(providerId: string, part: Part): void;
  /** The records of calls that asked for `model`, once there are `count`. */
  records(model: string, count: number): Promise<readonly CallRecord[]>;
  close(): Promise<void>;
}

/** Ids of the providers of a cell, one for each upstream side. */
export const providerIdOf = (side: UpstreamSide, cell: string): string => `${side.id}--${cell}`;

/** Opens a stage with these providers; `totalMs` bounds a call with all its attempts, default 30 000. */
export async function openStage(records: readonly ProviderRecord[], totalMs = 30_000): Promise<Stage> {
  const parts = new Map<string, Part>();
  const upstream = await startUpstream((seen, response) => play(parts, seen, response));
  const book = new RecordBook();
  const gateway = await startGateway(
    records.map(({ id }) => provider(id, `${upstream.url}/${encodeURIComponent(id)}`, 'account-key')),
    { timeouts: { connectMs: 5000, headersMs: 10_000, firstTokenMs: 10_000, idleMs: 10_000, totalMs } },
    { records, sink: book, keys: { verify: (key) => ({ keyId: key, label: key }) } },
  );
  return {
    url: gateway.url,
    keyOf: (cell) => `key-of-${cell}`,
    cast: (providerId, part) => void parts.set(providerId, part),
    records: (model, count) => book.of(model, count),
    close: () => closeBoth(gateway, upstream),
  };
}

async function closeBoth(gateway: TestGateway, upstream: ScriptedUpstream): Promise<void> {
  await gateway.close();
  await upstream.close();
}

/** The provider of a cell: it speaks the side's dialect and no other. */
export const recordOf = ({ speaks, id }: UpstreamSide, cell: string): ProviderRecord =>
  defineProvider({
    id: `${id}--${cell}`,
    name: id,
    source: 'https://example.com/',
    baseUrl: 'http://127.0.0.1',
    auth: [{ kind: 'bearer', env: 'CONFORMANCE_API_KEY' }],
    speaks: [speaks],
    envPrefix: 'CONFORMANCE',
  });

async function play(parts: ReadonlyMap<string, Part>, seen: SeenRequest, response: ServerResponse): Promise<void> {
  const [, id = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(seen.path) ?? [];
  const part = parts.get(decodeURIComponent(id));
  if (part === undefined) return void response.writeHead(500).end('no part');
  await part(seen, path, response);
}

/** Keeps the records of calls by the model that they asked for. */
class RecordBook {
  readonly #kept = new Map<string, CallRecord[]>();
  readonly #waiting = new Set<() => void>();

  record(call: CallRecord): void {
    const kept = this.#kept.get(call.requestedModel) ?? [];
    this.#kept.set(call.requestedModel, [...kept, call]);
    for (const wake of this.#waiting) wake();
  }

  async of(model: string, count: number): Promise<readonly CallRecord[]> {
    for (;;) {
      const kept = this.#kept.get(model) ?? [];
      if (kept.length >= count) return kept;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}

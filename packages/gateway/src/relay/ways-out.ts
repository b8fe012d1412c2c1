import type { Failure } from '@patchbay/llm/model/failure';

import { isProxyFault } from '../egress/proxy-greeting.ts';
import type { ProxyPool } from '../egress/proxy-pool.ts';
import type { ProxiedUpstreams } from './upstreams-through.ts';
import type { Upstream, UpstreamHandler, UpstreamHeaders } from './upstream.ts';

/** The ways out of accounts with proxies, by number of proxy. */
export interface WaysOut {
  /** False while the proxy is off, down or gone: its accounts then cannot be used. */
  isOpen(proxyId: number): boolean;
  /** The way through a proxy to a provider. What becomes of an exchange is told to the pool of proxies. */
  upstreamOf(proxyId: number, providerId: string): Upstream;
  /** Tells what a call through the proxy used, in tokens. */
  countTokens(proxyId: number, providerId: string, tokens: number): void;
}

export interface WaysOutParts {
  readonly pool: Pick<ProxyPool, 'addressOf' | 'report' | 'countTokens'>;
  readonly upstreams: Pick<ProxiedUpstreams, 'through'>;
  readonly nowMs: () => number;
}

/** A pool of proxies as ways out. */
export function waysOut({ pool, upstreams, nowMs }: WaysOutParts): WaysOut {
  return {
    isOpen: (proxyId) => pool.addressOf(proxyId) !== undefined,
    countTokens: (proxyId, providerId, tokens) => pool.countTokens(proxyId, providerId, tokens),
    upstreamOf: (proxyId, providerId) => ({
      dispatch(request, handler, body) {
        const address = pool.addressOf(proxyId);
        if (address === undefined) {
          // Nobody may be called back before the call has returned.
          queueMicrotask(() => handler.onFailure(GONE));
          return NOTHING;
        }
        const startedMs = nowMs();
        const report: Report = (outcome) => pool.report(proxyId, { providerId, ...(outcome && { outcome }) });
        const told = new ToldListener(handler, report, () => Math.round(nowMs() - startedMs));
        return upstreams.through(address).dispatch(request, told, body);
      },
    }),
  };
}

type Report = (outcome?: NonNullable<Parameters<ProxyPool['report']>[1]['outcome']>) => void;

const GONE: Failure = {
  kind: 'network',
  code: 'PROXY_GONE',
  message: 'The proxy of this account was taken out of service.',
};
const NOTHING = { pause: () => undefined, resume: () => undefined, abort: () => undefined };

/** Passes everything on, and tells once whether the proxy carried it. */
class ToldListener implements UpstreamHandler {
  readonly #handler: UpstreamHandler;
  readonly #report: Report;
  readonly #latencyMs: () => number;
  #isTold = false;

  constructor(handler: UpstreamHandler, report: Report, latencyMs: () => number) {
    this.#handler = handler;
    this.#report = report;
    this.#latencyMs = latencyMs;
  }

  onConnected(): void {
    this.#handler.onConnected();
  }

  onHeaders(status: number, headers: UpstreamHeaders): void {
    this.#tell({ kind: 'answered', status, latencyMs: this.#latencyMs() });
    this.#handler.onHeaders(status, headers);
  }

  onData(chunk: Buffer): void {
    this.#handler.onData(chunk);
  }

  onEnd(): void {
    this.#handler.onEnd();
  }

  onFailure(failure: Failure): void {
    this.#tell(isProxyFault(failure.code) ? { kind: 'fault' } : undefined);
    this.#handler.onFailure(failure);
  }

  #tell(outcome: Parameters<Report>[0]): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#report(outcome);
  }
}

import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { Deadline, DeadlineWheel } from './deadline-wheel.ts';
import type { Upstream, UpstreamControl, UpstreamHeaders } from './upstream.ts';

/** A small whole answer of an upstream. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: UpstreamHeaders;
  readonly body: Buffer;
}

/** Longest answer taken, in bytes: model lists of the largest providers stay under 2 MiB. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** Sends one request and takes its whole answer, within `timeoutMs`. For side questions, not for calls. */
export function fetchWhole(
  upstream: Upstream,
  request: UpstreamRequest,
  wheel: DeadlineWheel,
  timeoutMs: number,
): Promise<Result<WholeResponse>> {
  return new Promise((resolve) => {
    const exchange: { control?: UpstreamControl } = {};
    let status = 0;
    let headers: UpstreamHeaders = {};
    let size = 0;
    const chunks: Buffer[] = [];
    const settle = (result: Result<WholeResponse>): void => {
      wheel.remove(deadline);
      resolve(result);
    };
    const giveUp = (failure: Failure): void => {
      exchange.control?.abort();
      settle(failed(failure));
    };
    const onDue = (): void => giveUp({ kind: 'timeout', phase: 'total', message: 'The provider took too long.' });
    const deadline: Deadline = { atMs: wheel.nowMs() + timeoutMs, onDue };
    wheel.add(deadline);
    exchange.control = upstream.dispatch(request, {
      onConnected: () => undefined,
      onHeaders: (code, lines) => {
        status = code;
        headers = lines;
      },
      onData: (chunk) => {
        size += chunk.length;
        if (size > BODY_BYTES_MAX) giveUp({ kind: 'protocol', message: 'The provider’s answer is larger than 8 MiB.' });
        else chunks.push(chunk);
      },
      onEnd: () => settle(ok({ status, headers, body: Buffer.concat(chunks) })),
      onFailure: (failure) => settle(failed(failure)),
    });
  });
}

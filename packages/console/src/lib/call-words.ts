import type { RequestLog } from '@patchbay/contract/resources/request-log';

/** How an attempt came out, as a colour says it. */
export function callTone({ state, status_code: status }: RequestLog): 'good' | 'warn' | 'bad' | 'neutral' {
  if (state === 'cancelled') return 'neutral';
  if (state === 'success') return 'good';
  // The caller's own mistake, or an account that has to rest: the gateway is well.
  return status !== null && status >= 400 && status < 500 ? 'warn' : 'bad';
}

/** True for a call that was refused before any provider was asked. */
export const isRefused = ({ provider_id: provider }: RequestLog): boolean => provider === '';

/** How an attempt came out, in a word. */
export const callState = (call: RequestLog): string =>
  isRefused(call) ? 'refused' : call.state === 'success' ? 'ok' : call.state;

import type { Failure } from '@patchbay/llm/model/failure';

import type { Amounts, Limit, Standing } from '../../coordination/limiter.ts';
import type { Bound, Subject } from './bounds.ts';

const SUBJECTS: Readonly<Record<Subject, string>> = {
  key: 'this key',
  user: 'this user',
  model: 'this model',
  account: 'the account that would serve this call',
};
const DAY_MS = 86_400_000;
const WHOLE = new Intl.NumberFormat('en-US');

/** How long a caller waits for another call of its own to end, in milliseconds. */
const ONE_ENDS_MS = 1000;

/** Which limit it is, for the log and metrics: `key requests per minute`. */
export const limitName = (limit: Limit, { subject }: Pick<Bound, 'subject'>): string =>
  `${subject} ${limit.measure === 'nano-usd' ? 'budget' : limit.measure === 'in-flight' ? 'calls at once' : `${limit.measure} ${spanOf(limit)}`}`;

/** Says which limit refused a call, how far it is used and when the next may pass. */
export function refusalOf(
  { limit, used, frees }: Standing,
  bound: Pick<Bound, 'subject'>,
  { estimate, nowMs }: { readonly estimate: Amounts; readonly nowMs: number },
): Failure {
  const whose = SUBJECTS[bound.subject];
  if (limit.measure === 'nano-usd') return spent(limit, used, whose, estimate.nanoUsd);
  if (limit.measure === 'in-flight')
    return limited(
      `The limit of ${whose} is ${WHOLE.format(limit.max)} calls at once. Try again when one has ended.`,
      ONE_ENDS_MS,
    );
  const rule = `The limit of ${whose} is ${WHOLE.format(limit.max)} ${limit.measure} ${spanOf(limit)}`;
  if (frees?.kind !== 'at')
    return {
      kind: 'context-overflow',
      message: `${rule}; this call alone has about ${WHOLE.format(estimate.tokens)}. Send less, or have the limit raised.`,
    };
  const waitMs = Math.max(0, frees.atMs - nowMs);
  return limited(`${rule}; ${WHOLE.format(used)} are used. Try again in ${Math.ceil(waitMs / 1000)} s.`, waitMs);
}

/** Refuses a call that nobody knows the price of. */
export const unpriced = (model: string, { subject }: Pick<Bound, 'subject'>): Failure => ({
  kind: 'permission',
  message: `${model === '' ? 'Nobody knows what this request costs' : `Nobody knows what \`${model}\` costs`}, and the budget of ${SUBJECTS[subject]} allows only calls with a known price. Set the model's pricingInfo, or \`unknown_price\` of the limits to \`allow\`.`,
});

const limited = (message: string, retryAfterMs: number): Failure => ({ kind: 'rate-limit', message, retryAfterMs });

const spanOf = (limit: Limit): string =>
  'window' in limit && limit.window.kind === 'rolling' && limit.window.ms === DAY_MS ? 'a day' : 'a minute';

/** No waiting of seconds cures it, and clients go by the kind: they do not try again. */
function spent(limit: Limit & { window: unknown }, used: number, whose: string, estimate: number): Failure {
  const { window } = limit as Extract<Limit, { window: object }>;
  const ends = window.kind === 'period' && window.endsAtMs > 0 ? new Date(window.endsAtMs).toISOString() : undefined;
  const message = `The budget of ${whose} is ${usd(limit.max)}; ${usd(used)} are spent or reserved, and this call may cost ${usd(estimate)}.`;
  const until = ends === undefined ? 'It is not renewed: have it raised.' : `It begins anew at ${ends}.`;
  return { kind: 'quota-exhausted', code: 'insufficient_quota', message: `${message} ${until}` };
}

/** Dollars with cents, and with as many decimals more as there are, at most six. */
export const usd = (nanoUsd: number): string =>
  `$${(nanoUsd / 1e9).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
